package explore

import (
	"go/ast"
	"go/token"
	"go/types"
)

// needs is what an expression does that other goroutines may notice.
type needs struct {
	mark  bool        // put a Test before the right side of && and || where that is a step
	loads []*ast.Expr // places read, in order
	fixed bool        // some of them may not be read early: they stand behind && or ||
	recvs []*ast.Expr
	parks bool // calls an operation that waits by itself
	calls bool // calls a function of the program
	step  bool // calls something else that others may notice
}

func (n *needs) any() bool {
	return len(n.loads) > 0 || len(n.recvs) > 0 || n.parks || n.calls || n.step
}

// What calling a function means to the scheduler.
type callKind int

const (
	pureCall  callKind = iota
	parkCall           // a step by itself
	freeCall           // lets others go on, no step
	printCall          // prints
	stepCall           // to be preceded by a step
	ownCall            // the program's own code, or a function value
)

// look collects what evaluating *e does.
func (f *facts) look(n *needs, e *ast.Expr) {
	switch x := (*e).(type) {
	case nil:
	case *ast.ParenExpr:
		f.look(n, &x.X)
	case *ast.Ident:
		f.load(n, e)
	case *ast.SelectorExpr:
		if f.place(x) && f.visible(x) {
			f.load(n, e)
		} else if f.Info.Selections[x] != nil {
			f.look(n, &x.X)
		}
	case *ast.StarExpr:
		f.load(n, e)
	case *ast.IndexExpr:
		f.lookIndex(n, e, x)
	case *ast.SliceExpr:
		f.lookAll(n, &x.X, &x.Low, &x.High, &x.Max)
	case *ast.TypeAssertExpr:
		f.look(n, &x.X)
	case *ast.KeyValueExpr:
		f.lookAll(n, &x.Value)
	case *ast.CompositeLit:
		for i := range x.Elts {
			f.look(n, &x.Elts[i])
		}
	case *ast.UnaryExpr:
		f.lookUnary(n, e, x)
	case *ast.BinaryExpr:
		f.lookBinary(n, x)
	case *ast.CallExpr:
		f.lookCall(n, x)
	}
}

func (f *facts) lookAll(n *needs, list ...*ast.Expr) {
	for _, e := range list {
		f.look(n, e)
	}
}

func (f *facts) load(n *needs, e *ast.Expr) {
	if f.place(*e) && f.visible(*e) {
		n.loads = append(n.loads, e)
	}
}

func (f *facts) lookIndex(n *needs, e *ast.Expr, x *ast.IndexExpr) {
	if tv, ok := f.Info.Types[x]; !ok || !tv.IsValue() {
		return
	}
	f.look(n, &x.Index)
	if f.place(x) && f.visible(x) {
		f.load(n, e)
		return
	}
	f.look(n, &x.X)
}

func (f *facts) lookUnary(n *needs, e *ast.Expr, x *ast.UnaryExpr) {
	switch x.Op {
	case token.ARROW:
		f.look(n, &x.X)
		n.recvs = append(n.recvs, e)
	case token.AND:
		if lit, ok := ast.Unparen(x.X).(*ast.CompositeLit); ok {
			for i := range lit.Elts {
				f.look(n, &lit.Elts[i])
			}
		}
	default:
		f.look(n, &x.X)
	}
}

// lookBinary puts a step of its own before a right operand that may not be evaluated.
func (f *facts) lookBinary(n *needs, x *ast.BinaryExpr) {
	f.look(n, &x.X)
	right := needs{mark: n.mark}
	f.look(&right, &x.Y)
	if (x.Op == token.LAND || x.Op == token.LOR) && right.any() {
		n.fixed = true
		if n.mark && n.any() && len(right.loads) > 0 {
			line := f.line(x.Y.Pos())
			x.Y = &ast.ParenExpr{X: &ast.BinaryExpr{X: f.call("B", line), Op: token.LAND, Y: &ast.ParenExpr{X: x.Y}}}
			right.loads = nil
		}
	}
	n.loads = append(n.loads, right.loads...)
	n.recvs = append(n.recvs, right.recvs...)
	n.fixed = n.fixed || right.fixed
	n.parks = n.parks || right.parks
	n.calls = n.calls || right.calls
	n.step = n.step || right.step
}

func (f *facts) lookCall(n *needs, x *ast.CallExpr) {
	switch f.callKind(x) {
	case parkCall:
		n.parks = true
	case ownCall:
		n.calls = true
	case stepCall, printCall:
		n.step = true
	}
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && f.Info.Selections[sel] != nil {
		if isPointer(f.Info.TypeOf(sel.X)) || f.callKind(x) == ownCall && !f.takesAddress(sel) {
			f.look(n, &sel.X)
		}
	}
	for i := range x.Args {
		f.look(n, &x.Args[i])
	}
}

func (f *facts) takesAddress(sel *ast.SelectorExpr) bool {
	fn, ok := f.Info.Selections[sel].Obj().(*types.Func)
	return ok && fn.Signature().Recv() != nil && isPointer(fn.Signature().Recv().Type())
}

// callKind says what the call is to the scheduler.
func (f *facts) callKind(x *ast.CallExpr) callKind {
	fun := ast.Unparen(x.Fun)
	if tv, ok := f.Info.Types[fun]; ok && tv.IsType() {
		return pureCall
	}
	if index, ok := fun.(*ast.IndexExpr); ok {
		fun = index.X
	}
	var o types.Object
	switch fun := fun.(type) {
	case *ast.Ident:
		o = f.Info.Uses[fun]
	case *ast.SelectorExpr:
		o = f.Info.Uses[fun.Sel]
	}
	switch o := o.(type) {
	case *types.Builtin:
		return builtinKind(o.Name())
	case *types.Func:
		return f.funcKind(o)
	}
	if t := f.Info.TypeOf(fun); t != nil && (t.String() == "context.CancelFunc" || t.String() == "context.CancelCauseFunc") {
		return stepCall
	}
	return ownCall
}

func builtinKind(name string) callKind {
	switch name {
	case "close", "delete", "copy", "clear":
		return stepCall
	}
	return pureCall
}

func (f *facts) funcKind(fn *types.Func) callKind {
	if fn.Pkg() == nil || fn.Pkg() == f.Pkg {
		return ownCall
	}
	switch fn.Pkg().Path() {
	case "sync":
		return f.syncKind(fn)
	case "sync/atomic":
		return parkCall
	case "fmt":
		if name := fn.Name(); name == "Print" || name == "Printf" || name == "Println" {
			return printCall
		}
	case "runtime", "time":
		switch fn.Name() {
		case "Gosched", "Goexit", "NumGoroutine", "Sleep":
			return parkCall
		}
	case "context":
		if fn.Name() == "Err" || fn.Name() == "Cause" {
			return stepCall
		}
	}
	return pureCall
}

func (f *facts) syncKind(fn *types.Func) callKind {
	switch fn.Name() {
	case "Unlock", "RUnlock":
		if f.tryLock {
			return stepCall
		}
		return freeCall
	case "Done", "Add":
		return freeCall
	case "NewCond", "RLocker":
		return pureCall
	}
	return parkCall
}

func (f *facts) line(p token.Pos) int { return f.Fset.Position(p).Line }
