package schedule

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// op is one operation of a statement, in the order of evaluation.
type op struct {
	node  ast.Node
	kind  string
	on    string   // source of what is operated on
	point bool     // other goroutines can tell when it happens; calls of own functions have points inside
	wrap  bool     // its single result can pass through V
	guard ast.Expr // in an interpreted program, the right operand of && or || that begins with it
}

// reader collects the operations of the expressions that belong to one scheduling point. Bodies of
// function literals are not among them.
type reader struct {
	*file
	ops   []op
	calls []*ast.CallExpr // all calls, but for conversions and built-ins
}

func (r *reader) add(n ast.Node, kind, on string, point bool) {
	e, ok := n.(ast.Expr)
	single := false
	if tv, has := r.Info.Types[e]; ok && has && tv.IsValue() {
		_, tuple := tv.Type.(*types.Tuple)
		single = !tuple && tv.Type != nil
	}
	r.ops = append(r.ops, op{node: n, kind: kind, on: on, point: point, wrap: single})
}

// stmt collects a simple statement; nil is none.
func (r *reader) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ExprStmt:
		r.expr(s.X)
		if n := len(r.ops); n > 0 && r.ops[n-1].node == ast.Unparen(s.X) && r.ops[n-1].kind != "atomic" {
			r.ops[n-1].wrap = false
		}
	case *ast.SendStmt:
		r.expr(s.Chan)
		r.expr(s.Value)
		r.add(s, "send", r.text(s.Chan), true)
	case *ast.IncDecStmt:
		r.place(s.X)
		r.access(s.X, "read")
		r.ops = r.unwrapped(len(r.ops) - 1)
		r.target(s.X)
	case *ast.AssignStmt:
		r.assign(s)
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, spec := range d.Specs {
				r.exprs(spec.(*ast.ValueSpec).Values)
			}
		}
	case *ast.ReturnStmt:
		r.exprs(s.Results)
	}
}

func (r *reader) assign(s *ast.AssignStmt) {
	for _, l := range s.Lhs {
		r.place(l)
	}
	if r.Interpreted != nil {
		r.exprs(s.Rhs)
	}
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		r.access(s.Lhs[0], "read")
		r.ops = r.unwrapped(len(r.ops) - 1)
	}
	if r.Interpreted == nil {
		r.exprs(s.Rhs)
	}
	if s.Tok == token.DEFINE {
		for _, l := range s.Lhs {
			if id, ok := l.(*ast.Ident); ok && r.Info.Defs[id] == nil {
				r.target(l)
			}
		}
		return
	}
	for _, l := range s.Lhs {
		r.target(l)
	}
}

func (r *reader) exprs(l []ast.Expr) {
	for _, e := range l {
		r.expr(e)
	}
}

// expr collects what evaluating e does.
func (r *reader) expr(e ast.Expr) {
	if e == nil || r.Info.Types[e].Value != nil || r.Info.Types[e].IsType() {
		return
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		r.expr(e.X)
	case *ast.Ident, *ast.SelectorExpr, *ast.StarExpr, *ast.IndexExpr:
		r.location(e)
		r.access(e, "read")
	case *ast.SliceExpr:
		if _, ok := under(r.Info.TypeOf(e.X)).(*types.Array); ok {
			r.location(e.X)
		} else {
			r.expr(e.X)
		}
		r.exprs([]ast.Expr{e.Low, e.High, e.Max})
	case *ast.BinaryExpr:
		r.expr(e.X)
		from := len(r.ops)
		r.expr(e.Y)
		r.guard(e, from)
	case *ast.UnaryExpr:
		switch e.Op {
		case token.AND:
			r.address(e.X)
		case token.ARROW:
			r.expr(e.X)
			r.add(e, "recv", r.text(e.X), true)
		default:
			r.expr(e.X)
		}
	case *ast.TypeAssertExpr:
		r.expr(e.X)
	case *ast.CompositeLit:
		r.composite(e)
	case *ast.KeyValueExpr:
		r.expr(e.Key)
		r.expr(e.Value)
	case *ast.CallExpr:
		r.call(e)
	}
}

func (r *reader) composite(e *ast.CompositeLit) {
	t := under(r.Info.TypeOf(e))
	if p, ok := t.(*types.Pointer); ok {
		t = under(p.Elem())
	}
	_, isStruct := t.(*types.Struct)
	for _, el := range e.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok && isStruct {
			el = kv.Value
		}
		r.expr(el)
	}
}

func (r *reader) address(e ast.Expr) {
	if _, ok := ast.Unparen(e).(*ast.CompositeLit); ok {
		r.expr(ast.Unparen(e))
		return
	}
	r.place(e)
}

// place is location of what is not only read: no value on the way passes through V.
func (r *reader) place(e ast.Expr) {
	from := len(r.ops)
	r.location(e)
	r.ops = r.unwrapped(from)
}

// unwrapped is the operations, of which those of an interpreted program do not pass through V from the given one on.
func (r *reader) unwrapped(from int) []op {
	for i := max(from, 0); i < len(r.ops); i++ {
		r.ops[i].wrap = r.ops[i].wrap && r.Interpreted == nil
	}
	return r.ops
}

// guard notes that what e's right operand does from an operation on may not happen.
func (r *reader) guard(e *ast.BinaryExpr, from int) {
	if r.Interpreted == nil || from == len(r.ops) || e.Op != token.LAND && e.Op != token.LOR {
		return
	}
	if plainBool(r.Info.TypeOf(e.Y)) && r.ops[from].guard == nil {
		r.ops[from].guard = e.Y
	}
	r.add(e, "own", "", false)
}

// location collects what finding the location e does, without the access to it.
func (r *reader) location(e ast.Expr) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
	case *ast.SelectorExpr:
		if sel := r.Info.Selections[e]; sel == nil || r.Info.Types[e.X].IsType() {
			return
		} else if r.indirect(e) {
			r.expr(e.X)
		} else {
			r.location(e.X)
		}
	case *ast.StarExpr:
		r.expr(e.X)
	case *ast.IndexExpr:
		if r.Info.Types[e.Index].IsType() || isInstance(r.Info, e.X) {
			return
		}
		if _, ok := under(r.Info.TypeOf(e.X)).(*types.Array); ok {
			r.location(e.X)
		} else {
			r.expr(e.X)
		}
		r.expr(e.Index)
	default:
		r.expr(e)
	}
}

func isInstance(info *types.Info, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		_, ok := info.Uses[e].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		_, ok := info.Uses[e.Sel].(*types.Func)
		return ok && info.Selections[e] == nil
	}
	return false
}

// indirect reports whether the field or method that e selects is found through a pointer.
func (r *reader) indirect(e *ast.SelectorExpr) bool {
	if isPointer(r.Info.TypeOf(e.X)) {
		return true
	}
	sel := r.Info.Selections[e]
	return sel.Kind() == types.FieldVal && sel.Indirect()
}

// target notes the write to the location e, which location has visited.
func (r *reader) target(e ast.Expr) { r.access(e, "write") }

// access notes the read or write of the location e where other goroutines may share it.
func (r *reader) access(e ast.Expr, kind string) {
	e = ast.Unparen(e)
	if id, ok := e.(*ast.Ident); ok && id.Name == "_" || !r.shared(e) {
		return
	}
	r.add(e, kind, r.text(e), true)
	if kind != "read" || r.Interpreted == nil {
		r.ops[len(r.ops)-1].wrap = false
	}
}

// shared reports whether another goroutine may reach the location e.
func (r *reader) shared(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := r.Info.ObjectOf(e).(*types.Var)
		return ok && r.facts.variable(v)
	case *ast.SelectorExpr:
		v, ok := r.Info.Uses[e.Sel].(*types.Var)
		if !ok {
			return false
		}
		sel := r.Info.Selections[e]
		if sel == nil {
			return r.facts.variable(v)
		}
		return r.facts.variable(v) && (r.indirect(e) || r.shared(e.X)) || r.element(e.X)
	case *ast.StarExpr:
		return !r.Info.Types[e].IsType()
	case *ast.IndexExpr:
		switch t := under(r.Info.TypeOf(e.X)).(type) {
		case *types.Map, *types.Slice, *types.Pointer:
			return r.facts.changes(e.X)
		case *types.Array:
			return r.shared(e.X)
		case *types.Basic, *types.Signature:
			return false
		default:
			return t != nil
		}
	}
	return false
}

// element reports whether e is an element of a slice or a map, or part of one: those are overwritten in
// ways that name no field.
func (r *reader) element(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		switch under(r.Info.TypeOf(e.X)).(type) {
		case *types.Map, *types.Slice:
			return r.facts.changes(e.X)
		}
	case *ast.SelectorExpr:
		return r.Info.Selections[e] != nil && !r.indirect(e) && r.element(e.X)
	}
	return false
}

// needsPoint reports whether a point has to stand before the operations.
func (r *reader) needsPoint() bool {
	for _, o := range r.ops {
		if o.point {
			return true
		}
	}
	return false
}

// ranks says which operation names a statement that has several.
var ranks = map[string]int{"read": 1, "write": 2, "rw": 3, "len": 4, "func": 5, "call": 5, "std": 5, "timer": 6, "map": 8, "pool": 8, "atomic": 9}

// loud are the operations that may start or wake a goroutine.
var loud = map[string]bool{
	"send": true, "recv": true, "select": true, "close": true, "go": true, "timer": true, "sleep": true, "call": true, "func": true,
}

func quiet(ops []op) bool { return !slices.ContainsFunc(ops, func(o op) bool { return loud[o.kind] }) }

// main returns the operation that names the statement: the first of the highest rank; a read and a
// write of the same variable are one "rw".
func (r *reader) main() op {
	var best op
	top := 0
	for _, o := range r.ops {
		if !o.point {
			continue
		}
		rank := ranks[o.kind]
		if rank == 0 {
			rank = 10
		}
		if rank > top {
			best, top = o, rank
		}
	}
	if best.kind == "write" {
		for _, o := range r.ops {
			if o.kind == "read" && o.on == best.on {
				best.kind = "rw"
			}
		}
	}
	return best
}
