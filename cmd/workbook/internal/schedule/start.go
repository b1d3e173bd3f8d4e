package schedule

import (
	"go/ast"
	"go/types"
)

// goStmt puts a point before the go statement and names the new goroutine by it where it can.
func (w *walker) goStmt(s *ast.GoStmt) {
	if w.Interpreted != nil {
		w.spawn(s)
		return
	}
	r := w.operands(s.Call)
	lit, isLit := ast.Unparen(s.Call.Fun).(*ast.FuncLit)
	name := ""
	if !isLit {
		name = w.text(s.Call.Fun)
	}
	r.add(s, "go", name, true)
	n := w.point(s, s, r)
	w.wraps(r, 0)
	if isLit {
		w.startAt(lit, n)
	} else if w.isValue(s.Call.Fun) {
		point := int32(0)
		if kind, on := w.deferred(s.Call); kind != "" {
			point = w.site(s, kind, on, nil)
		}
		w.around(s.Call.Fun, w.call("Go(%d, %d, ", n, point))
	}
	w.literals(s.Call)
	if w.late[s] {
		w.before(s.Pos(), s.End(), "if "+w.call("Starts() {"))
		w.after(s.Pos(), s.End(), "}")
	}
}

// isValue reports whether a function can be an argument: it is no built-in, no conversion, and no
// generic function that waits for its arguments' types.
func (w *walker) isValue(fun ast.Expr) bool {
	if tv := w.Info.Types[fun]; !tv.IsValue() || tv.IsBuiltin() {
		return false
	}
	fun = ast.Unparen(fun)
	_, index := fun.(*ast.IndexExpr)
	_, list := fun.(*ast.IndexListExpr)
	return !list && (!index || !isInstance(w.Info, fun.(*ast.IndexExpr).X)) && !generic(w.Info, fun)
}

// generic reports whether e names a generic function.
func generic(info *types.Info, e ast.Expr) bool {
	var id *ast.Ident
	switch e := e.(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return false
	}
	fn, ok := info.Uses[id].(*types.Func)
	return ok && fn.Signature().TypeParams().Len() > 0
}

// operands collects what a go or defer statement evaluates at once: the function and its arguments.
func (w *walker) operands(c *ast.CallExpr) *reader {
	r := &reader{file: w.file}
	if w.Info.Types[c.Fun].IsType() {
		return r
	}
	if _, ok := ast.Unparen(c.Fun).(*ast.FuncLit); !ok {
		r.function(c.Fun)
	}
	r.exprs(c.Args)
	return r
}

// deferStmt puts a point before the statement when its operands need one, and one before the deferred
// operation: a deferred call of P, made after it and so run before it.
func (w *walker) deferStmt(s *ast.DeferStmt) {
	r := w.operands(s.Call)
	w.wraps(r, w.point(s, s, r))
	if w.Interpreted != nil {
		w.deferredClose(s)
	}
	switch kind, on := w.deferred(s.Call); {
	case kind == "", kind == "unlock", kind == "runlock", kind == "done":
	case w.Interpreted != nil && (itself[kind] || lets[kind]):
	default:
		w.after(s.Pos(), s.End(), ";defer "+w.call("P(%d)", w.site(s, kind, on, nil)))
	}
	w.literals(s.Call)
}

// deferred names the operation that the call itself is, once its operands are known, and what it is on;
// none for calls that have points of their own.
func (w *walker) deferred(c *ast.CallExpr) (kind, on string) {
	if _, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
		return "", ""
	}
	r := &reader{file: w.file}
	r.call(c)
	if n := len(r.ops); n > 0 && r.ops[n-1].node == c && r.ops[n-1].point {
		return r.ops[n-1].kind, r.ops[n-1].on
	}
	return "", ""
}
