package explain

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// variable is what an identifier names, where that is a variable or a field. Fields of an
// instantiated generic type are those of the generic one.
func (s *source) variable(id *ast.Ident) types.Object {
	obj := s.info.Uses[id]
	if obj == nil {
		obj = s.info.Defs[id]
	}
	if v, ok := obj.(*types.Var); ok && v != nil && v.Name() != "_" {
		return v.Origin()
	}
	return nil
}

// object is what an expression's value is known by: the variable or field it names, for a call the
// function that makes it, for an element what it is an element of.
func (s *source) object(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.Ident:
		return s.variable(e)
	case *ast.ParenExpr:
		return s.object(e.X)
	case *ast.SelectorExpr:
		return s.variable(e.Sel)
	case *ast.StarExpr:
		return s.object(e.X)
	case *ast.IndexExpr:
		return s.object(e.X)
	case *ast.SliceExpr:
		return s.object(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return s.object(e.X)
		}
	case *ast.CallExpr:
		if f := s.callee(e.Fun); f != nil {
			return f
		}
	}
	return nil
}

// callee is the function or method that an expression names, nil for a value of function type.
func (s *source) callee(fun ast.Expr) *types.Func {
	var id *ast.Ident
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.IndexExpr:
		return s.callee(f.X)
	case *ast.IndexListExpr:
		return s.callee(f.X)
	default:
		return nil
	}
	f, ok := s.info.Uses[id].(*types.Func)
	if !ok {
		return nil
	}
	return f.Origin()
}

func (s *source) typeOf(e ast.Expr) types.Type {
	if tv, ok := s.info.Types[e]; ok {
		return tv.Type
	}
	switch e := e.(type) {
	case *ast.Ident:
		if v := s.variable(e); v != nil {
			return v.Type()
		}
	case *ast.SelectorExpr:
		return s.typeOf(e.Sel)
	}
	return nil
}

// join notes that two expressions may be the same channel, lock or wait group.
func (s *source) join(a, b ast.Expr) {
	s.unite(s.object(a), s.object(b), s.typeOf(a))
}

// unite notes that two objects may be the same channel, lock or wait group; others it ignores.
func (s *source) unite(a, b types.Object, t types.Type) {
	if a == nil || b == nil || !shareable(t) {
		return
	}
	if a, b = s.same(a), s.same(b); a != b {
		s.alias[a] = b
	}
}

// same is the representative of all the objects that an object was united with.
func (s *source) same(o types.Object) types.Object {
	for s.alias[o] != nil {
		o = s.alias[o]
	}
	return o
}

// shareable reports whether values of the type stand for the one channel or lock wherever they go.
func shareable(t types.Type) bool {
	switch u := under(t).(type) {
	case *types.Chan:
		return true
	case *types.Slice:
		return shareable(u.Elem())
	case *types.Pointer:
		n, ok := u.Elem().(*types.Named)
		return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync"
	}
	return false
}

// joinParams notes that a function's parameters are what a call gives it.
func (s *source) joinParams(fun ast.Expr, args []ast.Expr) {
	f := s.callee(fun)
	if f == nil {
		return
	}
	params := f.Signature().Params()
	for i, a := range args {
		if i >= params.Len() {
			return
		}
		p := params.At(i)
		if u, ok := a.(*ast.UnaryExpr); ok && u.Op == token.AND && s.targets[p] == nil {
			if to := s.object(u.X); to != nil {
				s.targets[p] = to
			}
		}
		s.unite(p, s.object(a), p.Type())
	}
}

// opsOn returns the operations with one of the verbs on an object: those that name the very object,
// or, where there are none, those on what it may be the same as.
func (s *source) opsOn(o types.Object, verbs ...string) []op {
	var exact, loose []op
	if o == nil {
		return nil
	}
	for _, p := range s.ops {
		if p.obj == nil || !slices.Contains(verbs, p.verb) {
			continue
		}
		if p.obj == o {
			exact = append(exact, p)
		}
		if s.same(p.obj) == s.same(o) {
			loose = append(loose, p)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return loose
}
