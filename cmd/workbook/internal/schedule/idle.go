package schedule

import (
	"go/ast"
	"go/token"
	"go/types"
)

// findIdle notes the functions of the package in which nothing happens that another goroutine could tell: a
// call of one is no operation, and what comes after it needs no point of its own.
//
// It looks for little more than getters and constructors: no loop, no literal, nothing deferred.
func (r *rewriter) findIdle() {
	r.facts.idle = map[*types.Func]bool{}
	all := map[*types.Func]*ast.FuncDecl{}
	for _, f := range r.files {
		for _, d := range f.tree.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				if fn, ok := r.Info.Defs[d.Name].(*types.Func); ok {
					all[fn], r.facts.idle[fn] = d, true
				}
			}
		}
	}
	q := &reader{file: &file{rewriter: r}}
	for again := true; again; {
		again = false
		for fn, d := range all {
			if r.facts.idle[fn] && !q.idle(d) {
				r.facts.idle[fn], again = false, true
			}
		}
	}
}

// idle reports whether nothing in the function is an operation, as far as is known of those that it calls.
func (r *reader) idle(d *ast.FuncDecl) bool {
	idle := true
	ast.Inspect(d.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt, *ast.DeferStmt, *ast.SendStmt, *ast.SelectStmt, *ast.ForStmt, *ast.RangeStmt, *ast.LabeledStmt, *ast.BranchStmt, *ast.FuncLit:
			idle = false
		case *ast.UnaryExpr:
			idle = idle && n.Op != token.ARROW
		case *ast.StarExpr, *ast.IndexExpr:
			idle = idle && !r.shared(n.(ast.Expr))
		case *ast.Ident:
			if v, ok := r.Info.Uses[n].(*types.Var); ok {
				idle = idle && !r.facts.variable(v)
			}
		case *ast.CallExpr:
			idle = idle && r.idleCall(n)
		}
		return idle
	})
	return idle
}

// idleCall reports whether a call is a conversion, of a built-in function that touches nothing shared, or of an
// idle function.
func (r *reader) idleCall(e *ast.CallExpr) bool {
	if r.Info.Types[e.Fun].IsType() {
		return true
	}
	switch obj := r.facts.callee(e).(type) {
	case *types.Builtin:
		switch obj.Name() {
		case "min", "max", "new", "make", "real", "imag", "complex":
			return true
		case "len", "cap":
			switch under(r.Info.TypeOf(e.Args[0])).(type) {
			case *types.Slice, *types.Array, *types.Basic:
				return true
			}
		}
	case *types.Func:
		return r.facts.idle[obj.Origin()]
	}
	return false
}
