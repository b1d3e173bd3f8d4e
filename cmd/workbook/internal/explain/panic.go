package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// crash is a panic or fatal error as the runtime prints it.
type crash struct {
	fatal bool
	said  string  // the text after "panic: "
	stack []frame // of the goroutine that crashed
	start []frame // where that goroutine was started
}

// lateLog names the hidden test, and repeats what was logged.
var lateLog = regexp.MustCompile(`(?s)after \S+ has completed.*`)

var crashLine = regexp.MustCompile(`^(panic|fatal error): (.*)$`)

// parseCrash finds the first panic or fatal error in a program's output.
func parseCrash(text string) (crash, bool) {
	lines := splitLines(text)
	for i, l := range lines {
		m := crashLine.FindStringSubmatch(l)
		if m == nil {
			continue
		}
		c := crash{fatal: m[1] == "fatal error", said: crashText(m[2], lines[i+1:])}
		all := parseDump(strings.Join(lines[i:], "\n"))
		for _, g := range all {
			if strings.HasPrefix(g.state, "running") || len(all) == 1 {
				c.stack, c.start = g.stack, g.start
				break
			}
		}
		return c, true
	}
	return crash{}, false
}

// crashText is a panic's text, which may have several lines, without what the runtime adds to it.
func crashText(first string, more []string) string {
	for _, l := range more {
		if l == "" || strings.HasPrefix(l, "[signal ") || goroutineLine.MatchString(l) || strings.HasPrefix(l, "\tpanic: ") {
			break
		}
		first += "\n" + strings.TrimSpace(l)
	}
	for _, suffix := range []string{" [recovered, repanicked]", " [recovered]"} {
		first = strings.TrimSuffix(first, suffix)
	}
	return strings.TrimSpace(first)
}

// crashRule says what one text of the runtime means.
type crashRule struct {
	text   *regexp.Regexp
	say    func(x *crashSite) string // "" leaves the runtime's own text
	hint   string
	lesson string
	alone  string // the hint where there is no second goroutine, "" for the same
}

// crashSite is a crash with the learner's line it happened on.
type crashSite struct {
	*source
	crash
	match []string // of the rule's text
	frame frame
	known bool // frame is the learner's
	given bool // it happened in a function of the test that was called on that line
	fn    *function
	at    []verdict.Place
	hint  string // what fits better than the rule's, where say has found that
}

// panics turns a crash into a finding. alone says that the program had no second goroutine.
func (s *source) panics(c crash, class verdict.Class, alone bool) verdict.Finding {
	x := &crashSite{source: s, crash: c}
	var i int
	if x.frame, i = s.learner(c.stack); i >= 0 {
		x.known = true
		x.given = slices.ContainsFunc(c.stack[:i], func(f frame) bool { return s.origin(f) == fromTest })
		x.fn = s.functionAt(x.frame)
		x.at = append(x.at, s.place(x.frame, "panics"))
	}
	if f, j := s.learner(c.start); j >= 0 {
		x.at = addPlace(x.at, s.place(f, "started"))
	}
	rule := ruleFor(c.said)
	x.match = rule.text.FindStringSubmatch(c.said)
	x.hint = rule.hint
	if alone && rule.alone != "" {
		x.hint = rule.alone
	}
	message := ""
	if rule.say != nil {
		message = rule.say(x)
	}
	if message == "" {
		message = x.plain()
	} else {
		message = x.short() + ": " + message
	}
	return verdict.Finding{Class: class, Message: message, At: x.at, Hint: x.hint, Lesson: rule.lesson, Detail: x.detail()}
}

// short is the runtime's text without what says nothing.
func (x *crashSite) short() string {
	s := x.said
	for _, p := range []string{"runtime error: ", "invalid memory address or ", "test executed "} {
		s = strings.TrimPrefix(s, p)
	}
	s = lateLog.ReplaceAllString(s, "after the test has completed")
	return clip(s, 80)
}

// plain is the message where nothing particular is known of the panic.
func (x *crashSite) plain() string {
	word := "panic"
	if x.fatal {
		word = "fatal error"
	}
	return x.where("The program ended with a "+word) + ": " + clip(x.said, 200) + "."
}

// where adds the learner's line to a clause.
func (x *crashSite) where(s string) string {
	if !x.known {
		return s + " in the test, with what your code gave it"
	}
	if x.fn == nil {
		return s + " at " + x.place0()
	}
	return fmt.Sprintf("%s in %s at %s", s, x.fn.label(), x.place0())
}

func (x *crashSite) place0() string { return x.lineName(x.relative(x.frame.file), x.frame.line) }

// who is the subject of a sentence: the function that crashed, with the line.
func (x *crashSite) who() string {
	if !x.known {
		return "The test, with what your code gave it,"
	}
	label := x.place0()
	if x.fn != nil {
		return capital(x.fn.label()) + " (" + label + ")"
	}
	return capital(label)
}

// detail lists the learner's calls that led to the line, innermost first.
func (x *crashSite) detail() []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range x.stack {
		if x.origin(f) != fromLearner || len(out) == 4 {
			continue
		}
		l := x.lineName(x.relative(f.file), f.line)
		if fn := x.functionAt(f); fn != nil {
			l += " in " + fn.label()
		}
		if !seen[l] {
			seen[l] = true
			out = append(out, l)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return []string{"Called by way of " + strings.Join(out, ", from ") + "."}
}

// clip is s on one line and not longer than n bytes.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= n {
		return s
	}
	return strings.TrimSpace(strings.ToValidUTF8(s[:n], "")) + "…"
}

func ruleFor(text string) crashRule {
	for _, r := range crashRules {
		if r.text.MatchString(text) {
			return r
		}
	}
	return crashRule{text: regexp.MustCompile(`^`), say: sayGiven, hint: "The text is the value that panic was called with: your own code decided to stop here. Ask which call brought it to this line.", lesson: secPanics}
}
