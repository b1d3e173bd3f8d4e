package explain

import (
	"go/ast"
	"go/token"
	"go/types"
)

// mode says what a piece of source does to the memory it names.
type mode int

const (
	reads mode = 1 << iota
	writes
	takes // its address: a method with a pointer receiver, &x; whatever happens behind it
	part  // the access is to a part of it: c.cfg in c.cfg.Host = "x"
)

// kind says which memory a reference means.
type kind int

const (
	whole   kind = iota // the variable or field itself; of a slice or map its header
	element             // an element of the map, slice, array or string
	pointee             // what the pointer points to
)

// ref is one use of a variable or field.
type ref struct {
	obj    types.Object // the variable, or the field whatever the value it is selected from
	expr   ast.Expr     // as written: "c.n"
	typ    types.Type   // of the memory meant
	kind   kind
	mode   mode
	atomic bool // an argument of a function of sync/atomic
	grows  bool // append
	fn     *function
	line   int
}

// op is one operation that can block or unblock a goroutine.
type op struct {
	obj      types.Object
	expr     ast.Expr // the channel, lock, wait group or condition
	verb     string   // "send", "receive", "range", "close", or a method of sync: "Lock", "Done", …
	node     ast.Node
	inSelect bool
	fn       *function
	file     string
	line     int
}

// collector walks a file and notes its functions, references and operations.
type collector struct {
	source   *source
	file     string
	fn       *function
	inSelect bool
	atomic   bool
}

func (c *collector) decl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Body != nil {
			c.function(d, nil, false)
		}
	case *ast.GenDecl:
		c.specs(d)
	}
}

func (c *collector) specs(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		vs, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, v := range vs.Values {
			if lit, ok := v.(*ast.FuncLit); ok && i < len(vs.Names) {
				c.source.literals[lit] = vs.Names[i].Name
			}
			c.expr(v, reads)
		}
		for i, name := range vs.Names {
			if obj := c.source.info.Defs[name]; obj != nil && vs.Type != nil {
				c.source.declared[obj] = types.ExprString(vs.Type)
			}
			if len(vs.Values) > 0 {
				c.expr(name, writes)
			}
			if i < len(vs.Values) {
				c.source.join(name, vs.Values[i])
			}
		}
	}
}

// function notes a function and walks its body.
func (c *collector) function(n ast.Node, started ast.Node, inline bool) {
	s := c.source
	f := &function{node: n, file: c.file, line: s.line(n.Pos()), last: s.line(n.End()), outer: c.fn, started: started, inline: inline}
	if lit, ok := n.(*ast.FuncLit); ok {
		f.name = s.literals[lit]
	}
	s.funcs = append(s.funcs, f)
	inner := &collector{source: s, file: c.file, fn: f}
	inner.block(f.body())
}

func (c *collector) block(b *ast.BlockStmt) {
	if b == nil {
		return
	}
	for _, st := range b.List {
		c.stmt(st)
	}
}

func (c *collector) add(r ref) {
	if r.obj == nil {
		return
	}
	r.fn = c.fn
	r.line = c.source.line(r.expr.Pos())
	if sel, ok := r.expr.(*ast.SelectorExpr); ok {
		r.line = c.source.line(sel.Sel.Pos())
	}
	r.atomic = c.atomic
	c.source.refs = append(c.source.refs, r)
}

func (c *collector) op(verb string, on ast.Expr, n ast.Node) {
	c.source.ops = append(c.source.ops, op{
		obj: c.source.object(on), expr: on, verb: verb, node: n, inSelect: c.inSelect,
		fn: c.fn, file: c.file, line: c.source.line(n.Pos()),
	})
}

// expr notes what an expression does, given what is done to its value.
func (c *collector) expr(e ast.Expr, m mode) {
	switch e := e.(type) {
	case *ast.Ident:
		c.add(ref{obj: c.source.variable(e), expr: e, typ: c.source.typeOf(e), mode: m})
	case *ast.ParenExpr:
		c.expr(e.X, m)
	case *ast.SelectorExpr:
		c.selector(e, m)
	case *ast.IndexExpr:
		c.index(e, m)
	case *ast.SliceExpr:
		c.expr(e.X, reads)
		c.exprs(e.Low, e.High, e.Max)
	case *ast.StarExpr:
		c.add(ref{obj: c.source.object(e.X), expr: e, typ: c.source.typeOf(e), kind: pointee, mode: m})
		c.expr(e.X, reads)
	case *ast.UnaryExpr:
		c.unary(e)
	case *ast.BinaryExpr:
		c.exprs(e.X, e.Y)
	case *ast.KeyValueExpr:
		c.exprs(e.Key, e.Value)
	case *ast.TypeAssertExpr:
		c.expr(e.X, reads)
	case *ast.CallExpr:
		c.call(e, nil)
	case *ast.FuncLit:
		c.function(e, nil, false)
	case *ast.CompositeLit:
		c.literal(e)
	}
}

func (c *collector) exprs(list ...ast.Expr) {
	for _, e := range list {
		if e != nil {
			c.expr(e, reads)
		}
	}
}

func (c *collector) unary(e *ast.UnaryExpr) {
	switch e.Op {
	case token.AND:
		c.expr(e.X, takes)
	case token.ARROW:
		c.op("receive", e.X, e)
		c.expr(e.X, reads)
	default:
		c.expr(e.X, reads)
	}
}

// selector notes x.f: the field, and x itself, which is read where it is a pointer and used in part
// where it is not.
func (c *collector) selector(e *ast.SelectorExpr, m mode) {
	s := c.source
	sel := s.info.Selections[e]
	if sel == nil { // a name of another package
		if v, ok := s.info.Uses[e.Sel].(*types.Var); ok && !v.IsField() {
			c.add(ref{obj: v, expr: e, typ: v.Type(), mode: m})
			return
		}
		if id, ok := e.X.(*ast.Ident); !ok || s.variable(id) != nil {
			c.expr(e.X, reads|takes) // a method of a type that could not be resolved, perhaps
		}
		return
	}
	_, pointer := under(s.typeOf(e.X)).(*types.Pointer)
	if sel.Kind() == types.FieldVal {
		c.add(ref{obj: s.variable(e.Sel), expr: e, typ: s.typeOf(e), mode: m})
		if pointer {
			c.add(ref{obj: s.object(e.X), expr: e.X, typ: s.typeOf(e), kind: pointee, mode: m | part})
			c.expr(e.X, reads)
		} else {
			c.expr(e.X, m|part)
		}
		return
	}
	byPointer := receiverIsPointer(sel.Obj())
	switch {
	case pointer && !byPointer:
		c.add(ref{obj: s.object(e.X), expr: e.X, typ: deref(s.typeOf(e.X)), kind: pointee, mode: reads})
		c.expr(e.X, reads)
	case !pointer && byPointer:
		c.expr(e.X, takes)
	default:
		c.expr(e.X, reads)
	}
}

func (c *collector) index(e *ast.IndexExpr, m mode) {
	s := c.source
	t := under(s.typeOf(e.X))
	if p, ok := t.(*types.Pointer); ok {
		t = under(p.Elem())
	}
	switch t.(type) {
	case *types.Map, *types.Slice, *types.Array, *types.Basic:
		c.add(ref{obj: s.object(e.X), expr: e, typ: s.typeOf(e), kind: element, mode: m})
	case *types.Signature:
		c.expr(e.X, reads)
		return
	}
	if _, ok := t.(*types.Array); ok {
		c.expr(e.X, m|part)
	} else {
		c.expr(e.X, reads)
	}
	c.expr(e.Index, reads)
}

func (c *collector) literal(e *ast.CompositeLit) {
	fields, isStruct := under(c.source.typeOf(e)).(*types.Struct)
	for i, el := range e.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			if isStruct && i < fields.NumFields() {
				c.source.unite(fields.Field(i), c.source.object(el), fields.Field(i).Type())
			}
			c.expr(el, reads)
			continue
		}
		if !isStruct {
			c.expr(kv.Key, reads)
		} else if id, ok := kv.Key.(*ast.Ident); ok {
			c.source.join(id, kv.Value)
		}
		c.expr(kv.Value, reads)
	}
}
