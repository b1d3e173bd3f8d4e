package explain

import (
	"fmt"
	"go/ast"
	"go/token"

	"workbook/cmd/workbook/internal/verdict"
)

// loopReason finds why a loop does not end.
func (s *source) loopReason(w *waiter) reason {
	r := reason{weight: 4, why: "The loop there does not end.", lesson: secWaiting, hint: loopHint}
	b, others := s.leavesLess(w)
	if b == nil {
		return r
	}
	line := s.line(b.Pos())
	at := s.lineName(w.fn.file, line)
	r.at = []verdict.Place{s.at(w.fn.file, line, "break")}
	r.why = fmt.Sprintf("The loop there does not end: break at %s leaves the select or switch around it, not the loop.", at)
	r.hint = "Give the loop a label and write break with that label, or return."
	if others {
		r.why = "The loop there does not end."
		r.hint = fmt.Sprintf("Was it to end at %s? A break there leaves only the select or switch around it; return leaves the loop, and so does break with the loop's label.", at)
	}
	return r
}

// loopHint is for a loop that does not end.
const loopHint = "Look at the loop's condition: what makes it end, and can that still happen? A loop that waits for another goroutine should sleep until that one wakes it, by a channel or a condition."

// leavesLess is a break in a select or switch of the endless loop that a goroutine runs in, nil where there is none, and
// whether something else leaves the loop.
func (s *source) leavesLess(w *waiter) (found *ast.BranchStmt, others bool) {
	if w.fn == nil {
		return nil, false
	}
	var loop *ast.ForStmt
	ast.Inspect(w.fn.body(), func(n ast.Node) bool {
		if l, ok := n.(*ast.ForStmt); ok && l.Cond == nil && s.line(l.Pos()) <= w.frame.line && w.frame.line <= s.line(l.End()) {
			loop = l
		}
		return true
	})
	if loop == nil {
		return nil, false
	}
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt:
			return false
		case *ast.ReturnStmt:
			others = true
		case *ast.BranchStmt:
			inner := n.Tok == token.BREAK && n.Label == nil && s.within(loop, n)
			others = others || !inner && n.Tok != token.CONTINUE && n.Tok != token.FALLTHROUGH
			if inner && found == nil {
				found = n
			}
		}
		return true
	})
	return found, others
}

// within reports whether a break is in a select or switch of a loop.
func (s *source) within(loop *ast.ForStmt, b *ast.BranchStmt) (is bool) {
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.SelectStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt:
			is = is || n.Pos() <= b.Pos() && b.End() <= n.End()
		}
		return true
	})
	return is
}

// loops reports whether a goroutine runs in a loop of the function that it is in.
func (s *source) loops(w *waiter) bool {
	if w.fn == nil {
		return false
	}
	for _, n := range s.nodes(s.relative(w.frame.file), w.frame.line) {
		if s.inLoop(n, w.fn) {
			return true
		}
	}
	return false
}
