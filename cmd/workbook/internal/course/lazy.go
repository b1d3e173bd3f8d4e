package course

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// lazyForm is a paragraph of a task, before its hints, that has package policy refuse what works something
// out while the program starts: a loop or a recursion that an init function or an initial value leads to.
const lazyForm = "Work before the first call: none"

// lazyShape finds the lines that are meant to be one.
var lazyShape = regexp.MustCompile("(?i)^[\\s>*_`-]*works?\\s+before\\b[^:]*:")

// readLazy reads the line of the exercise that ends before the given line of the lesson.
func (b *binder) readLazy(e *Exercise, end int) {
	for _, n := range e.Task {
		if p, ok := n.(*ast.Paragraph); ok && strings.TrimSuffix(strings.TrimSpace(plainText(p, b.lesson.Source)), ".") == lazyForm {
			e.Lazy = b.lesson.LineAt(p.Lines().At(0).Start)
		}
	}
	at := e.Line
	for line := range bytes.Lines(b.lesson.lines(e.Line+1, end-1)) {
		at++
		if lazyShape.Match(line) && e.Lazy == 0 {
			b.fault(at, "malformed rule %q: want a paragraph of its own before the hints, %q", bytes.TrimSpace(line), lazyForm+".")
		}
	}
}
