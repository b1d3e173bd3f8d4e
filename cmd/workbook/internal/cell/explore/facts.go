package explore

import (
	"go/ast"
	"go/token"
	"go/types"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// Program is a type-checked file whose positions are those that steps shall show.
type Program struct {
	Fset *token.FileSet
	File *ast.File
	Info *types.Info
	Pkg  *types.Package

	Entries []int // lines at which main is cut into entries, see Entry; more may follow the last one
}

// facts say which memory of a program several goroutines may touch while somebody changes it.
// All else can be touched without a step: nobody could tell the difference.
type facts struct {
	Program
	sites   []sched.Site
	home    map[types.Object]ast.Node // the function that declares a variable
	shared  map[types.Object]bool     // of the package, captured by a literal, or address taken
	written map[types.Object]bool     // variables and fields changed after their declaration
	element map[string]bool           // types of slices, maps and arrays of which an element is written
	post    map[*ast.IncDecStmt]bool  // increments of loop variables
	tryLock bool                      // some TryLock: then an Unlock is a step
	later   map[types.Object]bool     // variables that an entry still to be written can name
}

func collect(p Program) *facts {
	f := &facts{Program: p, home: map[types.Object]ast.Node{}, shared: map[types.Object]bool{},
		written: map[types.Object]bool{}, element: map[string]bool{}, post: map[*ast.IncDecStmt]bool{}}
	var funcs []ast.Node
	var stack []ast.Node
	ast.Inspect(p.File, func(n ast.Node) bool {
		if n == nil {
			if top := stack[len(stack)-1]; len(funcs) > 0 && top == funcs[len(funcs)-1] {
				funcs = funcs[:len(funcs)-1]
			}
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			funcs = append(funcs, n)
		}
		f.note(n, funcs)
		return true
	})
	f.noteLater()
	return f
}

// noteLater collects the variables of the package, and those of main itself that are in no block.
func (f *facts) noteLater() {
	f.later = map[types.Object]bool{}
	if f.Entries == nil {
		return
	}
	for _, name := range f.Pkg.Scope().Names() {
		f.later[f.Pkg.Scope().Lookup(name)] = true
	}
	for _, d := range f.File.Decls {
		main, ok := d.(*ast.FuncDecl)
		if !ok || main.Recv != nil || main.Name.Name != "main" || main.Body == nil {
			continue
		}
		for _, s := range main.Body.List {
			for _, id := range defined(s) {
				f.later[f.Info.Defs[id]] = true
			}
		}
	}
}

// defined returns the names that a statement defines for those behind it.
func defined(s ast.Stmt) (names []*ast.Ident) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		for _, l := range s.Lhs {
			if id, ok := l.(*ast.Ident); ok && s.Tok == token.DEFINE {
				names = append(names, id)
			}
		}
	case *ast.DeclStmt:
		if g, ok := s.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				names = append(names, spec.(*ast.ValueSpec).Names...)
			}
		}
	}
	return names
}

func (f *facts) note(n ast.Node, funcs []ast.Node) {
	switch n := n.(type) {
	case *ast.Ident:
		f.noteIdent(n, funcs)
	case *ast.AssignStmt:
		for _, l := range n.Lhs {
			if id, ok := l.(*ast.Ident); ok && f.Info.Defs[id] != nil {
				continue
			}
			f.write(l)
		}
	case *ast.IncDecStmt:
		if !f.post[n] {
			f.write(n.X)
		}
	case *ast.ForStmt:
		f.notePost(n)
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			f.write(n.Key)
			f.write(n.Value)
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			if !knowsItself(f.Info.TypeOf(n.X)) {
				f.write(n.X)
			}
			f.share(n.X)
		}
	case *ast.SelectorExpr:
		f.noteMethod(n)
	case *ast.CallExpr:
		if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear" || id.Name == "copy") && len(n.Args) > 0 {
			f.element[f.typeKey(n.Args[0])] = true
		}
	}
}

// notePost lets the loop variable's own increment be no write: each iteration has its own variable.
func (f *facts) notePost(n *ast.ForStmt) {
	post, ok := n.Post.(*ast.IncDecStmt)
	if !ok {
		return
	}
	if id, ok := post.X.(*ast.Ident); ok && f.inits(n.Init, id) {
		f.post[post] = true
	}
}

func (f *facts) inits(init ast.Stmt, id *ast.Ident) bool {
	a, ok := init.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE {
		return false
	}
	for _, l := range a.Lhs {
		if d, ok := l.(*ast.Ident); ok && f.Info.Defs[d] != nil && f.Info.Defs[d] == f.Info.Uses[id] {
			return true
		}
	}
	return false
}

func (f *facts) noteIdent(id *ast.Ident, funcs []ast.Node) {
	var in ast.Node
	if len(funcs) > 0 {
		in = funcs[len(funcs)-1]
	}
	if d, ok := f.Info.Defs[id].(*types.Var); ok {
		f.home[d] = in
		if d.Parent() == f.Pkg.Scope() {
			f.shared[d] = true
		}
	}
	if u, ok := f.Info.Uses[id].(*types.Var); ok && !u.IsField() && f.home[u] != nil && f.home[u] != in {
		f.shared[u] = true
	}
}

// noteMethod notes a method call that takes its receiver's address.
func (f *facts) noteMethod(n *ast.SelectorExpr) {
	if n.Sel.Name == "TryLock" || n.Sel.Name == "TryRLock" {
		f.tryLock = true
	}
	sel := f.Info.Selections[n]
	if sel == nil || sel.Kind() != types.MethodVal {
		return
	}
	recv := sel.Obj().(*types.Func).Signature().Recv()
	if _, ptr := recv.Type().(*types.Pointer); ptr {
		f.share(n.X)
	}
}

// share notes that the variable under e can be reached from elsewhere.
func (f *facts) share(e ast.Expr) {
	if v := f.root(e); v != nil {
		f.shared[v] = true
	}
}

// root returns the variable that holds e without following a pointer, or nil.
func (f *facts) root(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v, ok := f.object(e).(*types.Var); ok {
			return v
		}
	case *ast.SelectorExpr:
		if s := f.Info.Selections[e]; s != nil && !isPointer(f.Info.TypeOf(e.X)) {
			return f.root(e.X)
		}
	case *ast.IndexExpr:
		if _, ok := f.Info.TypeOf(e.X).Underlying().(*types.Array); ok {
			return f.root(e.X)
		}
	}
	return nil
}

func (f *facts) object(id *ast.Ident) types.Object {
	if o := f.Info.Uses[id]; o != nil {
		return o
	}
	return f.Info.Defs[id]
}

// knowsItself reports whether a type is one whose every use is a call that the scheduler sees.
func knowsItself(t types.Type) bool {
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	path := named.Obj().Pkg().Path()
	return path == "sync" || path == "sync/atomic"
}

func isPointer(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func (f *facts) typeKey(e ast.Expr) string {
	t := f.Info.TypeOf(e)
	if t == nil {
		return ""
	}
	return t.Underlying().String()
}

// write notes a change of the memory that e names.
func (f *facts) write(e ast.Expr) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if o := f.object(e); o != nil {
			f.written[o] = true
		}
	case *ast.SelectorExpr:
		if s := f.Info.Selections[e]; s != nil {
			f.written[s.Obj()] = true
		}
	case *ast.IndexExpr:
		f.element[f.typeKey(e.X)] = true
	}
}

// visible reports whether touching e is a step. e must be a place: a variable, field or element.
func (f *facts) visible(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		o := f.object(e)
		return o != nil && (f.shared[o] && f.written[o] || f.open(o))
	case *ast.SelectorExpr:
		s := f.Info.Selections[e]
		if s == nil || s.Kind() != types.FieldVal {
			return false
		}
		if (f.written[s.Obj()] || f.Entries != nil) && f.reachable(e.X) {
			return true
		}
		return f.visible(e.X)
	case *ast.IndexExpr:
		return f.changes(e.X) && f.reachable(e.X) || f.visible(e.X)
	case *ast.StarExpr:
		return true
	}
	return false
}

// reachable reports whether another goroutine may reach what e holds.
func (f *facts) reachable(e ast.Expr) bool {
	root := f.root(e)
	if root == nil {
		return true
	}
	switch root.Type().Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Interface:
		return true
	}
	return f.shared[root] || f.open(root)
}

// open reports whether an entry that is not written yet may share and change the variable: then
// touching it is a step from the start, so that the entries before do not change with those behind.
func (f *facts) open(o types.Object) bool {
	v, ok := o.(*types.Var)
	return ok && !v.IsField() && f.later[o]
}

// changes reports whether somebody writes an element of a slice, map or array of e's type.
func (f *facts) changes(e ast.Expr) bool { return f.element[f.typeKey(e)] || f.Entries != nil }

// place reports whether e names memory.
func (f *facts) place(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		_, ok := f.object(e).(*types.Var)
		return ok
	case *ast.SelectorExpr:
		s := f.Info.Selections[e]
		return s != nil && s.Kind() == types.FieldVal
	case *ast.IndexExpr:
		tv, ok := f.Info.Types[e]
		return ok && tv.IsValue() && f.changes(e.X)
	case *ast.StarExpr:
		tv, ok := f.Info.Types[e]
		return ok && tv.IsValue()
	}
	return false
}
