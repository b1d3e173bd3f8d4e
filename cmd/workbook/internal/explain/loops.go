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
	if b := s.leavesLess(w); b != nil {
		line := s.line(b.Pos())
		r.why = fmt.Sprintf("The loop there does not end: break at %s leaves the select or switch around it, not the loop.", s.lineName(w.fn.file, line))
		r.hint = "Give the loop a label and write break with that label, or return."
		r.at = []verdict.Place{s.at(w.fn.file, line, "break")}
	}
	return r
}

// loopHint is for a loop that does not end.
const loopHint = "Look at the loop's condition: what makes it end, and can that still happen? A loop that waits for another goroutine should sleep until that one wakes it, by a channel or a condition."

// leavesLess is a break in a select or switch of the loop that a goroutine runs in, and that has no other way out; nil
// where there is none.
func (s *source) leavesLess(w *waiter) (found *ast.BranchStmt) {
	if w.fn == nil {
		return nil
	}
	var loop *ast.ForStmt
	ast.Inspect(w.fn.body(), func(n ast.Node) bool {
		if l, ok := n.(*ast.ForStmt); ok && l.Cond == nil && s.line(l.Pos()) <= w.frame.line && w.frame.line <= s.line(l.End()) {
			loop = l
		}
		return true
	})
	if loop == nil {
		return nil
	}
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt:
			return false
		case *ast.BranchStmt:
			if n.Tok == token.BREAK && n.Label == nil && found == nil && s.within(loop, n) {
				found = n
			}
		}
		return true
	})
	return found
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
