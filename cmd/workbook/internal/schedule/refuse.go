package schedule

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// refuse notes what makes the package impossible to rewrite.
func (r *rewriter) refuse() {
	for _, f := range r.files {
		f.refuseDirectives()
		for _, spec := range f.tree.Imports {
			if spec.Path.Value == `"C"` {
				f.refuse(spec.Pos(), "cgo: what C code does cannot be scheduled")
			}
		}
		for _, d := range f.tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body == nil {
				f.refuse(fn.Pos(), "%s has no body: assembly or a linkname", fn.Name.Name)
			}
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			f.refuseNode(n)
			return true
		})
	}
}

func (f *file) refuseDirectives() {
	for _, g := range f.tree.Comments {
		for _, c := range g.List {
			if strings.HasPrefix(c.Text, "//go:linkname ") {
				f.refuse(c.Pos(), "go:linkname: the other side is not rewritten")
			}
		}
	}
	for _, d := range f.tree.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, s := range g.Specs {
			s := s.(*ast.ValueSpec)
			if !f.embedded(g, s) {
				continue
			}
			if _, slice := under(f.Info.TypeOf(s.Names[0])).(*types.Slice); slice {
				f.refuse(s.Pos(), "go:embed into a byte slice: it cannot be reset before a schedule")
			}
		}
	}
}

// embedded reports whether the variable's content comes from a file.
func (f *file) embedded(g *ast.GenDecl, s *ast.ValueSpec) bool {
	return directive(g.Doc, "//go:embed") || directive(s.Doc, "//go:embed")
}

func (f *file) refuseNode(n ast.Node) {
	switch n := n.(type) {
	case *ast.Ident:
		f.refuseUse(n)
	case *ast.SelectorExpr:
		if sel := f.Info.Selections[n]; sel != nil {
			f.refusePath(n, sel)
		}
	case *ast.CallExpr:
		f.refuseUnsafe(n)
	}
}

// refuseUse looks for types of package sync in the API of a package that is not rewritten: there they
// stay what they are, and no longer fit.
func (f *file) refuseUse(id *ast.Ident) {
	o := f.Info.Uses[id]
	if o == nil || o.Pkg() == nil || o.Pkg().Path() == "sync" || f.rewritten(o.Pkg()) {
		return
	}
	t := o.Type()
	if tn, ok := o.(*types.TypeName); ok {
		if _, ok := t.Underlying().(*types.Struct); ok || tn.IsAlias() && isShimType(t) {
			if isShimType(t) {
				f.refuse(id.Pos(), "%s.%s is a type of package sync by another name, and the package is not rewritten", o.Pkg().Name(), id.Name)
			}
			return
		}
		t = t.Underlying()
	}
	if mentions(t, nil) {
		f.refuse(id.Pos(), "%s.%s has a type of package sync in its API, and the package is not rewritten", o.Pkg().Name(), id.Name)
	}
}

// refusePath looks for a lock of a foreign struct on the way to a promoted field or method.
func (f *file) refusePath(n *ast.SelectorExpr, sel *types.Selection) {
	t := sel.Recv()
	for _, i := range sel.Index()[:len(sel.Index())-1] {
		if p, ok := types.Unalias(t).Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return
		}
		v := s.Field(i)
		if !f.rewritten(v.Pkg()) && mentions(v.Type(), nil) {
			f.refuse(n.Sel.Pos(), "%s belongs to a type of package %s, which is not rewritten", n.Sel.Name, v.Pkg().Name())
			return
		}
		t = v.Type()
	}
}

// refuseUnsafe looks for layouts: the runtime's types are larger than those of package sync.
func (f *file) refuseUnsafe(call *ast.CallExpr) {
	if len(call.Args) != 1 {
		return
	}
	arg := call.Args[0]
	if tv := f.Info.Types[call.Fun]; tv.IsType() {
		from, to := f.Info.TypeOf(arg), tv.Type
		if isUnsafe(to) && holds(from, 0) || isUnsafe(from) && holds(to, 0) {
			f.refuse(call.Pos(), "unsafe.Pointer to a type that holds a type of package sync")
		}
		return
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	if b, ok := f.Info.Uses[sel.Sel].(*types.Builtin); ok && (b.Name() == "Sizeof" || b.Name() == "Alignof" || b.Name() == "Offsetof") {
		if s, ok := ast.Unparen(arg).(*ast.SelectorExpr); ok && b.Name() == "Offsetof" {
			arg = s.X
		}
		if holds(f.Info.TypeOf(arg), 0) {
			f.refuse(call.Pos(), "unsafe.%s of a type that holds a type of package sync", b.Name())
		}
	}
}

func isUnsafe(t types.Type) bool {
	b, ok := under(t).(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}

// isShimType reports whether t is one of the types that the runtime replaces.
func isShimType(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && isShim(n.Obj())
}

// holds reports whether a value of type t, or what it points to, contains a type of package sync.
func holds(t types.Type, depth int) bool {
	if t == nil || depth > 8 {
		return false
	}
	if isShimType(t) {
		return true
	}
	switch u := under(t).(type) {
	case *types.Pointer:
		return holds(u.Elem(), depth+1)
	case *types.Array:
		return holds(u.Elem(), depth+1)
	case *types.Slice:
		return holds(u.Elem(), depth+1)
	case *types.Struct:
		for v := range u.Fields() {
			if holds(v.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

// mentions reports whether the type as written, not what its names stand for, has a type of package sync in it.
func mentions(t types.Type, seen []types.Type) bool {
	for _, s := range seen {
		if s == t {
			return false
		}
	}
	seen = append(seen, t)
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if isShimType(t) {
			return true
		}
		for a := range t.TypeArgs().Types() {
			if mentions(a, seen) {
				return true
			}
		}
	case *types.Pointer:
		return mentions(t.Elem(), seen)
	case *types.Slice:
		return mentions(t.Elem(), seen)
	case *types.Array:
		return mentions(t.Elem(), seen)
	case *types.Chan:
		return mentions(t.Elem(), seen)
	case *types.Map:
		return mentions(t.Key(), seen) || mentions(t.Elem(), seen)
	case *types.Signature:
		return mentions(t.Params(), seen) || mentions(t.Results(), seen)
	case *types.Tuple:
		for v := range t.Variables() {
			if mentions(v.Type(), seen) {
				return true
			}
		}
	case *types.Struct:
		for v := range t.Fields() {
			if mentions(v.Type(), seen) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if mentions(m.Type(), seen) {
				return true
			}
		}
	}
	return false
}
