package explain

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"workbook/cmd/workbook/internal/verdict"
)

// handedOver explains a race with a value that was sent to another goroutine, or published in an
// atomic, and then used again.
func (r *race) handedOver() (cause, bool) {
	for _, p := range []*spot{r.a, r.b} {
		if p.ref == nil || p.fn == nil || p.created {
			continue
		}
		base := p.ref.expr
		switch e := base.(type) {
		case *ast.SelectorExpr:
			base = e.X
		case *ast.StarExpr:
			base = e.X
		}
		does := "reads"
		if p.write {
			does = "writes"
		}
		if pos := r.handover(p.fn, base, p.ref.expr.Pos(), sends); pos.IsValid() {
			return r.tooLate(p, pos, fmt.Sprintf("%s %s %s after sending %s (%s): from then on the receiver may use it at any moment.",
				p.fn.declName(), does, p.ref.name(), types.ExprString(base), r.lineName(p.fn.file, r.line(pos))), "sends"), true
		}
		if pos := r.handover(p.fn, base, p.ref.expr.Pos(), publishes); pos.IsValid() {
			return r.tooLate(p, pos, fmt.Sprintf("%s %s %s after publishing %s (%s): from then on others may read it at any moment.",
				p.fn.declName(), does, p.ref.name(), types.ExprString(base), r.lineName(p.fn.file, r.line(pos))), "publishes"), true
		}
	}
	return cause{}, false
}

func (r *race) tooLate(p *spot, pos token.Pos, why, role string) cause {
	return cause{
		why:    why,
		hint:   "Do everything with the value before you hand it over; then it is no longer yours. Or hand over a copy.",
		lesson: secHandOver,
		at:     []verdict.Place{r.at(p.fn.file, r.line(pos), role)},
	}
}

// handover is the position before limit where a function hands over the value that an expression
// names, token.NoPos where there is none.
func (s *source) handover(fn *function, value ast.Expr, limit token.Pos, by func(ast.Node) []ast.Expr) token.Pos {
	obj, found := s.object(value), token.NoPos
	if obj == nil || !refersTo(s.typeOf(value)) {
		return found
	}
	ast.Inspect(fn.body(), func(n ast.Node) bool {
		if _, lit := n.(*ast.FuncLit); lit {
			return false
		}
		for _, e := range by(n) {
			if s.object(e) == obj && refersTo(s.typeOf(e)) && n.End() <= limit {
				found = n.Pos()
			}
		}
		return true
	})
	return found
}

// sends is the value of a send statement.
func sends(n ast.Node) []ast.Expr {
	if st, ok := n.(*ast.SendStmt); ok {
		return []ast.Expr{st.Value}
	}
	return nil
}

// publishes are the values given to an atomic's methods.
func publishes(n ast.Node) []ast.Expr {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		switch sel.Sel.Name {
		case "Store", "Swap", "CompareAndSwap":
			return call.Args[max(len(call.Args)-1, 0):] // of CompareAndSwap the new one
		}
	}
	return nil
}
