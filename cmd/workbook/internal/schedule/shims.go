package schedule

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// stands lists, by package, what the runtime stands in for, and under which name.
var stands = map[string]map[string]string{
	"sync": {
		"Mutex": "Mutex", "RWMutex": "RWMutex", "Once": "Once", "Cond": "Cond", "WaitGroup": "WaitGroup", "Pool": "Pool", "Map": "Map",
		"NewCond": "NewCond", "OnceFunc": "OnceFunc", "OnceValue": "OnceValue", "OnceValues": "OnceValues", "Locker": "Locker",
	},
	"runtime":          {"Gosched": "Gosched"},
	"testing/synctest": {"Test": "SynctestTest", "Wait": "SynctestWait"},
}

// standIn returns the runtime's name for a package-level object, or "".
func standIn(o types.Object) string {
	if o == nil || o.Pkg() == nil || o.Parent() != o.Pkg().Scope() {
		return ""
	}
	return stands[o.Pkg().Path()][o.Name()]
}

// isShim reports whether o is a type of package sync that the runtime replaces by one of its own.
func isShim(o types.Object) bool {
	_, ok := o.(*types.TypeName)
	return ok && o.Pkg() != nil && o.Pkg().Path() == "sync" && o.Name() != "Locker" && standIn(o) != ""
}

// replaceSync lets the file name the runtime's types and functions in place of the standard library's.
func (f *file) replaceSync() {
	dots := f.dots()
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			f.subtest(n)
			id, ok := n.X.(*ast.Ident)
			if _, is := f.Info.Uses[id].(*types.PkgName); !ok || !is {
				return true
			}
			if name := standIn(f.Info.Uses[n.Sel]); name != "" {
				f.used = true
				f.replace(id.Pos(), id.End(), f.alias)
				if name != n.Sel.Name {
					f.replace(n.Sel.Pos(), n.Sel.End(), name)
				}
			}
			return false
		case *ast.Ident:
			o := f.Info.Uses[n]
			if name := standIn(o); name != "" && dots[o.Pkg().Path()] {
				f.used = true
				f.replace(n.Pos(), n.End(), f.alias+"."+name)
			}
		}
		return true
	})
}

// subtest makes t.Run and t.Parallel methods of the runtime's.
func (f *file) subtest(sel *ast.SelectorExpr) {
	if f.Pkg.Path() != "testing" && f.ofTest(sel) { // in package testing itself, T is another type than the runtime's
		f.used = true
		f.before(sel.X.Pos(), sel.X.End(), f.alias+".Sub(")
		f.after(sel.X.Pos(), sel.X.End(), ")")
	}
}

// ofTest reports whether sel is the method Run or Parallel of a *testing.T.
func (f *file) ofTest(sel *ast.SelectorExpr) bool {
	fn, ok := f.Info.Uses[sel.Sel].(*types.Func)
	return ok && (fn.FullName() == "(*testing.T).Run" || fn.FullName() == "(*testing.T).Parallel") &&
		types.Identical(f.Info.TypeOf(sel.X), fn.Signature().Recv().Type())
}

// dots returns the paths of the file's dot imports.
func (f *file) dots() map[string]bool {
	dots := map[string]bool{}
	for _, spec := range f.tree.Imports {
		if spec.Name != nil && spec.Name.Name == "." {
			dots[strings.Trim(spec.Path.Value, "`\"")] = true
		}
	}
	return dots
}

// imports adds the import of the runtime on the line of the package clause, and keeps imports legal
// that nothing refers to any more.
func (f *file) imports() {
	for _, spec := range f.tree.Imports {
		path := strings.Trim(spec.Path.Value, "`\"")
		if f.Interpreted != nil || stands[path] == nil || f.needs(path, spec) {
			continue
		}
		switch {
		case spec.Name == nil:
			f.before(spec.Path.Pos(), spec.Path.End(), "_ ")
		case spec.Name.Name != "_":
			f.replace(spec.Name.Pos(), spec.Name.End(), "_")
		}
	}
	if f.used {
		f.after(f.tree.Name.Pos(), f.tree.Name.End(), fmt.Sprintf("; import %s %q", f.alias, f.Import))
	}
}

// needs reports whether the file still names something through the import.
func (f *file) needs(path string, spec *ast.ImportSpec) bool {
	dot := spec.Name != nil && spec.Name.Name == "."
	needed := false
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			id, ok := n.X.(*ast.Ident)
			if pkg, is := f.Info.Uses[id].(*types.PkgName); ok && is {
				needed = needed || !dot && pkg.Imported().Path() == path && standIn(f.Info.Uses[n.Sel]) == ""
				return false
			}
		case *ast.Ident:
			o := f.Info.Uses[n]
			needed = needed || dot && o != nil && o.Pkg() != nil && o.Pkg().Path() == path && o.Parent() == o.Pkg().Scope() && standIn(o) == ""
		}
		return true
	})
	return needed
}
