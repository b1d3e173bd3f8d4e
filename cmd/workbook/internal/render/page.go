package render

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"

	"workbook/cmd/workbook/internal/course"
)

// Page is a lesson laid out for a pager.
type Page struct {
	Lines    []string // as they are written
	Source   []int    // per line: the line of the lesson it was made from; never falls
	Headings []Heading
	Cells    []CellPlace

	Questions []QuestionPlace
}

// Heading is a section of a page.
type Heading struct {
	Line    int // index in Page.Lines
	Section course.Section
}

// CellPlace says where a cell stands: its lines are [First, End), its documented output [Output, End).
type CellPlace struct {
	Cell   *course.Cell
	First  int
	Output int // == End where the lesson shows none
	End    int
}

// QuestionPlace says where a question stands: its lines are [First, End).
type QuestionPlace struct {
	Question *course.Predict
	First    int
	End      int
}

// note marks a line that the page's index needs.
type note struct {
	heading *ast.Heading
	cell    *course.Cell
	predict *course.Predict
	part    int // of the cell or the question
}

const (
	cellBegin = iota
	cellOutput
	cellEnd
	predictEnd
)

// Lesson writes a lesson.
func (s Style) Lesson(w io.Writer, l *course.Lesson) error {
	d := s.lessonDrawer(l)
	return d.write(w, d.blocks(children(l.Doc), d.Width))
}

// LessonFrom writes a lesson from the section on that the given line of it is in.
func (s Style) LessonFrom(w io.Writer, l *course.Lesson, line int) error {
	var heading *ast.Heading
	for _, x := range l.Sections {
		if x.Line <= line {
			heading = x.Node
		}
	}
	d := s.lessonDrawer(l)
	lines := d.blocks(children(l.Doc), d.Width)
	for i, x := range lines {
		if heading != nil && x.note != nil && x.note.heading == heading {
			return d.write(w, lines[i:])
		}
	}
	return d.write(w, lines)
}

// Blocks writes nodes of a lesson's tree, such as a task or a hint. source is the lesson's.
func (s Style) Blocks(w io.Writer, source []byte, nodes []ast.Node) error {
	d := s.newDrawer(source)
	d.dir = "lessons"
	return d.write(w, d.blocks(nodes, d.Width))
}

// Code writes Go source.
func (s Style) Code(w io.Writer, source []byte) error {
	d := s.newDrawer(nil)
	return d.write(w, d.code(string(source), true, d.Width))
}

// Page lays out a lesson for a pager, in which keys run cells and answer questions.
func (s Style) Page(l *course.Lesson, answers Answers) Page {
	d := s.lessonDrawer(l)
	d.pager, d.answers = true, answers
	lines := d.blocks(children(l.Doc), d.Width)
	page := Page{Lines: d.strings(lines)}
	sections := map[*ast.Heading]course.Section{}
	for _, x := range l.Sections {
		sections[x.Node] = x
	}
	at := 1
	for i, l := range lines {
		at = max(at, l.src)
		page.Source = append(page.Source, at)
		page.index(i, l.note, sections)
	}
	return page
}

func (s Style) lessonDrawer(l *course.Lesson) *drawer {
	d := s.newDrawer(l.Source)
	d.dir, d.slug = path.Dir(l.File), l.Slug
	d.skip = hintsOf(l)
	d.below = belowHeadings(l)
	return d
}

// belowHeadings says, for the headings of exercises and of sections that exercises practise, which
// exercise is meant. The text of an exercise names its sections itself.
func belowHeadings(l *course.Lesson) map[ast.Node]string {
	below := map[ast.Node]string{}
	for _, s := range l.Sections {
		var names []string
		for _, e := range l.PractisedBy(s.Slug) {
			names = append(names, "exercise "+e.Name)
		}
		if len(names) > 0 {
			below[s.Node] = "Practised in " + listed(names) + "."
		}
		for _, e := range l.Exercises {
			if e.Line == s.Line && e.Name != "" {
				below[s.Node] = "Exercise " + e.Name + ": workbook watch " + e.Name
			}
		}
	}
	return below
}

// listed joins names as a sentence does.
func listed(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// index enters what stands at line i.
func (p *Page) index(i int, n *note, sections map[*ast.Heading]course.Section) {
	switch {
	case n == nil:
	case n.heading != nil:
		p.Headings = append(p.Headings, Heading{Line: i, Section: sections[n.heading]})
	case n.part == predictEnd:
		p.Questions[len(p.Questions)-1].End = i + 1
	case n.predict != nil:
		p.Questions = append(p.Questions, QuestionPlace{Question: n.predict, First: i})
	case n.part == cellBegin:
		p.Cells = append(p.Cells, CellPlace{Cell: n.cell, First: i, Output: -1})
	case n.part == cellOutput:
		p.Cells[len(p.Cells)-1].Output = i
	case n.part == cellEnd:
		last := &p.Cells[len(p.Cells)-1]
		last.End = i + 1
		if last.Output < 0 {
			last.Output = last.End
		}
	}
}

// skipped says which blocks of a lesson are not shown, because a learner asks for them one at a time:
// the hints of its exercises. The first block of each exercise's hints has the text that stands there instead.
type skipped map[ast.Node]string

// at returns the text in place of a block, "" for nothing, and whether the block is skipped at all.
func (s skipped) at(n ast.Node) (string, bool) {
	text, ok := s[n]
	return text, ok
}

// hintsOf returns the blocks that are hints: each hint's heading, and what is under it.
func hintsOf(l *course.Lesson) skipped {
	headings := map[int]ast.Node{}
	for _, x := range l.Sections {
		headings[x.Line] = x.Node
	}
	skip := skipped{}
	for _, e := range l.Exercises {
		for i, h := range e.Hints {
			for _, b := range h.Blocks {
				skip[b] = ""
			}
			if heading := headings[h.Line]; heading != nil {
				skip[heading] = hintsText(e, i)
			}
		}
	}
	return skip
}

// hintsText stands in place of the first of an exercise's hints.
func hintsText(e *course.Exercise, index int) string {
	switch {
	case index > 0:
		return ""
	case len(e.Hints) == 1:
		return "1 hint: workbook hint " + e.Name
	}
	return fmt.Sprintf("%d hints, one at a time: workbook hint %s", len(e.Hints), e.Name)
}

func (d *drawer) skippedHints(text string, width int) []line {
	if text == "" {
		return nil
	}
	return wrap(plainText(text, faintFace), prose(width))
}
