package cell

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/course"
)

// Claims says in what a question's options contradict what the lesson documents of its cell.
//
// An option that is one code span claims that the cell can print just that; where a right one is a line
// of what is printed, the question is about lines, and so are the others. One of several code spans, or of one behind "Only", claims that these are all
// outcomes. One that says "deadlocks", "panics", "does not compile" or "the race is reported" claims that
// the cell ends so, or can; "the race is not reported", "fatal error", "exit status 66" and "6 orders" or
// "6 outcomes" are claims of that kind too. What a right option claims must hold, what a wrong one does must
// not. Options in prose claim nothing that can be checked. That the cell keeps to what is documented is
// Check's matter.
func Claims(q *course.Predict) (faults course.Faults) {
	if q.Cell == nil {
		return nil
	}
	lines := aboutLines(q)
	for _, o := range q.Options {
		holds, why := claim(q.Cell, o, lines)
		if why != "" && o.Right != holds {
			faults = append(faults, course.Fault{File: q.File, Line: o.Line, Text: "option " + o.Text + " " + why})
		}
	}
	return faults
}

// aboutLines reports whether a right option is a line of the cell's output and not the whole of it.
func aboutLines(q *course.Predict) bool {
	return slices.ContainsFunc(q.Options, func(o course.Option) bool {
		text, ok := o.Claim()
		return ok && o.Right && q.Cell.Output != nil && !allows(q.Cell, text, false) && allows(q.Cell, text, true)
	})
}

// Checked reports whether a machine can tell that the right answers are right: each of them claims
// something.
func Checked(q *course.Predict) bool {
	n := 0
	for _, o := range q.Options {
		if !o.Right {
			continue
		}
		if q.Cell == nil {
			return false
		}
		if _, why := claim(q.Cell, o, false); why == "" {
			return false
		}
		n++
	}
	return n > 0
}

// Claimed is how many options of a question claim something that a machine can tell, right or wrong.
func Claimed(q *course.Predict) (n int) {
	for _, o := range q.Options {
		if q.Cell == nil {
			break
		}
		if _, why := claim(q.Cell, o, aboutLines(q)); why != "" {
			n++
		}
	}
	return n
}

// claim says whether what an option claims of a cell holds, and words the opposite of what the author
// marked; why is "" where the option claims nothing.
func claim(c *course.Cell, o course.Option, lines bool) (holds bool, why string) {
	marked := func(holds bool, not, yes string) (bool, string) {
		if o.Right {
			return holds, "is marked as right, but " + not
		}
		return holds, "is marked as wrong, but " + yes
	}
	set, isSet := o.Set()
	text, isText := o.Claim()
	if c.Output == nil && (isSet || isText) {
		return !o.Right, fmt.Sprintf("claims an output, but the lesson documents none of cell %s", c.ID)
	}
	switch ending := o.Ending(); {
	case isText:
		return marked(allows(c, text, lines), fmt.Sprintf("it is no output that the lesson documents of cell %s, at line %d", c.ID, c.Output.Line),
			fmt.Sprintf("the output that the lesson documents of cell %s allows it, at line %d", c.ID, c.Output.Line))
	case isSet && c.Output.Match != "regexp" && c.Output.Match != "contains":
		return marked(sameSet(wanted(c), set), fmt.Sprintf("these are not the outcomes that the lesson documents of cell %s, at line %d", c.ID, c.Output.Line),
			fmt.Sprintf("these are the outcomes that the lesson documents of cell %s, at line %d", c.ID, c.Output.Line))
	case ending != "" && tells(c, ending):
		return marked(endsIn(c, ending), fmt.Sprintf("the lesson does not expect a %s of cell %s, at line %d", ending, c.ID, c.Line),
			fmt.Sprintf("the lesson expects a %s of cell %s, at line %d", ending, c.ID, c.Line))
	}
	for _, f := range facts {
		m := f.words.FindStringSubmatch(o.Text)
		if m == nil {
			continue
		}
		if real, ok := f.real(c); ok {
			has := fmt.Sprintf("the lesson has "+f.format+" of cell %s, at line %d", real, c.ID, c.Line)
			return marked(m[len(m)-1] == real || len(m) == 1 && real == "a", has, has)
		}
	}
	return false, ""
}

// A fact is a claim of an option's words about how the cell runs. What is real is a number, which the
// words have in parentheses, or "a" or "no".
type fact struct {
	words  *regexp.Regexp
	format string
	real   func(c *course.Cell) (is string, ok bool)
}

var facts = []fact{
	{regexp.MustCompile(`(?i)\brace is not reported\b`), "%s run without a report", func(c *course.Cell) (string, bool) {
		return article(!endsIn(c, ClassRace)), tells(c, ClassRace)
	}},
	{regexp.MustCompile(`(?i)\bfatal error\b`), "%s fatal error", func(c *course.Cell) (string, bool) {
		return article(c.Output != nil && fatalLine.MatchString(c.Output.Text)), true
	}},
	{regexp.MustCompile(`(?i)\bexit status (?:is |of )?(\d+)`), "exit status %s", exitStatusOf},
	{regexp.MustCompile(`(?i)^(\d+) (?:outcomes|orders)\b`), "%s outcomes", func(c *course.Cell) (string, bool) {
		if c.Output == nil || c.Engine != course.EngineExplore {
			return "", false // only exploring finds all of them
		}
		return strconv.Itoa(len(wanted(c))), true
	}},
}

func article(holds bool) string {
	if holds {
		return "a"
	}
	return "no"
}

// exitStatusOf is the status of a cell that ends as the lesson expects, which classify goes by.
func exitStatusOf(c *course.Cell) (status string, ok bool) {
	if c.Engine != course.EngineRun && c.Engine != course.EngineRace {
		return "", false
	}
	switch c.Expect {
	case "", ClassOK:
		return "0", true
	case ClassRace:
		return "66", true
	case ClassPanic, ClassDeadlock:
		return "2", true
	}
	return strings.CutPrefix(c.Expect, "exit:")
}

func sameSet(a, b []string) bool {
	clean := func(list []string) []string {
		var out []string
		for _, s := range list {
			out = append(out, normalise(s))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	return slices.Equal(clean(a), clean(b))
}

// allows says whether the documented output of a cell allows that it prints the text, or with lines that
// a line of it is the text. Of an output that is only part of what is printed, match=contains, the text may be a part as
// well.
func allows(c *course.Cell, text string, lines bool) bool {
	wants, text := wanted(c), normalise(text)
	if agree(c.Output.Match, wants, text) {
		return true
	}
	return slices.ContainsFunc(wants, func(want string) bool {
		switch c.Output.Match {
		case "contains":
			return containsLines(want, text)
		case "regexp":
			return false
		}
		return lines && text != "" && slices.Contains(strings.Split(want, "\n"), text)
	})
}

// tells reports whether running the cell tells whether it ends so: only the race detector sees races, and
// only building a program that does not compile.
func tells(c *course.Cell, ending string) bool {
	if ending == ClassRace {
		return c.Engine == course.EngineRace
	}
	return true
}

// endsIn reports whether the lesson expects a cell to end so, or lists such an end among its outcomes.
func endsIn(c *course.Cell, ending string) bool {
	if c.Expect == ending {
		return true
	}
	if c.Engine != course.EngineExplore || c.Output == nil {
		return false
	}
	return slices.ContainsFunc(wanted(c), func(want string) bool {
		last := want[strings.LastIndexByte(want, '\n')+1:]
		return last == strings.ToUpper(ending) || strings.HasPrefix(last, strings.ToUpper(ending)+": ")
	})
}

// Varies says whether a lesson documents that a cell's output differs from run to run.
func Varies(c *course.Cell) bool {
	if c.Engine != course.EngineRun && c.Engine != course.EngineRace || c.Expect != "" && c.Expect != ClassOK {
		return false
	}
	return c.Output != nil && (c.Output.Match == "any" || c.Output.Match == "regexp" || c.Output.Match == "unordered")
}
