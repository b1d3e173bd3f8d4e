package explain

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// call notes a call. started is the go statement that the call belongs to, if any.
func (c *collector) call(e *ast.CallExpr, started ast.Node) {
	s := c.source
	fun := ast.Unparen(e.Fun)
	if id, ok := fun.(*ast.Ident); ok && s.builtin(id) {
		c.builtin(e, id.Name)
		return
	}
	if lit, ok := fun.(*ast.FuncLit); ok {
		for i, p := range paramNames(lit.Type) {
			if i < len(e.Args) {
				s.join(p, e.Args[i])
			}
		}
		c.exprs(e.Args...)
		c.function(lit, started, started == nil)
		return
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if verb := s.syncMethod(sel); verb != "" {
			c.op(verb, sel.X, e)
			if verb == "Go" && len(e.Args) == 1 {
				c.expr(sel.X, takes)
				c.started(e.Args[0], e)
				return
			}
		}
	}
	s.joinParams(fun, e.Args)
	c.expr(fun, reads)
	inner := *c
	inner.atomic = s.atomicFunc(fun)
	for _, a := range e.Args {
		if u, ok := a.(*ast.UnaryExpr); ok && u.Op == token.AND && inner.atomic {
			inner.expr(u.X, atomicMode(fun))
			continue
		}
		c.expr(a, reads)
	}
}

// started notes an expression whose value runs as a goroutine.
func (c *collector) started(e ast.Expr, by ast.Node) {
	if lit, ok := ast.Unparen(e).(*ast.FuncLit); ok {
		c.function(lit, by, false)
		return
	}
	c.expr(e, reads)
}

// atomicMode is what a function of sync/atomic does to the variable it is given.
func atomicMode(fun ast.Expr) mode {
	sel, ok := fun.(*ast.SelectorExpr)
	switch {
	case !ok, strings.HasPrefix(sel.Sel.Name, "Load"):
		return reads
	case strings.HasPrefix(sel.Sel.Name, "Store"):
		return writes
	}
	return reads | writes
}

func (c *collector) builtin(e *ast.CallExpr, name string) {
	if len(e.Args) == 0 {
		return
	}
	s := c.source
	first := ref{obj: s.object(e.Args[0]), expr: e.Args[0], kind: element}
	switch name {
	case "append":
		first.mode, first.grows = writes, true
		if t, ok := under(s.typeOf(e.Args[0])).(*types.Slice); ok {
			first.typ = t.Elem()
		}
		c.add(first)
		c.elements(e.Args[1:], e.Ellipsis.IsValid())
	case "copy":
		first.mode = writes
		c.add(first)
		c.elements(e.Args[1:], true)
	case "delete", "clear":
		first.mode = writes
		c.add(first)
	case "close":
		c.op("close", e.Args[0], e)
	case "len":
		if _, ok := under(s.typeOf(e.Args[0])).(*types.Map); ok {
			first.mode = reads
			c.add(first)
		}
	case "new", "make":
		c.exprs(e.Args[1:]...)
		return
	}
	c.exprs(e.Args...)
}

// elements notes that the elements of the values are read.
func (c *collector) elements(list []ast.Expr, read bool) {
	for _, e := range list {
		if read {
			c.add(ref{obj: c.source.object(e), expr: e, kind: element, mode: reads})
		}
	}
}

func paramNames(t *ast.FuncType) []*ast.Ident {
	var names []*ast.Ident
	if t.Params != nil {
		for _, f := range t.Params.List {
			names = append(names, f.Names...)
		}
	}
	return names
}

// builtin reports whether the identifier means a built-in function.
func (s *source) builtin(id *ast.Ident) bool {
	_, ok := s.info.Uses[id].(*types.Builtin)
	return ok
}

// atomicFunc reports whether fun is a function of sync/atomic.
func (s *source) atomicFunc(fun ast.Expr) bool {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := s.info.Uses[sel.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "sync/atomic" && f.Signature().Recv() == nil
}

// syncMethod is the name of the method where sel selects one of package sync's types that can block or
// unblock, or of a lock of the learner's own, else "".
func (s *source) syncMethod(sel *ast.SelectorExpr) string {
	selection := s.info.Selections[sel]
	if selection == nil || selection.Kind() != types.MethodVal {
		return ""
	}
	f, ok := selection.Obj().(*types.Func)
	if !ok {
		return ""
	}
	name := f.Name()
	switch name {
	case "Lock", "Unlock", "RLock", "RUnlock", "TryLock", "TryRLock":
		return name
	case "Add", "Done", "Wait", "Go", "Signal", "Broadcast", "Do":
		if f.Pkg() != nil && f.Pkg().Path() == "sync" {
			return name
		}
	}
	return ""
}

// receiverIsPointer reports whether the method is declared on a pointer.
func receiverIsPointer(o types.Object) bool {
	f, ok := o.(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return false
	}
	_, ptr := f.Signature().Recv().Type().(*types.Pointer)
	return ptr
}

func under(t types.Type) types.Type {
	if t == nil {
		return types.Typ[types.Invalid]
	}
	return t.Underlying()
}

func deref(t types.Type) types.Type {
	if p, ok := under(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
