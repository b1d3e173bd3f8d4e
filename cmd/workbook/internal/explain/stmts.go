package explain

import (
	"go/ast"
	"go/token"
	"go/types"
)

// stmt notes what a statement does.
func (c *collector) stmt(st ast.Stmt) {
	switch st := st.(type) {
	case *ast.AssignStmt:
		c.assign(st)
	case *ast.IncDecStmt:
		c.expr(st.X, reads|writes)
	case *ast.ExprStmt:
		c.expr(st.X, reads)
	case *ast.GoStmt:
		c.call(st.Call, st)
	case *ast.DeferStmt:
		c.call(st.Call, nil)
	case *ast.SendStmt:
		c.op("send", st.Chan, st)
		c.exprs(st.Chan, st.Value)
	case *ast.ReturnStmt:
		c.result(st)
	case *ast.DeclStmt:
		if d, ok := st.Decl.(*ast.GenDecl); ok {
			c.specs(d)
		}
	case *ast.LabeledStmt:
		c.stmt(st.Stmt)
	case *ast.BlockStmt:
		c.block(st)
	default:
		c.branch(st)
	}
}

// branch notes the statements that choose or repeat.
func (c *collector) branch(st ast.Stmt) {
	switch st := st.(type) {
	case *ast.IfStmt:
		c.stmts(st.Init)
		c.exprs(st.Cond)
		c.block(st.Body)
		c.stmts(st.Else)
	case *ast.ForStmt:
		c.stmts(st.Init)
		c.exprs(st.Cond)
		c.stmts(st.Post)
		c.block(st.Body)
	case *ast.RangeStmt:
		c.ranges(st)
	case *ast.SwitchStmt:
		c.stmts(st.Init)
		c.exprs(st.Tag)
		c.block(st.Body)
	case *ast.TypeSwitchStmt:
		c.stmts(st.Init, st.Assign)
		c.block(st.Body)
	case *ast.CaseClause:
		c.exprs(st.List...)
		c.stmts(st.Body...)
	case *ast.SelectStmt:
		c.block(st.Body)
	case *ast.CommClause:
		inner := *c
		inner.inSelect = true
		inner.stmts(st.Comm)
		c.stmts(st.Body...)
	}
}

func (c *collector) stmts(list ...ast.Stmt) {
	for _, st := range list {
		if st != nil {
			c.stmt(st)
		}
	}
}

func (c *collector) assign(st *ast.AssignStmt) {
	for i, rhs := range st.Rhs {
		lit, ok := rhs.(*ast.FuncLit)
		if id, named := st.Lhs[min(i, len(st.Lhs)-1)].(*ast.Ident); ok && named {
			c.source.literals[lit] = id.Name
		}
	}
	c.exprs(st.Rhs...)
	for i, lhs := range st.Lhs {
		m := writes
		if st.Tok != token.ASSIGN && st.Tok != token.DEFINE {
			m |= reads
		}
		c.expr(lhs, m)
		if len(st.Lhs) == len(st.Rhs) {
			c.source.join(lhs, st.Rhs[i])
		}
	}
}

func (c *collector) ranges(st *ast.RangeStmt) {
	s := c.source
	switch under(s.typeOf(st.X)).(type) {
	case *types.Chan:
		c.op("range", st.X, st)
	case *types.Map, *types.Slice:
		c.add(ref{obj: s.object(st.X), expr: st.X, kind: element, mode: reads})
		if st.Value != nil {
			s.join(st.Value, st.X)
		}
	}
	c.expr(st.X, reads)
	for _, e := range []ast.Expr{st.Key, st.Value} {
		if e != nil {
			c.expr(e, writes)
		}
	}
	c.block(st.Body)
}

// result notes a return statement, which also writes the named results.
func (c *collector) result(st *ast.ReturnStmt) {
	c.exprs(st.Results...)
	if c.fn == nil || len(st.Results) == 0 {
		return
	}
	if d, ok := c.fn.node.(*ast.FuncDecl); ok && len(st.Results) == 1 {
		c.source.unite(c.source.info.Defs[d.Name], c.source.object(st.Results[0]), c.source.typeOf(st.Results[0]))
	}
	if c.fn.typ().Results == nil {
		return
	}
	for _, f := range c.fn.typ().Results.List {
		for _, name := range f.Names {
			r := ref{obj: c.source.info.Defs[name], expr: name, typ: c.source.typeOf(name), mode: writes}
			if r.obj != nil && name.Name != "_" {
				r.fn, r.line = c.fn, c.source.line(st.Pos())
				c.source.refs = append(c.source.refs, r)
			}
		}
	}
}
