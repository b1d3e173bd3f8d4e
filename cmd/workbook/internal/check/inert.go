package check

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// inertBytes is what the variables of an inert package take at most, with what they point to.
const inertBytes = 64 << 10

// tellers are functions by which a program learns by what name it was built.
var tellers = map[string][]string{
	"runtime":       {"Caller", "Callers", "CallersFrames", "FuncForPC", "Stack", "Frame", "Frames", "Func", "StackRecord"},
	"runtime/debug": {"Stack", "PrintStack", "ReadBuildInfo", "BuildInfo", "ParseBuildInfo", "SetTraceback"},
}

// Inert reports whether nothing of a package runs before one of its functions is called, so that a program
// that holds it beside others behaves as if it were not there: it has no init function, its variables begin
// as zero or as what the compiler can lay out, they are small, and it imports packages only that every test
// binary may hold. Nor can it notice under what import path it was built.
//
// What is not known to be inert is not: the answer decides what may be built together, and the verdict on
// one program must never depend on another.
func (p *Package) Inert() bool {
	if p.Types == nil || p.Info == nil {
		return false
	}
	r := &room{p, inertBytes}
	for _, f := range p.Files {
		for _, spec := range f.Imports {
			if !slices.Contains(Common, unquoted(spec.Path)) && !own(unquoted(spec.Path)) || spec.Name != nil && spec.Name.Name == "." {
				return false
			}
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Body == nil || d.Recv == nil && d.Name.Name == "init" {
					return false
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR && !r.vars(d) {
					return false
				}
			}
		}
	}
	return !p.tells()
}

// own reports whether an import path is one of the grader's tree.
func own(path string) bool { return len(path) > 9 && path[:9] == "workbook/" }

func unquoted(l *ast.BasicLit) string {
	return constant.StringVal(constant.MakeFromLiteral(l.Value, token.STRING, 0))
}

// room is what is left for the variables of a package.
type room struct {
	*Package
	left int64
}

// take reports whether there is room for so many values of a type.
func (r *room) take(t types.Type, n int64) bool {
	size := types.SizesFor("gc", "amd64").Sizeof(t)
	if size < 0 || n < 0 || n > inertBytes || size > inertBytes {
		return false
	}
	r.left -= (size + 8) * n
	return r.left >= 0
}

// vars reports whether the variables of a declaration are small, and laid out by the compiler.
func (r *room) vars(d *ast.GenDecl) bool {
	for _, s := range d.Specs {
		s, ok := s.(*ast.ValueSpec)
		if !ok {
			return false
		}
		for _, id := range s.Names {
			if v, ok := r.Info.Defs[id].(*types.Var); !ok && id.Name != "_" || ok && !r.take(v.Type(), 1) {
				return false
			}
		}
		for _, value := range s.Values {
			if !r.still(value) {
				return false
			}
		}
	}
	return true
}

// still reports whether nothing runs where an expression initialises a variable.
func (r *room) still(e ast.Expr) bool {
	if tv, ok := r.Info.Types[e]; ok && (tv.Value != nil || tv.IsNil()) {
		return tv.Value == nil || tv.Value.Kind() != constant.String || r.take(types.Typ[types.Byte], int64(len(constant.StringVal(tv.Value))))
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return true
	case *ast.Ident:
		return r.function(e)
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		if !ok || !r.function(e.Sel) {
			return false
		}
		_, pkg := r.Info.Uses[x].(*types.PkgName)
		return pkg
	case *ast.UnaryExpr:
		lit, ok := ast.Unparen(e.X).(*ast.CompositeLit)
		return ok && e.Op == token.AND && r.literal(lit)
	case *ast.CompositeLit:
		return r.literal(e)
	case *ast.CallExpr:
		return r.call(e)
	}
	return false
}

// function reports whether a name is a function's that the compiler knows.
func (r *room) function(id *ast.Ident) bool {
	_, ok := r.Info.Uses[id].(*types.Func)
	return ok
}

// literal is still for a literal of a struct, an array or a slice. A map is made by code that runs.
func (r *room) literal(e *ast.CompositeLit) bool {
	t := r.Info.Types[e].Type
	if t == nil {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if !r.take(u, 1) {
			return false
		}
	case *types.Array:
		if !r.take(u, 1) {
			return false
		}
	case *types.Slice:
		if !r.take(u.Elem(), r.length(e)) {
			return false
		}
	default:
		return false
	}
	for _, x := range e.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			x = kv.Value
		}
		if !r.still(x) {
			return false
		}
	}
	return true
}

// length is how many elements a slice's literal has, or a number too large where that is not known.
func (r *room) length(e *ast.CompositeLit) int64 {
	next, most := int64(0), int64(0)
	for _, x := range e.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			v := r.Info.Types[kv.Key].Value
			if v == nil {
				return inertBytes + 1
			}
			if next, ok = constant.Int64Val(constant.ToInt(v)); !ok {
				return inertBytes + 1
			}
		}
		next++
		most = max(most, next)
	}
	return most
}

// call allows conversions of nil, and one call, which every program has: errors.New of a constant. It
// allocates, and no more.
func (r *room) call(e *ast.CallExpr) bool {
	if len(e.Args) == 1 && r.Info.Types[e.Fun].IsType() && r.Info.Types[e.Args[0]].IsNil() {
		return true
	}
	sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
	if !ok || len(e.Args) != 1 || r.Info.Types[e.Args[0]].Value == nil {
		return false
	}
	fn, ok := r.Info.Uses[sel.Sel].(*types.Func)
	return ok && fn.FullName() == "errors.New" && r.still(e.Args[0])
}

// tells reports whether a package uses a function that may tell it its import path.
func (p *Package) tells() bool {
	for _, obj := range p.Info.Uses {
		if obj.Pkg() != nil && slices.Contains(tellers[obj.Pkg().Path()], obj.Name()) {
			return true
		}
	}
	return false
}
