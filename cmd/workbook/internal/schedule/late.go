package schedule

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// findLate notes the go statements that the initial values of the package's variables lead to. In a process that
// is going to explore they do nothing until the reset before the first schedule, which comes to them again: a
// goroutine of the process's own start is in no bubble, and what it has read would race with the reset.
//
// Where an initial value may wait, for such a goroutine perhaps, all are left as they are.
func (r *rewriter) findLate() {
	if r.Interpreted != nil {
		return
	}
	w := lateWalk{rewriter: r, bodies: map[*types.Func]*ast.BlockStmt{}, found: map[*ast.GoStmt]bool{}}
	for _, f := range r.files {
		for _, d := range f.tree.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				if fn, ok := r.Info.Defs[d.Name].(*types.Func); ok {
					w.bodies[fn] = d.Body
				}
			}
		}
	}
	for _, in := range r.Info.InitOrder {
		w.walk(in.Rhs)
	}
	if !w.waits {
		r.late = w.found
	}
}

// lateWalk follows what the initial values run.
type lateWalk struct {
	*rewriter
	bodies map[*types.Func]*ast.BlockStmt // those not yet followed
	found  map[*ast.GoStmt]bool
	waits  bool // something may wait, as far as is known
}

func (w *lateWalk) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit: // followed where it is called
			return false
		case *ast.GoStmt:
			w.found[n] = true
			for _, x := range n.Call.Args {
				w.walk(x)
			}
			return false
		case *ast.SendStmt, *ast.SelectStmt:
			w.waits = true
		case *ast.UnaryExpr:
			w.waits = w.waits || n.Op == token.ARROW
		case *ast.RangeStmt:
			switch under(w.Info.TypeOf(n.X)).(type) {
			case *types.Chan, *types.Signature, nil:
				w.waits = true
			}
		case *ast.CallExpr:
			w.call(n)
		}
		return !w.waits
	})
}

// call follows a call into the package.
func (w *lateWalk) call(n *ast.CallExpr) {
	if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
		w.walk(lit.Body)
		return
	}
	if tv := w.Info.Types[n.Fun]; tv.IsType() || tv.IsBuiltin() {
		return
	}
	fn, ok := w.facts.callee(n).(*types.Func)
	switch {
	case !ok:
		w.waits = true // whatever it is
	case fn.Pkg() == w.Pkg:
		body, follow := w.bodies[fn.Origin()]
		switch {
		case !follow:
			w.waits = true // a method of an interface
		case body != nil:
			w.bodies[fn.Origin()] = nil
			w.walk(body)
		}
	default:
		w.waits = w.waits || !returns(fn, n)
	}
}

// prompt are packages whose functions wait for nobody, unless they are given one to call.
var prompt = []string{"bytes", "context", "errors", "fmt", "maps", "math", "math/bits", "math/rand/v2", "slices", "strconv", "strings", "sync/atomic"}

// returns reports whether a function of another package is known to wait for nobody.
func returns(fn *types.Func, call *ast.CallExpr) bool {
	if fn.Pkg() == nil {
		return true // Error, of the predeclared type
	}
	if fn.Pkg().Path() == "sync" {
		return slices.Contains([]string{"NewCond", "OnceFunc", "OnceValue", "OnceValues"}, fn.Name())
	}
	for _, x := range call.Args {
		if _, lit := ast.Unparen(x).(*ast.FuncLit); lit {
			return false
		}
	}
	return slices.Contains(prompt, fn.Pkg().Path())
}
