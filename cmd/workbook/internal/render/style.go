// Package render draws lessons in a terminal, verdicts as well.
//
// What it draws is text of others: an author's Markdown, a learner's source, a program's output. Rules:
//
//   - No control character and no bidirectional override of that text reaches the terminal; it is shown as
//     "\x1b". The only escape sequences written are the renderer's own: colours and hyperlinks.
//   - No meaning is carried by colour alone.
//   - No line is wider than Style.Width, except a line that must stay whole to be of use: "file.go:12:".
//   - Plain is linear: no escape sequence, no box drawing, tables as "header: value". Screen readers and
//     pipes get it; its golden files are a contract.
package render

import "github.com/yuin/goldmark/ast"

// Style says what the reader of the output can take.
type Style struct {
	Width int  // columns; 80 where it is 0, never less than 20
	Color bool // colours and the attributes that come with them: bold, faint, underline
	Links bool // hyperlinks (OSC 8)
	Plain bool // linear ASCII drawing and no escape sequence at all; Color and Links are ignored
}

// The bounds of a layout.
const (
	defaultWidth = 80
	minWidth     = 20
	measure      = 92 // prose is not set wider than this
	minBody      = 14 // nesting stops to indent where less than this is left
)

// drawer lays out one text. The zero value is not of use; see newDrawer.
type drawer struct {
	Style
	source []byte
	lines  lineIndex
	refs   refs
	dir    string // folder of the lesson's file, for relative links
	slug   string // of the lesson, "" where none is known
	pager  bool   // keys work: "r runs it"
	skip   skipped
	below  map[ast.Node]string // what stands under a heading

	answers Answers
	depth   int // blocks around the present one
}

// newDrawer makes the style's fields consistent.
func (s Style) newDrawer(source []byte) *drawer {
	if s.Width == 0 {
		s.Width = defaultWidth
	}
	s.Width = max(s.Width, minWidth)
	if s.Plain {
		s.Color, s.Links = false, false
	}
	return &drawer{Style: s, source: source, lines: indexLines(source)}
}

// pick returns fancy, or plain in plain mode.
func (s Style) pick(fancy, plain string) string {
	if s.Plain {
		return plain
	}
	return fancy
}

// prose returns how wide running text is set where width columns are free.
func prose(width int) int { return min(width, measure) }

// tab returns the distance of tab stops in code.
func (s Style) tab() int {
	if s.Width < 60 {
		return 2
	}
	return 4
}
