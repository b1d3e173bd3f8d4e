package schedule

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// split lets a switch happen between the load and the store of a statement that has both, unless a
// lock is held, and notes the value that a simple assignment leaves. n is the point before it.
func (w *walker) split(s ast.Stmt, r *reader, n int32) {
	if w.Interpreted != nil {
		w.splitLoad(s, nil)
		return
	}
	first := len(w.out.Sites)
	target := w.splitLoad(s, r)
	if target != nil && w.traceable(target, r) {
		if len(w.out.Sites) > first {
			n = w.First + int32(first)
		}
		w.after(s.Pos(), s.End(), ";"+w.call("W(%d, &%s)", n, w.text(target)))
	}
}

// splitLoad does the first half of split and returns what the statement assigns to.
func (w *walker) splitLoad(s ast.Stmt, r *reader) ast.Expr {
	if w.Interpreted != nil {
		w.update(s, r != nil)
		return nil
	}
	switch s := s.(type) {
	case *ast.IncDecStmt:
		if w.splittable(s.X, r) {
			sign := " + 1"
			if s.Tok == token.DEC {
				sign = " - 1"
			}
			x := w.text(s.X)
			w.replace(s.TokPos, s.TokPos+2, " = "+w.call("V(%d, %s)%s", w.stored(s, x), x, sign))
		}
		return s.X
	case *ast.AssignStmt:
		if len(s.Lhs) != 1 || len(s.Rhs) != 1 || s.Tok == token.DEFINE {
			return nil
		}
		if s.Tok != token.ASSIGN {
			w.splitOp(s, r)
		} else {
			w.splitAssign(s, r)
		}
		return s.Lhs[0]
	}
	return nil
}

// stored makes the site of a store to x, the second half of a statement.
func (w *walker) stored(s ast.Stmt, x string) int32 {
	return w.site(s, "write", x, nil)
}

// splitOp splits x op= y. The load goes through V; where y has calls, the result does, since a
// variable beside a call may be loaded after it.
func (w *walker) splitOp(s *ast.AssignStmt, r *reader) {
	target := s.Lhs[0]
	if !w.splittable(target, r) {
		return
	}
	x := w.text(target)
	operator := strings.TrimSuffix(s.Tok.String(), "=")
	n := w.stored(s, x)
	head, tail := w.call("V(%d, %s) %s (", n, x, operator), ")"
	if !w.plain(s.Rhs[0]) {
		head, tail = w.call("V(%d, %s %s (", n, x, operator), "))"
	}
	w.replace(s.TokPos, s.TokPos+token.Pos(len(s.Tok.String())), "= "+head)
	w.after(s.Rhs[0].Pos(), s.Rhs[0].End(), tail)
}

// splitAssign splits x = … x ….
func (w *walker) splitAssign(s *ast.AssignStmt, r *reader) {
	x := w.text(s.Lhs[0])
	if !w.unguarded() || !r.shared(s.Lhs[0]) {
		return
	}
	var load ast.Node
	for _, o := range r.ops {
		if o.kind == "read" && o.on == x {
			load = o.node
		}
	}
	switch {
	case load == nil:
	case w.plain(s.Rhs[0]):
		w.around(load, w.call("V(%d, ", w.stored(s, x)))
	case w.typed(s.Rhs[0]):
		w.around(s.Rhs[0], w.call("V(%d, ", w.stored(s, x)))
	}
}

// plain reports whether evaluating e calls nothing.
func (w *walker) plain(e ast.Expr) bool {
	r := &reader{file: w.file}
	r.expr(e)
	return len(r.calls) == 0 && !slices.ContainsFunc(r.ops, func(o op) bool { return o.kind != "read" })
}

func (w *walker) unguarded() bool {
	for _, l := range w.held {
		if !strings.HasSuffix(l, "(r)") {
			return false
		}
	}
	return true
}

// splittable reports whether "x op= y" may be written as "x = x op y" for a shared x.
func (w *walker) splittable(x ast.Expr, r *reader) bool {
	return w.unguarded() && r.shared(x) && w.repeatable(x) && !strings.ContainsAny(w.text(x), "\n/")
}

// repeatable reports whether evaluating e twice is the same as evaluating it once.
func (w *walker) repeatable(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident, *ast.BasicLit:
		return true
	case *ast.ParenExpr:
		return w.repeatable(e.X)
	case *ast.SelectorExpr:
		return w.repeatable(e.X)
	case *ast.StarExpr:
		return w.repeatable(e.X)
	case *ast.IndexExpr:
		return w.repeatable(e.X) && w.repeatable(e.Index)
	}
	return false
}

// typed reports whether e keeps its type when it becomes an argument: untyped operands would take
// their default type instead of the one that the assignment gives them.
func (w *walker) typed(e ast.Expr) bool {
	tv := w.Info.Types[e]
	if tv.Value != nil || tv.IsNil() || !tv.IsValue() {
		return false
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return w.typed(e.X)
	case *ast.UnaryExpr:
		return e.Op == token.AND || e.Op == token.ARROW || w.typed(e.X)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			return types.Identical(tv.Type, types.Typ[types.Bool])
		case token.SHL, token.SHR:
			return w.typed(e.X)
		case token.LAND, token.LOR:
			return w.typed(e.X) && w.typed(e.Y)
		}
		return w.typed(e.X) || w.typed(e.Y)
	case *ast.CallExpr:
		_, tuple := tv.Type.(*types.Tuple)
		return !tuple
	case *ast.FuncLit:
		return true
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr, *ast.IndexListExpr:
		return !generic(w.Info, e)
	}
	return true
}

// traceable reports whether W may follow the assignment to x: x is a variable or a field of one, its
// address can be taken, finding it again reads nothing that is shared, and its value says something.
func (w *walker) traceable(x ast.Expr, r *reader) bool {
	if !r.shared(x) || !w.showable(w.Info.TypeOf(x)) || strings.ContainsAny(w.text(x), "\n/") {
		return false
	}
	for {
		switch e := ast.Unparen(x).(type) {
		case *ast.Ident:
			_, ok := w.Info.ObjectOf(e).(*types.Var)
			return ok
		case *ast.SelectorExpr:
			sel := w.Info.Selections[e]
			if sel == nil {
				return true // a variable of another package
			}
			id, root := ast.Unparen(e.X).(*ast.Ident)
			if isPointer(w.Info.TypeOf(e.X)) {
				return root && !r.shared(id) && len(sel.Index()) == 1
			}
			if sel.Indirect() {
				return false
			}
			x = e.X
		default:
			return false
		}
	}
}

func (w *walker) showable(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsBoolean|types.IsInteger|types.IsString) != 0
	case *types.Pointer:
		return true
	}
	return false
}
