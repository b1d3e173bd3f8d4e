package course

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// What a published lesson has.
const (
	minProse     = 1200 // words
	maxProse     = 2500
	minQuestions = 3
	maxQuestions = 6
	minHints     = 3
	maxHints     = 5
	summaryItems = 5
	maxColumns   = 200 // of a line of text
)

// Lint reports what keeps the lessons from being published: rules on their form beyond those that Load
// needs to understand them.
//
// A lesson opens with a question about its first program, then says "After this lesson you can", with a
// list. It has 1,200 to 2,500 words of prose, 3 to 6 questions, a cell that runs, one that goes into
// schedules or races, one section "Experiment", one "Summary" with a list of five items, and one
// "Further reading" with links. Its exercises have 3 to 5 hints and their allowed imports. No level of
// headings is skipped, no line of text has more than 200 columns, no link leads to golang.org. No
// term is defined twice.
//
// Prose is every word of headings, paragraphs, lists and tables that stands outside of the exercises'
// sections; code, outputs and questions do not count.
func (c *Course) Lint() Faults {
	_, faults := c.terms()
	for _, l := range c.Lessons {
		x := linter{lesson: l}
		x.opening()
		x.length()
		x.cells()
		x.sections()
		x.exercises()
		x.links()
		x.lines()
		faults = append(faults, x.faults...)
	}
	faults.sort()
	return faults
}

// linter collects the faults of a lesson's form.
type linter struct {
	lesson *Lesson
	faults Faults
}

func (x *linter) fault(line int, format string, args ...any) {
	x.faults = append(x.faults, Fault{x.lesson.File, line, fmt.Sprintf(format, args...)})
}

// top is the line of the title.
func (x *linter) top() int {
	if len(x.lesson.Sections) == 0 {
		return 1
	}
	return x.lesson.Sections[0].Line
}

// goals begins the paragraph in front of the list of what a lesson teaches.
const goals = "After this lesson you can"

func (x *linter) opening() {
	asks, runs, teaches := false, false, false
	for _, n := range x.lesson.Opening() {
		switch n := n.(type) {
		case *Predict:
			asks = true
		case *Cell:
			runs = true
		case *ast.Paragraph:
			text := plainText(n, x.lesson.Source)
			asks = asks || strings.Contains(text, "?")
			_, list := n.NextSibling().(*ast.List)
			teaches = teaches || strings.HasPrefix(text, goals) && list
		}
	}
	if !asks || !runs {
		x.fault(x.top(), "no opening question: want a program and what it prints, as a question, before the first section")
	}
	if !teaches {
		x.fault(x.top(), "no goals: want \"**%s**\" and a list before the first section", goals)
	}
}

func (x *linter) length() {
	words := 0
	for _, block := range x.lesson.body() {
		words += countWords(block, x.lesson.Source)
	}
	if words < minProse || words > maxProse {
		x.fault(x.top(), "%d words of prose: want %d to %d (code, outputs, questions and exercises do not count)", words, minProse, maxProse)
	}
}

// countWords counts the words of a block and those below it; raw blocks have none.
func countWords(block ast.Node, source []byte) (words int) {
	walk(block, func(n ast.Node) {
		if n.Type() == ast.TypeBlock && !n.IsRaw() && n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeInline {
			words += len(strings.Fields(plainText(n, source)))
		}
	})
	return words
}

func (x *linter) cells() {
	l := x.lesson
	if n := len(l.Questions); n < minQuestions || n > maxQuestions {
		x.fault(x.top(), "%d questions: want %d to %d blocks \"```predict\"", n, minQuestions, maxQuestions)
	}
	has := func(engines ...Engine) bool {
		return slices.ContainsFunc(l.Cells, func(c *Cell) bool { return slices.Contains(engines, c.Engine) })
	}
	if !has(EngineRun) {
		x.fault(x.top(), "no cell engine=run: a learner wants to run something")
	}
	if !has(EngineRace, EngineExplore) {
		x.fault(x.top(), "no cell engine=race or engine=explore: one shows what the schedule decides, or that the race detector agrees")
	}
}

// sections wants the sections that every lesson has, and headings without gaps.
func (x *linter) sections() {
	level := 0
	for _, s := range x.lesson.Sections {
		if s.Level > level+1 && level > 0 {
			x.fault(s.Line, "heading %q of level %d below one of level %d", s.Title, s.Level, level)
		}
		level = s.Level
	}
	x.section("Experiment")
	if s := x.section("Summary"); s != nil {
		list := listBehind(s.Node)
		if n := items(list); n != summaryItems {
			x.fault(s.Line, "summary of %d items: want a list of %d", n, summaryItems)
		}
	}
	if s := x.section("Further reading"); s != nil {
		linked := false
		if list := listBehind(s.Node); list != nil {
			walk(list, func(n ast.Node) { linked = linked || n.Kind() == ast.KindLink })
		}
		if !linked {
			x.fault(s.Line, "no further reading: want a list with links")
		}
	}
}

// section returns the lesson's one section with the given title, or nil.
func (x *linter) section(title string) (found *Section) {
	for i, s := range x.lesson.Sections {
		switch {
		case s.Title != title:
		case found != nil:
			x.fault(s.Line, "second section %q: the first is at line %d", title, found.Line)
		default:
			found = &x.lesson.Sections[i]
		}
	}
	if found == nil {
		x.fault(x.top(), "no section %q", title)
	}
	return found
}

// listBehind returns the first list in the section that a heading begins, or nil.
func listBehind(h ast.Node) *ast.List {
	for n := h.NextSibling(); n != nil && n.Kind() != ast.KindHeading; n = n.NextSibling() {
		if list, ok := n.(*ast.List); ok {
			return list
		}
	}
	return nil
}

func items(list *ast.List) int {
	if list == nil {
		return 0
	}
	return list.ChildCount()
}

func (x *linter) exercises() {
	for _, e := range x.lesson.Exercises {
		if n := len(e.Hints); n < minHints || n > maxHints {
			x.fault(e.Line, "exercise %s has %d hints: want %d to %d", e.Name, n, minHints, maxHints)
		}
		if e.Imports.Line == 0 {
			x.fault(e.Line, "exercise %s does not say what it may import: want a paragraph \"Allowed imports: sync, time.\", with \"none\" or \"any\" where that is meant", e.Name)
		}
	}
}

func (x *linter) links() {
	for _, r := range x.lesson.references() {
		u, err := url.Parse(r.dest)
		if err != nil {
			continue // reported as malformed
		}
		switch host := u.Hostname(); {
		case host == "golang.org" || strings.HasSuffix(host, ".golang.org"):
			x.fault(r.line, "link %s: golang.org has moved to go.dev", r.dest)
		case u.Scheme == "http":
			x.fault(r.line, "link %s: want https", r.dest)
		}
	}
}

// lines wants lines of text that a diff can show; code, and what goes with it, is as long as it is.
func (x *linter) lines() {
	raw := map[int]bool{}
	walk(x.lesson.Doc, func(n ast.Node) {
		_, question := n.(*Predict)
		if n.Type() != ast.TypeBlock || !n.IsRaw() || question {
			return
		}
		for _, s := range n.Lines().Sliced(0, n.Lines().Len()) {
			raw[x.lesson.LineAt(s.Start)] = true
		}
	})
	line := 0
	for text := range strings.Lines(string(x.lesson.Source)) {
		line++
		columns := utf8.RuneCountInString(strings.TrimRight(text, "\n"))
		if columns > maxColumns && !raw[line] && !x.output(line) && !strings.HasPrefix(text, "|") {
			x.fault(line, "line of %d columns: want at most %d", columns, maxColumns)
		}
	}
}

// output says whether a line belongs to a documented output.
func (x *linter) output(line int) bool {
	return slices.ContainsFunc(x.lesson.Cells, func(c *Cell) bool {
		return c.Output != nil && line >= c.Output.Line && line < c.Output.Line+strings.Count(c.Output.Text, "\n")
	})
}
