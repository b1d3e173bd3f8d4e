package check

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Missing says, in sentences about the learner's package, what the hidden tests need of it: test is
// the tests' package checked against the reference solution want, and got is the learner's package.
// Only what the tests use is compared. The answer is empty where nothing differs.
func Missing(test *Package, want *types.Package, got *Package) []Lack {
	var all []Lack
	for _, obj := range uses(test, want) {
		text, yours := compare(obj, got.Types)
		if text == "" || slices.ContainsFunc(all, func(l Lack) bool { return l.Text == text }) {
			continue
		}
		l := Lack{Text: text}
		pos := token.NoPos
		if yours != nil {
			pos = yours.Pos()
		} else if len(got.Files) > 0 {
			pos = got.Files[0].Name.Pos()
		}
		if at := got.Fset.Position(pos); pos.IsValid() {
			l.File, l.Line = at.Filename, at.Line
		}
		all = append(all, l)
	}
	return all
}

// Lack is what the tests need of a package, and the line where it has something else: its package clause where it has
// nothing of the kind.
type Lack struct {
	Text string
	File string
	Line int // 0 where it is not known
}

// uses returns the objects of pkg that a package mentions, in the order of pkg's text.
func uses(p *Package, pkg *types.Package) []types.Object {
	seen := map[types.Object]bool{}
	var all []types.Object
	for _, obj := range p.Info.Uses {
		if f, ok := obj.(*types.Func); ok {
			obj = f.Origin()
		}
		if v, ok := obj.(*types.Var); ok {
			obj = v.Origin()
		}
		if obj.Pkg() != nil && obj.Pkg().Path() == pkg.Path() && !seen[obj] {
			seen[obj] = true
			all = append(all, obj)
		}
	}
	slices.SortFunc(all, func(a, b types.Object) int { return int(a.Pos()) - int(b.Pos()) })
	return all
}

// compare says how got's object of the same name differs from obj, or "", and returns that or what it belongs to.
func compare(obj types.Object, got *types.Package) (text string, yours types.Object) {
	need := describe(obj)
	if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
		return compareMethod(f, got, need)
	}
	if v, ok := obj.(*types.Var); ok && v.IsField() {
		return "", nil // a field's type is part of its struct's, which cannot be named here
	}
	if _, ok := obj.(*types.PkgName); ok {
		return "", nil
	}
	yours = got.Scope().Lookup(obj.Name())
	if yours == nil {
		return fmt.Sprintf("the tests need %s, and package %s has no %s", need, got.Name(), obj.Name()), nil
	}
	if _, isType := obj.(*types.TypeName); isType {
		if _, ok := yours.(*types.TypeName); ok {
			return "", nil
		}
		return fmt.Sprintf("the tests need %s; yours is %s", need, describe(yours)), yours
	}
	if have := describe(yours); have != need && !generic(obj) {
		return fmt.Sprintf("the tests need %s; yours is %s", need, have), yours
	}
	return "", nil
}

// compareMethod looks for a method in the learner's type of the same name.
func compareMethod(want *types.Func, got *types.Package, need string) (string, types.Object) {
	owner := receiver(want)
	tn, ok := got.Scope().Lookup(owner).(*types.TypeName)
	if owner == "" || !ok {
		return "", nil // said of the type itself
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(tn.Type()), true, got, want.Name())
	yours, ok := obj.(*types.Func)
	if !ok {
		return fmt.Sprintf("the tests need %s, and %s has no method %s", need, owner, want.Name()), tn
	}
	at := types.Object(yours)
	if yours.Pkg() != got { // it comes with an embedded type
		at = tn
	}
	if have := describe(yours); plain(have) != plain(need) && !generic(want) {
		return fmt.Sprintf("the tests need %s; yours is %s", need, have), at
	}
	return "", nil
}

// generic reports whether an object is a function with type parameters, which may have other names.
func generic(obj types.Object) bool {
	f, ok := obj.(*types.Func)
	return ok && (f.Signature().TypeParams().Len() > 0 || f.Signature().RecvTypeParams().Len() > 0)
}

// plain hides whether a receiver is a pointer: the tests can call either.
func plain(s string) string { return strings.Replace(s, "func (*", "func (", 1) }

func receiver(f *types.Func) string {
	t := f.Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// describe writes an object as its declaration, without the names of parameters and packages.
func describe(obj types.Object) string {
	qualify := func(p *types.Package) string {
		if p == obj.Pkg() {
			return ""
		}
		return p.Name()
	}
	switch o := obj.(type) {
	case *types.Func:
		sig := types.TypeString(unnamed(o.Signature()), qualify)
		if r := o.Signature().Recv(); r != nil {
			return fmt.Sprintf("func (%s) %s%s", types.TypeString(r.Type(), qualify), o.Name(), strings.TrimPrefix(sig, "func"))
		}
		return "func " + o.Name() + strings.TrimPrefix(sig, "func")
	case *types.TypeName:
		return "type " + o.Name()
	case *types.Const:
		return fmt.Sprintf("const %s %s", o.Name(), types.TypeString(o.Type(), qualify))
	}
	return fmt.Sprintf("var %s %s", obj.Name(), types.TypeString(obj.Type(), qualify))
}

// unnamed returns a signature without receiver and parameter names.
func unnamed(s *types.Signature) *types.Signature {
	strip := func(t *types.Tuple) *types.Tuple {
		vars := make([]*types.Var, t.Len())
		for i := range vars {
			vars[i] = types.NewParam(0, nil, "", t.At(i).Type())
		}
		return types.NewTuple(vars...)
	}
	return types.NewSignatureType(nil, nil, nil, strip(s.Params()), strip(s.Results()), s.Variadic())
}
