package cell

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/course"
)

// Mismatch is a result that is not what the lesson says.
type Mismatch struct {
	File string
	Line int // of the documented output, or of the cell
	Text string
}

func (m *Mismatch) Error() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Text) }

func (m *Mismatch) fault() course.Fault {
	return course.Fault{File: m.File, Line: m.Line, Text: m.Text}
}

// Compare says whether a result is what the lesson documents; its error is a *Mismatch. Addresses,
// goroutine ids, exit status lines and space at line ends do not count.
//
// Of several runs each must agree. Of an explored cell all outcomes must be listed, and each listed
// one must have been found.
func Compare(c *course.Cell, r Result) error {
	if m := compareClass(c, r); m != nil {
		return m
	}
	if c.Output == nil {
		return nil
	}
	wants := wanted(c)
	if c.Engine == course.EngineExplore && r.Class != ClassCompile {
		return compareOutcomes(c, r, wants)
	}
	for _, got := range observed(c, r) {
		raw := r.Raw != "" && agree(c.Output.Match, wants, normalise(r.Output+r.Raw))
		if !raw && !agree(c.Output.Match, wants, got) {
			return mismatch(c, wants, got)
		}
	}
	return nil
}

// compareClass compares how the cell ended with what it expects. Where nothing is said, a tool may
// find fault and an explored cell may end in any way, if the lesson shows it.
func compareClass(c *course.Cell, r Result) error {
	expect := c.Expect
	if expect == "" {
		expect = ClassOK
	}
	if r.Class == expect {
		return nil
	}
	lenient := c.Output != nil && (c.Expect == "" || c.Expect == ClassOK)
	switch c.Engine {
	case course.EngineVet:
		if lenient && r.Class == ClassVet || r.Class == ClassVet && c.Expect == "exit:1" {
			return nil
		}
	case course.EngineBuild:
		if lenient && r.Class == ClassCompile {
			return nil
		}
	case course.EngineExplore:
		if lenient && r.Class != ClassCompile && len(r.Outcomes) > 0 {
			return nil
		}
	}
	if expect == ClassPanic && r.Class == ClassFatal && c.Engine != course.EngineExplore {
		return nil // "fatal error: concurrent map writes" is a panic to a reader
	}
	text := fmt.Sprintf("the cell ends with %s, want %s", r.Class, expect)
	if r.Note != "" {
		text += ": " + r.Note
	}
	if got := strings.TrimSpace(r.Text()); got != "" {
		text += "\n" + indent("  ", got)
	}
	return &Mismatch{File: c.File, Line: c.Line, Text: text}
}

// wanted returns the documented texts: several for match=any.
func wanted(c *course.Cell) []string {
	if c.Output.Match != "any" {
		return []string{normalise(c.Output.Text)}
	}
	var blocks []string
	var cur strings.Builder
	for line := range strings.Lines(c.Output.Text) {
		if strings.TrimSpace(line) == "---" {
			blocks = append(blocks, normalise(cur.String()))
			cur.Reset()
			continue
		}
		cur.WriteString(line)
	}
	return append(blocks, normalise(cur.String()))
}

// observed returns the texts that must agree: where a class was waited for, only the text with it.
func observed(c *course.Cell, r Result) []string {
	if len(r.Outcomes) == 0 || c.Expect != "" && c.Expect != ClassOK {
		return []string{normalise(r.Text())}
	}
	return r.Texts()
}

func agree(match string, wants []string, got string) bool {
	want := wants[0]
	switch match {
	case "any":
		return slices.Contains(wants, got)
	case "unordered":
		return sortedLines(want) == sortedLines(got)
	case "regexp":
		re, err := regexp.Compile(`\A(?:` + want + `)\z`)
		return err == nil && re.MatchString(got)
	case "contains":
		return containsLines(got, want)
	}
	return want == got
}

// containsLines reports whether each line of want is part of a line of got, in the same order.
func containsLines(got, want string) bool {
	rest := strings.Split(got, "\n")
	for line := range strings.SplitSeq(want, "\n") {
		line = strings.TrimSpace(line)
		i := slices.IndexFunc(rest, func(g string) bool { return strings.Contains(g, line) })
		if line == "" {
			continue
		}
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
	}
	return true
}

func sortedLines(s string) string {
	lines := strings.Split(s, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// compareOutcomes compares what exploring found with what is listed: all, and no other.
func compareOutcomes(c *course.Cell, r Result, wants []string) error {
	var extra []string
	hit := make([]bool, len(wants))
	for _, o := range r.Outcomes {
		got, ok := normalise(o.Text), false
		for i := range wants {
			if agree(exactIfAny(c.Output.Match), wants[i:i+1], got) {
				hit[i], ok = true, true
			}
		}
		if !ok {
			extra = append(extra, got)
		}
	}
	var text strings.Builder
	for _, e := range extra {
		fmt.Fprintf(&text, "found, but not listed:\n%s\n", indent("  + ", e))
	}
	for i, ok := range hit {
		if !ok {
			fmt.Fprintf(&text, "listed, but not found:\n%s\n", indent("  - ", wants[i]))
		}
	}
	if text.Len() == 0 {
		return nil
	}
	return &Mismatch{File: c.File, Line: c.Output.Line,
		Text: "the outcomes of " + r.Explored + " are not those listed\n" + strings.TrimSpace(text.String())}
}

func exactIfAny(match string) string {
	if match == "any" {
		return "exact"
	}
	return match
}

func mismatch(c *course.Cell, wants []string, got string) error {
	text := "the output is not the documented one"
	switch c.Output.Match {
	case "any":
		text = fmt.Sprintf("the output is none of the %d documented ones:\n%s", len(wants), indent("  + ", got))
	case "regexp":
		text = "the output does not match the documented expression:\n" + indent("  + ", got)
	case "contains":
		text = "the output does not contain the documented lines in their order:\n" + diff(wants[0], got)
	default:
		text += " (- documented, + real):\n" + diff(wants[0], got)
	}
	return &Mismatch{File: c.File, Line: c.Output.Line, Text: text}
}

func indent(prefix, s string) string {
	return prefix + strings.ReplaceAll(s, "\n", "\n"+prefix)
}
