package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"slices"
)

// Type-checking cannot be stopped, nor kept from filling the memory, and a few dozen short lines can keep it
// busy for years: each of them names the one before it twice, or calls a generic function whose result has
// its type parameter twice. What doubles can be counted without types, by names alone.

// heavyBits is how often a program may double: with so many, type-checking takes some tens of milliseconds.
const heavyBits = 12

// Heavy reports whether the types and constants of a program may be so large when they are written out that
// they should be compiled under bounds before they are checked here. What cannot be parsed is not heavy.
func Heavy(files map[string][]byte) bool {
	w := &weights{declared: map[string][]ast.Expr{}, growing: map[string][]growth{}, known: map[string]float64{}}
	var trees []*ast.File
	for name, src := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
		if err != nil {
			return false
		}
		trees = append(trees, f)
		ast.Inspect(f, w.declare)
	}
	bits := 0.0
	for name := range w.declared {
		bits = max(bits, w.bits(name))
	}
	for _, f := range trees {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				return n.TypeParams == nil // else it is a part of what its name makes
			case *ast.Ident:
				bits += w.factor(n.Name)
			}
			return true
		})
	}
	return bits > heavyBits
}

// weights are what is known of a program's names. Declarations of the same name in different scopes count
// as one.
type weights struct {
	declared map[string][]ast.Expr // what types and constants are made of
	growing  map[string][]growth   // what may make a larger type of a type
	known    map[string]float64    // bits, and factors under names with a blank before them
}

// growth is types that are made of type parameters, and together are a part of one type.
type growth struct {
	params []string
	parts  []ast.Expr
}

func (w *weights) declare(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		for _, spec := range n.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && n.Tok == token.CONST {
				for _, id := range v.Names {
					w.declared[id.Name] = append(w.declared[id.Name], v.Values...)
				}
			}
		}
	case *ast.TypeSpec:
		w.declareType(n)
	case *ast.FuncDecl:
		w.declareFunc(n)
	}
	return true
}

// declareType notes what a type is made of. What grows is one argument at a time: whoever gives two has
// written both. A type that is no alias is known by its arguments, so it does not matter what else is in it.
func (w *weights) declareType(n *ast.TypeSpec) {
	name := n.Name.Name
	w.declared[name] = append(w.declared[name], n.Type)
	for _, param := range named(n.TypeParams) {
		if n.Assign.IsValid() {
			w.grows(name, []string{param}, n.Type)
		}
		ast.Inspect(n.Type, func(x ast.Node) bool {
			w.grows(name, []string{param}, arguments(x)...)
			return true
		})
	}
}

// declareFunc notes what a function makes of its arguments, which may all be the same, and what a method
// makes of those of its receiver.
func (w *weights) declareFunc(n *ast.FuncDecl) {
	if n.Type.Results == nil {
		return
	}
	for _, r := range n.Type.Results.List {
		w.grows(n.Name.Name, named(n.Type.TypeParams), r.Type)
		if n.Recv == nil {
			continue
		}
		ast.Inspect(n.Recv, func(x ast.Node) bool {
			for _, param := range arguments(x) {
				w.grows(n.Name.Name, []string{nameOf(param)}, r.Type)
			}
			return true
		})
	}
}

func (w *weights) grows(name string, params []string, parts ...ast.Expr) {
	if len(params) > 0 && len(parts) > 0 {
		w.growing[name] = append(w.growing[name], growth{params, parts})
	}
}

func named(fields *ast.FieldList) (names []string) {
	if fields != nil {
		for _, f := range fields.List {
			for _, id := range f.Names {
				names = append(names, id.Name)
			}
		}
	}
	return names
}

// made is the name of a generic type with arguments.
func made(n ast.Node) string {
	switch n := n.(type) {
	case *ast.IndexExpr:
		return nameOf(n.X)
	case *ast.IndexListExpr:
		return nameOf(n.X)
	}
	return ""
}

// arguments are what stands in the brackets of a generic type.
func arguments(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.IndexExpr:
		return []ast.Expr{n.Index}
	case *ast.IndexListExpr:
		return n.Indices
	}
	return nil
}

// nameOf is what a type is called that is no more than a name.
func nameOf(e ast.Expr) string {
	id, _ := e.(*ast.Ident)
	if id == nil {
		return ""
	}
	return id.Name
}

// bits is the logarithm of a name's size when all that it is made of is written out.
func (w *weights) bits(name string) float64 {
	if b, ok := w.known[name]; ok {
		return b
	}
	w.known[name] = 0 // what refers to itself counts as one
	sum := 1.0
	for _, e := range w.declared[name] {
		sum += w.size(e)
	}
	w.known[name] = math.Log2(sum)
	return w.known[name]
}

// size is that of an expression when the names in it are written out.
func (w *weights) size(e ast.Node) (sum float64) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			sum += float64(max(1, len(n.Names))) * w.size(n.Type)
			return false
		case *ast.Ident:
			if w.declared[n.Name] != nil {
				sum += math.Exp2(w.bits(n.Name))
			}
		}
		return true
	})
	return sum
}

// factor is the logarithm of how many times a type parameter is in what a name makes of it.
func (w *weights) factor(name string) float64 {
	all := w.growing[name]
	if all == nil {
		return 0
	}
	if f, ok := w.known[" "+name]; ok {
		return f
	}
	w.known[" "+name] = 0
	most := 1.0
	for _, g := range all {
		most = max(most, w.times(g.params, g.parts...))
	}
	w.known[" "+name] = math.Log2(most)
	return w.known[" "+name]
}

// times counts the type parameters in what is made of them.
func (w *weights) times(params []string, parts ...ast.Expr) (sum float64) {
	for _, e := range parts {
		ast.Inspect(e, func(n ast.Node) bool {
			if args := arguments(n); args != nil {
				sum += math.Exp2(w.factor(made(n))) * w.times(params, args...)
				return false
			}
			if id, ok := n.(*ast.Ident); ok && slices.Contains(params, id.Name) {
				sum++
			}
			return true
		})
	}
	return sum
}
