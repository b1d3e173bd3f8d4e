package course

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Points is what an exercise is worth, as its task says in a paragraph of its own before the hints:
//
//	Points: 6.
//	Points: 6 (TestStressInc 3, TestReset 2).
//
// The hidden tests share the points by their weights: those in brackets, and 1 for every other test.
// Without the line an exercise is worth one point.
type Points struct {
	Line    int // of the line in the lesson; 0 where there is none
	Total   float64
	Weights map[string]float64 // of the tests in brackets
}

// maxPoints bounds points and weights, so that sums of them stay exact.
const maxPoints = 10000

var (
	pointsForm  = regexp.MustCompile(`^Points:\s+(\S+?)(?:\s+\(([^)]*)\))?\.?$`)
	pointsShape = regexp.MustCompile("(?i)^[\\s>*_`-]*points?[*_`]*\\s*:")
	weightForm  = regexp.MustCompile(`^(Test\w*)\s+(\S+)$`)
)

// Worth returns the points of an exercise.
func (e *Exercise) Worth() float64 {
	if e.Points.Line == 0 {
		return 1
	}
	return e.Points.Total
}

// Weight returns the weight of a hidden test.
func (e *Exercise) Weight(test string) float64 {
	if w, ok := e.Points.Weights[test]; ok {
		return w
	}
	return 1
}

// readPoints reads the line of the exercise that ends before the given line of the lesson.
func (b *binder) readPoints(e *Exercise, end int) {
	for _, n := range e.Task {
		p, ok := n.(*ast.Paragraph)
		if !ok {
			continue
		}
		m := pointsForm.FindStringSubmatch(strings.TrimSpace(plainText(p, b.lesson.Source)))
		if m == nil {
			continue
		}
		line := b.lesson.LineAt(p.Lines().At(0).Start)
		if e.Points.Line > 0 {
			b.fault(line, "second line of points: the first is at line %d", e.Points.Line)
			continue
		}
		e.Points = Points{Line: line, Total: b.number(line, m[1])}
		b.readWeights(e, m[2])
	}
	at := e.Line
	for line := range bytes.Lines(b.lesson.lines(e.Line+1, end-1)) {
		at++
		if bytes.IndexByte(line, ':') >= 0 && pointsShape.Match(line) && e.Points.Line == 0 {
			b.fault(at, "malformed points %q: want a paragraph of its own before the hints, \"Points: 6.\" or \"Points: 6 (TestName 3).\"", bytes.TrimSpace(line))
		}
	}
}

func (b *binder) readWeights(e *Exercise, list string) {
	if list == "" {
		return
	}
	e.Points.Weights = map[string]float64{}
	for item := range strings.SplitSeq(list, ",") {
		m := weightForm.FindStringSubmatch(strings.TrimSpace(item))
		if m == nil {
			b.fault(e.Points.Line, "points: %q is no test with its weight: want \"TestName 3\"", strings.TrimSpace(item))
			continue
		}
		e.Points.Weights[m[1]] = b.number(e.Points.Line, m[2])
	}
}

// number reads points or a weight.
func (b *binder) number(line int, text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0 && n <= maxPoints) {
		b.fault(line, "points: %q is no number above 0 and up to %d", text, maxPoints)
		return 1
	}
	return n
}

// checkPoints wants the tests that have weights to be there.
func (e *Exercise) checkPoints(lesson string) (faults Faults) {
	for name := range e.Points.Weights {
		if !slices.Contains(e.Names, name) {
			faults = append(faults, Fault{lesson, e.Points.Line, fmt.Sprintf("points: exercise %s has no hidden test %s", e.Name, name)})
		}
	}
	return faults
}
