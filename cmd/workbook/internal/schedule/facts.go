package schedule

import (
	"go/ast"
	"go/token"
	"go/types"
)

// facts are what the whole package says about its variables. They err towards "shared": a variable
// is private only where no other goroutine can reach it.
type facts struct {
	in        Input
	written   map[*types.Var]bool // assigned after its declaration; fields too
	addressed map[*types.Var]bool // its address was taken, other than for a synchronisation operation
	captured  map[*types.Var]bool // used by a function literal that may run in another goroutine
	idle      map[*types.Func]bool

	// Of an interpreted program, which is known as a whole.
	tries    bool                // somebody tries a lock
	elements map[string]bool     // types of slices, maps and arrays of which an element is written
	grown    map[string]bool     // types of slices that are appended to
	cut      map[string]bool     // types of slices of which a part is taken, so that what is appended may overwrite an element
	later    map[*types.Var]bool // variables that an entry still to be written can name
}

func gather(in Input) *facts {
	c := &facts{in: in, written: map[*types.Var]bool{}, addressed: map[*types.Var]bool{}, captured: map[*types.Var]bool{}, elements: map[string]bool{},
		grown: map[string]bool{}, cut: map[string]bool{}}
	c.noteLater()
	for _, f := range in.Files {
		var stack []ast.Node
		var lits []*ast.FuncLit // the literals around, those that may run elsewhere
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil {
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if len(lits) > 0 && lits[len(lits)-1] == top {
					lits = lits[:len(lits)-1]
				}
				return true
			}
			if lit, ok := n.(*ast.FuncLit); ok && !c.synchronous(lit, stack) {
				lits = append(lits, lit)
			}
			c.visit(n, stack, lits)
			stack = append(stack, n)
			return true
		})
	}
	return c
}

// synchronous reports whether the literal runs where it stands: called at once or deferred, or given
// to a function of the standard library that calls it before it returns.
func (c *facts) synchronous(lit *ast.FuncLit, stack []ast.Node) bool {
	i := len(stack) - 1
	for i >= 0 && isParen(stack[i]) {
		i--
	}
	call, ok := at(stack, i).(*ast.CallExpr)
	if !ok {
		return false
	}
	if ast.Unparen(call.Fun) == lit {
		_, goes := at(stack, i-1).(*ast.GoStmt)
		return !goes
	}
	fn, ok := c.callee(call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "sort", "slices", "maps", "strings", "bytes":
		return true
	}
	return false
}

func isParen(n ast.Node) bool { _, ok := n.(*ast.ParenExpr); return ok }

func at(stack []ast.Node, i int) ast.Node {
	if i < 0 {
		return nil
	}
	return stack[i]
}

func (c *facts) visit(n ast.Node, stack []ast.Node, lits []*ast.FuncLit) {
	switch n := n.(type) {
	case *ast.CallExpr:
		c.calls(n)
	case *ast.Ident:
		v, ok := c.in.Info.Uses[n].(*types.Var)
		for i := 0; ok && i < len(lits); i++ {
			if v.Pos() < lits[i].Pos() || v.Pos() > lits[i].End() {
				c.captured[v.Origin()] = true
			}
		}
	case *ast.AssignStmt:
		for _, l := range n.Lhs {
			c.write(l, n.Tok == token.DEFINE)
		}
	case *ast.IncDecStmt:
		if !ownCounter(n, stack) {
			c.write(n.X, false)
		}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			c.write(n.Key, false)
			c.write(n.Value, false)
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			c.address(n.X)
		}
	case *ast.SliceExpr:
		c.cut[c.key(n)] = true
		if _, ok := under(c.in.Info.TypeOf(n.X)).(*types.Array); ok {
			c.address(n.X)
		}
	case *ast.SelectorExpr:
		c.selector(n, stack)
	}
}

// ownCounter reports whether n is the post statement of the loop that declares n's variable: every
// iteration has a variable of its own then.
func ownCounter(n *ast.IncDecStmt, stack []ast.Node) bool {
	loop, ok := at(stack, len(stack)-1).(*ast.ForStmt)
	if !ok || loop.Post != n {
		return false
	}
	init, ok := loop.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE {
		return false
	}
	id, ok := n.X.(*ast.Ident)
	for _, l := range init.Lhs {
		if d, is := l.(*ast.Ident); ok && is && d.Name == id.Name {
			return true
		}
	}
	return false
}

// selector notes addresses that a call of a pointer method takes, and functions used as values.
func (c *facts) selector(n *ast.SelectorExpr, stack []ast.Node) {
	fn, ok := c.in.Info.Uses[n.Sel].(*types.Func)
	if !ok {
		return
	}
	c.tries = c.tries || fn.Name() == "TryLock" || fn.Name() == "TryRLock"
	call, called := at(stack, len(stack)-1).(*ast.CallExpr)
	called = called && ast.Unparen(call.Fun) == n
	sel := c.in.Info.Selections[n]
	if sel == nil || sel.Kind() != types.MethodVal || called && !c.in.rewritten(fn.Pkg()) {
		return
	}
	recv := fn.Signature().Recv()
	if recv == nil || !isPointer(recv.Type()) || isPointer(c.in.Info.TypeOf(n.X)) {
		return
	}
	c.address(n.X)
}

// write notes an assignment to e. A struct that is assigned as a whole has all its fields assigned.
func (c *facts) write(e ast.Expr, define bool) {
	if e == nil {
		return
	}
	if id, ok := e.(*ast.Ident); ok && define && c.in.Info.Defs[id] != nil {
		return
	}
	for _, v := range c.path(e) {
		c.written[v] = true
	}
	c.changesElement(e)
	c.fields(c.in.Info.TypeOf(e), 0)
}

func (c *facts) fields(t types.Type, depth int) {
	switch u := under(t).(type) {
	case *types.Struct:
		for v := range u.Fields() {
			c.written[v.Origin()] = true
			if depth < 4 {
				c.fields(v.Type(), depth+1)
			}
		}
	case *types.Array:
		c.fields(u.Elem(), depth+1)
	}
}

// calls notes that a built-in or foreign function may change the elements of what it is given.
func (c *facts) calls(n *ast.CallExpr) {
	switch fn := c.callee(n).(type) {
	case *types.Builtin:
		if len(n.Args) > 0 && (fn.Name() == "copy" || fn.Name() == "delete" || fn.Name() == "clear") {
			c.elements[c.key(n.Args[0])] = true
		}
		if fn.Name() == "append" && len(n.Args) > 1 {
			c.grown[c.key(n.Args[0])] = true
		}
	case *types.Func:
		if fn.Pkg() == nil || c.in.rewritten(fn.Pkg()) || fn.Pkg().Path() == "fmt" {
			return
		}
		for _, arg := range n.Args {
			c.elements[c.key(arg)] = true
		}
	}
}

func (c *facts) changesElement(e ast.Expr) {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.IndexExpr:
			c.elements[c.key(x.X)] = true
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		default:
			return
		}
	}
}

// key names the type of a slice, map or array.
func (c *facts) key(e ast.Expr) string {
	t := under(c.in.Info.TypeOf(e))
	if p, ok := t.(*types.Pointer); ok {
		t = under(p.Elem())
	}
	if t == nil {
		return ""
	}
	return t.String()
}

// changes reports whether somebody may write an element of e. Only of an interpreted program is that known.
func (c *facts) changes(e ast.Expr) bool {
	return c.in.Interpreted == nil || c.in.Interpreted.Entries != nil || c.elements[c.key(e)] || c.overlaps(e)
}

// overlaps reports whether what is appended to a slice of e's type may overwrite an element of another one.
func (c *facts) overlaps(e ast.Expr) bool { return c.grown[c.key(e)] && c.cut[c.key(e)] }

// noteLater collects the variables of the package, and those of main itself that are in no block, of a program that grows:
// what is done to them is a step from the start, so that the entries before do not change with those behind.
func (c *facts) noteLater() {
	if c.in.Interpreted == nil || c.in.Interpreted.Entries == nil {
		return
	}
	c.later = map[*types.Var]bool{}
	scope := c.in.Pkg.Scope()
	for _, name := range scope.Names() {
		if v, ok := scope.Lookup(name).(*types.Var); ok {
			c.later[v] = true
		}
	}
	for _, f := range c.in.Files {
		for _, d := range f.Decls {
			main, ok := d.(*ast.FuncDecl)
			if !ok || main.Recv != nil || main.Name.Name != "main" || main.Body == nil {
				continue
			}
			for id, o := range c.in.Info.Defs {
				if v, ok := o.(*types.Var); ok && main.Body.Pos() < id.Pos() && id.Pos() < main.Body.End() && ofFunction(v, scope) {
					c.later[v] = true
				}
			}
		}
	}
}

// ofFunction reports whether the variable belongs to a function's outermost block.
func ofFunction(v *types.Var, pkg *types.Scope) bool {
	s := v.Parent()
	return s != nil && s.Parent() != nil && s.Parent().Parent() == pkg
}

func (c *facts) address(e ast.Expr) {
	c.changesElement(e)
	for _, v := range c.path(e) {
		c.addressed[v] = true
	}
}

// path returns the variables that hold the location e: the variable x for x.f[1] with an array f, and the fields.
func (c *facts) path(e ast.Expr) []*types.Var {
	var out []*types.Var
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			if v, ok := c.in.Info.ObjectOf(x).(*types.Var); ok {
				out = append(out, v.Origin())
			}
			return out
		case *ast.SelectorExpr:
			sel := c.in.Info.Selections[x]
			if v, ok := c.in.Info.Uses[x.Sel].(*types.Var); ok {
				out = append(out, v.Origin())
			}
			if sel == nil || sel.Indirect() {
				return out
			}
			e = x.X
		case *ast.IndexExpr:
			if _, ok := under(c.in.Info.TypeOf(x.X)).(*types.Array); !ok {
				return out
			}
			e = x.X
		default:
			return out
		}
	}
}

// variable reports whether other goroutines may see a plain variable change.
func (c *facts) variable(v *types.Var) bool {
	v = v.Origin()
	if c.later[v] {
		return true
	}
	if v.IsField() && c.in.Interpreted != nil && v.Pkg() == c.in.Pkg {
		return c.written[v] || c.addressed[v] || c.later != nil
	}
	if v.IsField() {
		return v.Exported() || !c.in.rewritten(v.Pkg()) || v.Pkg() != c.in.Pkg || c.written[v] || c.addressed[v]
	}
	if v.Pkg() == nil {
		return false
	}
	if v.Parent() == v.Pkg().Scope() {
		switch {
		case types.Identical(v.Type(), types.Universe.Lookup("error").Type()) && !c.written[v]:
			return false
		case v.Pkg() == c.in.Pkg:
			return c.written[v] || c.addressed[v] || v.Exported() && !c.in.closed()
		}
		return c.in.rewritten(v.Pkg())
	}
	return c.addressed[v] || c.captured[v] && c.written[v]
}

// callee returns what a call names: a function, a variable, a built-in, or nil.
func (c *facts) callee(call *ast.CallExpr) types.Object {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return c.in.Info.Uses[fun]
	case *ast.SelectorExpr:
		return c.in.Info.Uses[fun.Sel]
	case *ast.IndexExpr:
		return c.callee(&ast.CallExpr{Fun: fun.X})
	case *ast.IndexListExpr:
		return c.callee(&ast.CallExpr{Fun: fun.X})
	}
	return nil
}

func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if p, ok := t.(*types.TypeParam); ok {
		return core(p)
	}
	return t.Underlying()
}

// core returns the one underlying type of a type parameter's type set, or its constraint.
func core(p *types.TypeParam) types.Type {
	i, ok := p.Constraint().Underlying().(*types.Interface)
	if !ok {
		return p.Constraint().Underlying()
	}
	for j := range i.NumEmbeddeds() {
		if u, ok := i.EmbeddedType(j).Underlying().(*types.Union); ok && u.Len() > 0 {
			return u.Term(0).Type().Underlying()
		} else if !ok {
			if _, nested := i.EmbeddedType(j).Underlying().(*types.Interface); !nested {
				return i.EmbeddedType(j).Underlying()
			}
		}
	}
	return i
}

func isPointer(t types.Type) bool { _, ok := under(t).(*types.Pointer); return ok }
