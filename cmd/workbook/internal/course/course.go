// Package course reads the course's content into memory.
//
// A course is a tree with three folders, lessons, exercises and solutions. There is no registry
// file: a lesson's section "## Exercise: Title" that links to "../exercises/LESSON/NAME/" registers
// the exercise NAME, and its "### Hint" sections are the hints, in order.
//
// A fenced block asks what a cell will do, before the cell is run:
//
//	```predict id=first for=CELLID
//	Which of these can the program print? Markdown, of one line or more.
//
//	- [ ] `0`
//	  What is wrong with this answer, in Markdown, indented by two blanks.
//	- [x] `1`
//	  Why it is right. Several options may be; then all of them are asked for.
//	- [x] It may deadlock.
//	  Every option has its explanation.
//	```
//
// Both keys may be left out: the question is about the next cell, and has that cell's id. An option
// that is one code span claims that the cell's output, or a line of it, can be just that; several spans,
// or "Only" and a span, claim to be all outcomes; "may deadlock", "panics", "fatal error", "does not
// compile", "the race is reported" or "is not reported", "exit status 66", and "6 orders" or "6 outcomes"
// of an explored cell are claims as well. They are checked against what the lesson documents. A claim of
// several lines is a span that goes on in lines indented by two blanks.
//
// Bold words in running text are a term of the glossary, and the sentence around them defines it:
// where they are at most four words of letters only ("**Go 1.22**" and "**Do not write.**" are
// labels), not the whole paragraph, and not in an exercise's section. A sentence that begins with
// This, That, It, Such or the like brings the one before it, and one that ends its paragraph with a
// colon the list behind it. A term is defined in one place only.
package course

import (
	"bytes"
	"io/fs"
	"slices"

	"github.com/yuin/goldmark/ast"
)

// Module is the path of the module that every exercise is a package of.
const Module = "workbook"

// Course is everything an author wrote, read and bound together.
type Course struct {
	FS      fs.FS     // the tree: lessons/, exercises/, solutions/
	Lessons []*Lesson // in the order of their file names
}

// Lesson is one Markdown file.
type Lesson struct {
	Slug      string            // "atomicity": the file name without its number and extension
	Number    int               // 9: the number in front of the file name
	File      string            // "lessons/09-atomicity.md"
	Title     string            // text of the first heading
	Meta      map[string]string // the front matter
	Source    []byte            // the file's text, lines ending in \n, the front matter's lines emptied
	Doc       ast.Node          // its goldmark tree, holding the nodes of node.go
	Sections  []Section         // its headings in the order of the text: the table of contents
	Cells     []*Cell           // in the order of the text
	Questions []*Predict        // in the order of the text
	Exercises []*Exercise       // in the order of the text

	starts []int // where each line of Source begins
}

// Section is a heading with its place in the lesson.
type Section struct {
	Level int    // 1 to 6
	Title string // its text without markup
	Slug  string // its anchor as GitHub makes it: "check-then-act"
	Line  int    // from 1
	Node  *ast.Heading
}

// Exercise is one task with the files that belong to it.
type Exercise struct {
	Name   string // "counter": folder, file and package have this name
	Lesson string // slug of its lesson
	Title  string // the heading's text after "Exercise: "
	Dir    string // "exercises/atomicity/counter"
	File   string // "exercises/atomicity/counter/counter.go"
	Line   int    // line of its heading in the lesson

	Task    []ast.Node // the blocks of its section before the first hint
	Hints   []Hint
	Imports Imports // that its solutions may have
	Points  Points  // that it is worth
	Lazy    int     // line that forbids work before the first call; 0 where none does

	Starter  []byte    // the file as a learner first sees it
	Solution []byte    // the reference solution
	TestFile string    // "solutions/atomicity/counter/counter_test.go"
	Tests    []byte    // the hidden tests
	Names    []string  // the hidden tests' function names, in file order
	Alts     []Variant // other right solutions; read by Load only
	Wrongs   []Wrong   // wrong solutions; read by Load only
}

// Hint is one step of help, general first.
type Hint struct {
	Title  string // text after "Hint: ", or "" for a bare "### Hint" or "### Hint 2"
	Line   int
	Text   string     // its Markdown
	Blocks []ast.Node // its blocks in the lesson's tree
}

// Variant is one right program out of alt.txtar.
type Variant struct {
	Name   string // the name in the archive without ".go"
	File   string // "solutions/atomicity/counter/alt.txtar"
	Source []byte
	Start  int // line of its first line of source in the archive
}

// Wrong is one wrong program out of wrong.txtar, with what the grader must say of it.
//
// The archive's comment has one line a program: "NAME.go: CLASS[, schedule]: TEXT". TEXT must occur
// in the verdict's messages; "schedule" marks a program that only the exploration of schedules reveals.
type Wrong struct {
	Variant
	Class    string
	Schedule bool
	Text     string
	Line     int // of the comment line in the archive
}

// Lesson returns the lesson with the given slug, or nil.
func (c *Course) Lesson(slug string) *Lesson {
	for _, l := range c.Lessons {
		if l.Slug == slug {
			return l
		}
	}
	return nil
}

// Exercise returns the exercise with the given name, or nil.
func (c *Course) Exercise(name string) *Exercise {
	for _, e := range c.Exercises() {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// Exercises returns all exercises in course order.
func (c *Course) Exercises() []*Exercise {
	var all []*Exercise
	for _, l := range c.Lessons {
		all = append(all, l.Exercises...)
	}
	return all
}

// Section returns the section with the given anchor, or nil.
func (l *Lesson) Section(slug string) *Section {
	for i := range l.Sections {
		if l.Sections[i].Slug == slug {
			return &l.Sections[i]
		}
	}
	return nil
}

// Opening returns the blocks before the first section below the title.
func (l *Lesson) Opening() []ast.Node {
	var opening []ast.Node
	for n := l.Doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level > 1 {
			break
		}
		opening = append(opening, n)
	}
	return opening
}

// LineAt returns the number of the line that holds the given byte of l.Source, from 1.
func (l *Lesson) LineAt(offset int) int {
	i, found := slices.BinarySearch(l.starts, offset)
	if found {
		i++
	}
	return max(i, 1)
}

// lines returns the text of the lines from first to last, which count from 1, as far as there are such.
func (l *Lesson) lines(first, last int) []byte {
	first, last = max(first, 1), min(last, len(l.starts))
	if first > last {
		return nil
	}
	end := len(l.Source)
	if last < len(l.starts) {
		end = l.starts[last]
	}
	return l.Source[l.starts[first-1]:end]
}

// lineStarts returns where each line of a text begins; behind a last \n another one does.
func lineStarts(text []byte) []int {
	starts := make([]int, 1, 1+bytes.Count(text, []byte("\n")))
	for i, b := range text {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}
