package explain

import (
	"fmt"
	"go/ast"
	"go/types"

	"workbook/cmd/workbook/internal/verdict"
)

// namedResult reports whether the race's variable is a named result of the function that an access is made in.
func (r *race) namedResult(p *spot) bool {
	v := r.ref()
	if v == nil || p.fn.decl() == nil || p.fn.decl().Type.Results == nil {
		return false
	}
	for _, field := range p.fn.decl().Type.Results.List {
		for _, id := range field.Names {
			if r.variable(id) == v.obj {
				return true
			}
		}
	}
	return false
}

// doneTooEarly finds that the goroutine of an access calls Done before it, and says so in the cause.
func (r *race) doneTooEarly(child *spot, c *cause) bool {
	g := child.fn.goroutine()
	if g == nil || child.ref == nil {
		return false
	}
	for _, o := range r.ops {
		if o.verb != "Done" || o.fn != g || o.obj == nil {
			continue
		}
		at, done := r.lineName(o.file, o.line), types.ExprString(o.expr)
		first := r.deferredIn(g, child)
		switch {
		case r.deferred(o) && first != nil && first.Pos() < o.node.Pos():
			c.why = fmt.Sprintf("Deferred calls run last to first: %s.Done (%s) before the function deferred at %s, so Wait does not wait for that one.",
				done, at, r.lineName(g.file, r.line(first.Pos())))
			c.hint = fmt.Sprintf("Defer %s.Done() first: then it is the last to run.", done)
			return true
		case !r.deferred(o) && first == nil && child.fn == g && o.node.End() <= child.ref.expr.Pos():
			c.why = fmt.Sprintf("%s.Done is called at %s, before %s: Wait does not wait for what comes after Done.", done, at, child.where(r.source))
			c.hint = fmt.Sprintf("Call %s.Done last: defer %s.Done() as the goroutine's first line.", done, done)
			return true
		}
	}
	return false
}

// deferredIn is the defer statement of a goroutine whose function an access is made in, nil where there is none.
func (r *race) deferredIn(g *function, p *spot) (found *ast.DeferStmt) {
	ast.Inspect(g.body(), func(n ast.Node) bool {
		if d, ok := n.(*ast.DeferStmt); ok && d.Pos() <= p.ref.expr.Pos() && p.ref.expr.End() <= d.End() {
			found = d
		}
		return found == nil
	})
	return found
}

// scratch reports whether the race's variable belongs to the package though one function alone uses it, and writes it
// before it reads it: then it has no reason to outlive a call.
func (r *race) scratch(v *ref) bool {
	if !r.ownOfPackage(v) {
		return false
	}
	for i := range r.refs {
		if x := &r.refs[i]; x.obj == v.obj && x.fn != nil {
			return x.mode&reads == 0 && x.mode&writes != 0 && x.kind == whole && !r.conditional(x)
		}
	}
	return false
}

// ownOfPackage reports whether a variable belongs to the package though one function alone uses it.
func (r *race) ownOfPackage(v *ref) bool {
	o, ok := v.obj.(*types.Var)
	return ok && !o.IsField() && o.Pkg() != nil && o.Parent() == o.Pkg().Scope() && r.onlyUser(v) != nil
}

// onlyUser is the function that alone uses a variable, nil where there are several or none.
func (r *race) onlyUser(v *ref) *ast.FuncDecl {
	var user *ast.FuncDecl
	for i := range r.refs {
		x := &r.refs[i]
		if x.obj != v.obj || x.fn == nil { // its declaration
			continue
		}
		if d := x.fn.decl(); d == nil || user != nil && d != user {
			return nil
		}
		user = x.fn.decl()
	}
	return user
}

// receiverCopies explains a race of a field with a read by the test, which can come to it only by copying the whole
// value for a method with a value receiver.
func (r *race) receiverCopies() (cause, bool) {
	v := r.ref()
	if v == nil || !isField(v.obj) || v.obj.Exported() || v.kind != whole {
		return cause{}, false
	}
	for _, p := range []*spot{r.a, r.b} {
		if p.origin != fromTest || p.write {
			continue
		}
		for _, fn := range r.exported(r.owner[v.obj]) {
			d := fn.decl()
			if d.Recv == nil || r.owner[v.obj] == "" {
				continue
			}
			if _, pointer := ast.Unparen(d.Recv.List[0].Type).(*ast.StarExpr); pointer {
				continue
			}
			return cause{
				why: fmt.Sprintf("%s has a value receiver (%s): to call it the whole %s is copied, before anything in it can be locked.",
					d.Name.Name, r.lineName(fn.file, fn.line), r.owner[v.obj]),
				hint:   fmt.Sprintf("Give %s a pointer receiver, *%s.", d.Name.Name, r.owner[v.obj]),
				lesson: secCopies, at: []verdict.Place{r.at(fn.file, fn.line, "value receiver")},
			}, true
		}
	}
	return cause{}, false
}

// conditional reports whether a use of a variable is inside of a branch, a loop or a function literal.
func (r *race) conditional(x *ref) bool {
	if _, lit := x.fn.node.(*ast.FuncLit); lit {
		return true
	}
	for _, st := range x.fn.body().List {
		if as, ok := st.(*ast.AssignStmt); ok && as.Pos() <= x.expr.Pos() && x.expr.End() <= as.End() {
			return false
		}
	}
	return true
}

// setUpOnce reports whether the race's variable may be one that is filled when it is first needed: one function alone
// writes it, to set it and not to change what it was, and it is more than a number.
func (r *race) setUpOnce(v *ref) bool {
	o, ok := v.obj.(*types.Var)
	if !ok || !o.IsField() && (o.Pkg() == nil || o.Parent() != o.Pkg().Scope()) || !r.allows("sync", "Once") {
		return false
	}
	switch under(o.Type()).(type) {
	case *types.Map, *types.Array, *types.Slice:
	default:
		return false
	}
	var writer *ast.FuncDecl
	for i := range r.refs {
		x := &r.refs[i]
		if x.obj != v.obj || x.mode&writes == 0 || x.fn == nil {
			continue
		}
		if x.mode&reads != 0 || x.grows || writer != nil && x.fn.decl() != writer || len(paramNames(x.fn.decl().Type)) > 0 && x.kind != whole {
			return false
		}
		writer = x.fn.decl()
	}
	return writer != nil
}
