package cell

import (
	"fmt"
	"slices"

	"workbook/cmd/workbook/internal/course"
)

// Claims says in what a question's options contradict the output that the lesson documents for its cell.
//
// An option that is one code span claims that the cell can print just that: of a right one this must be so,
// of a wrong one it must not. Options in prose claim nothing that can be checked. That the cell keeps to
// the documented output is Check's matter.
func Claims(q *course.Predict) (faults course.Faults) {
	for _, o := range q.Options {
		claim, ok := o.Claim()
		if !ok || q.Cell == nil {
			continue
		}
		fault := func(format string, args ...any) {
			faults = append(faults, course.Fault{File: q.File, Line: o.Line, Text: fmt.Sprintf(format, args...)})
		}
		if q.Cell.Output == nil {
			fault("option %s claims an output, but the lesson documents none of cell %s", o.Text, q.Cell.ID)
			continue
		}
		switch can := allows(q.Cell, claim); {
		case o.Right && !can:
			fault("option %s is marked as right, but it is no output that the lesson documents of cell %s, at line %d", o.Text, q.Cell.ID, q.Cell.Output.Line)
		case !o.Right && can:
			fault("option %s is marked as wrong, but the output that the lesson documents of cell %s allows it, at line %d", o.Text, q.Cell.ID, q.Cell.Output.Line)
		}
	}
	return faults
}

// allows says whether the documented output of a cell allows that it prints the text. Of an output that
// is only part of what is printed, match=contains, the text may be a part as well.
func allows(c *course.Cell, text string) bool {
	wants, text := wanted(c), normalise(text)
	if agree(c.Output.Match, wants, text) {
		return true
	}
	return c.Output.Match == "contains" && slices.ContainsFunc(wants, func(want string) bool { return containsLines(want, text) })
}

// Varies says whether a lesson documents that a cell's output differs from run to run.
func Varies(c *course.Cell) bool {
	if c.Engine != course.EngineRun && c.Engine != course.EngineRace || c.Expect != "" && c.Expect != ClassOK {
		return false
	}
	return c.Output != nil && (c.Output.Match == "any" || c.Output.Match == "regexp" || c.Output.Match == "unordered")
}
