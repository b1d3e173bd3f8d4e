package explore

import (
	"go/ast"
	"go/token"
	"go/types"
)

func block(list ...ast.Stmt) *ast.BlockStmt { return &ast.BlockStmt{List: list} }

// ifStmt moves what must happen before the condition in front of the statement.
func (r *rewriter) ifStmt(s *ast.IfStmt) []ast.Stmt {
	var init []ast.Stmt
	if s.Init != nil {
		init = r.plain(s.Init)
		init = open(init)
		s.Init = nil
	}
	pre := append(init, r.before(r.line(s.Cond.Pos()), noteNone, &s.Cond)...)
	r.block(s.Body)
	switch e := s.Else.(type) {
	case *ast.BlockStmt:
		r.block(e)
	case *ast.IfStmt:
		s.Else = block(r.ifStmt(e)...)
	}
	if len(init) > 0 {
		return []ast.Stmt{block(append(pre, s)...)}
	}
	return append(pre, s)
}

// open takes away the block around a split assignment, whose variables are temporaries.
func open(list []ast.Stmt) []ast.Stmt {
	if len(list) == 1 {
		if b, ok := list[0].(*ast.BlockStmt); ok {
			return b.List
		}
	}
	return list
}

// condition puts what must happen before each evaluation into the condition itself.
func (r *rewriter) condition(e *ast.Expr) {
	if *e == nil {
		return
	}
	line := r.line((*e).Pos())
	n := needs{mark: true}
	r.look(&n, e)
	r.literalsIn(*e)
	r.receives(line, n.recvs)
	first := ""
	switch {
	case len(n.loads) > 0 || n.step:
		first = "B"
	case n.any():
		first = "In"
	default:
		return
	}
	*e = &ast.BinaryExpr{X: r.call(first, line), Op: token.LAND, Y: &ast.ParenExpr{X: *e}}
}

func (r *rewriter) forStmt(s *ast.ForStmt) []ast.Stmt {
	var pre []ast.Stmt
	spin := r.spins(s)
	if a, ok := s.Init.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
		for i := range a.Rhs {
			pre = append(pre, r.before(r.line(a.Pos()), noteNone, &a.Rhs[i])...)
		}
	} else if s.Init != nil {
		pre, s.Init = r.plain(s.Init), nil
	}
	if s.Post != nil {
		if list := r.plain(s.Post); len(list) != 1 || list[0] != s.Post {
			s.Post = &ast.ExprStmt{X: &ast.CallExpr{Fun: literal(nil, list...)}}
		}
	}
	r.condition(&s.Cond)
	r.block(s.Body)
	if spin {
		s.Body.List = append([]ast.Stmt{yield()}, s.Body.List...)
	}
	return pre
}

// spins reports whether a loop only waits for what another goroutine does.
func (r *rewriter) spins(s *ast.ForStmt) bool {
	if s.Post != nil {
		return false
	}
	waits, works := false, false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			works = works || n.Tok != token.DEFINE
		case *ast.IncDecStmt, *ast.SendStmt, *ast.SelectStmt, *ast.GoStmt, *ast.DeferStmt, *ast.RangeStmt:
			works = true
		case *ast.Ident:
			waits = waits || r.place(n) && r.visible(n)
		case *ast.SelectorExpr:
			waits = waits || r.place(n) && r.visible(n)
		case *ast.CallExpr:
			switch r.callKind(n) {
			case parkCall:
				waits = true
			case printCall, ownCall:
				works = true
			}
		}
		return true
	})
	return waits && !works
}

func (r *rewriter) rangeStmt(s *ast.RangeStmt, labelled func(ast.Stmt) ast.Stmt) []ast.Stmt {
	line := r.line(s.Pos())
	if _, ok := r.Info.TypeOf(s.X).Underlying().(*types.Chan); !ok {
		pre := r.before(line, noteNone, &s.X)
		r.block(s.Body)
		s.Body.List = append(r.assigned(line, s), s.Body.List...)
		return append(pre, labelled(s))
	}
	pre := r.before(line, noteNone, &s.X)
	ch := r.temp()
	pre = append(pre, define(ch, s.X))
	v, ok := r.temp(), r.temp()
	if s.Key == nil {
		v = "_"
	}
	body := []ast.Stmt{
		r.do("ToReceive", line, ast.NewIdent(ch)),
		&ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(v), ast.NewIdent(ok)}, Tok: token.DEFINE, Rhs: []ast.Expr{recv(ast.NewIdent(ch))}},
		&ast.IfStmt{Cond: &ast.UnaryExpr{Op: token.NOT, X: ast.NewIdent(ok)}, Body: block(&ast.BranchStmt{Tok: token.BREAK})},
	}
	if s.Key != nil {
		if s.Tok == token.ASSIGN && r.visible(s.Key) {
			body = append(body, r.point(line, noteWrite))
		}
		body = append(body, &ast.AssignStmt{Lhs: []ast.Expr{s.Key}, Tok: s.Tok, Rhs: []ast.Expr{ast.NewIdent(v)}})
	}
	r.block(s.Body)
	loop := &ast.ForStmt{Body: block(append(body, s.Body.List...)...)}
	return []ast.Stmt{block(append(pre, labelled(loop))...)}
}

// assigned makes what a range loop does to variables of the program, in each round, steps of its body,
// and has the loop define variables of its own.
func (r *rewriter) assigned(line int, s *ast.RangeStmt) (list []ast.Stmt) {
	visible := func(e ast.Expr) bool {
		id, blank := e.(*ast.Ident)
		return e != nil && !(blank && id.Name == "_") && r.visible(e)
	}
	if s.Tok != token.ASSIGN || !visible(s.Key) && !visible(s.Value) {
		return nil
	}
	for _, e := range []*ast.Expr{&s.Key, &s.Value} {
		if id, ok := (*e).(*ast.Ident); *e == nil || ok && id.Name == "_" {
			continue
		}
		t := r.temp()
		if visible(*e) {
			list = append(list, r.point(line, noteWrite))
		}
		list = append(list, assign(*e, ast.NewIdent(t)))
		*e = ast.NewIdent(t)
	}
	s.Tok = token.DEFINE
	return list
}

func (r *rewriter) switchStmt(s *ast.SwitchStmt, labelled func(ast.Stmt) ast.Stmt) []ast.Stmt {
	var init []ast.Stmt
	if s.Init != nil {
		init = open(r.plain(s.Init))
		s.Init = nil
	}
	pre := append(init, r.before(r.line(s.Pos()), noteNone, &s.Tag)...)
	if s.Tag == nil {
		pre = append(pre, r.tagless(s)...)
	}
	r.clauses(s.Body)
	if len(init) > 0 {
		return []ast.Stmt{block(append(pre, labelled(s))...)}
	}
	return append(pre, labelled(s))
}

// typeSwitchStmt looks at the value in a step of its own where others may change it.
func (r *rewriter) typeSwitchStmt(s *ast.TypeSwitchStmt, labelled func(ast.Stmt) ast.Stmt) []ast.Stmt {
	var init []ast.Stmt
	if s.Init != nil {
		init = open(r.plain(s.Init))
		s.Init = nil
	}
	var x *ast.TypeAssertExpr
	switch a := s.Assign.(type) {
	case *ast.ExprStmt:
		x = a.X.(*ast.TypeAssertExpr)
	case *ast.AssignStmt:
		x = a.Rhs[0].(*ast.TypeAssertExpr)
	}
	pre := append(init, r.before(r.line(s.Pos()), noteNone, &x.X)...)
	r.clauses(s.Body)
	if len(init) > 0 {
		return []ast.Stmt{block(append(pre, labelled(s))...)}
	}
	return append(pre, labelled(s))
}

// tagless puts the steps of the cases' conditions into them.
func (r *rewriter) tagless(s *ast.SwitchStmt) []ast.Stmt {
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		for i := range c.List {
			r.condition(&c.List[i])
		}
	}
	return nil
}

// selectStmt asks the scheduler which case it is to be and turns the statement into a switch.
func (r *rewriter) selectStmt(s *ast.SelectStmt, labelled func(ast.Stmt) ast.Stmt) []ast.Stmt {
	line := r.line(s.Pos())
	var pre []ast.Stmt
	var chans []ast.Expr
	var cases []ast.Stmt
	dirs, other := "", false
	for _, c := range s.Body.List {
		c := c.(*ast.CommClause)
		if c.Comm == nil {
			other = true
			cases = append(cases, &ast.CaseClause{List: []ast.Expr{number(-1)}, Body: r.list(c.Body)})
			continue
		}
		ch, first := r.comm(c, &pre)
		if _, send := c.Comm.(*ast.SendStmt); send {
			dirs += "s"
		} else {
			dirs += "r"
		}
		cases = append(cases, &ast.CaseClause{List: []ast.Expr{number(len(chans))}, Body: append(first, r.list(c.Body)...)})
		chans = append(chans, ch)
	}
	if other {
		dirs += "d"
	}
	if len(cases) == 0 { // the interpreter skips a switch without cases
		return []ast.Stmt{r.do("Choose", line, text(dirs))}
	}
	tag := r.call("Choose", line, append([]ast.Expr{text(dirs)}, chans...)...)
	sw := &ast.SwitchStmt{Tag: tag, Body: block(cases...)}
	return []ast.Stmt{block(append(pre, labelled(sw))...)}
}

// comm evaluates a case's channel and value into pre. It returns the channel and the communication.
func (r *rewriter) comm(c *ast.CommClause, pre *[]ast.Stmt) (ast.Expr, []ast.Stmt) {
	line := r.line(c.Comm.Pos())
	keep := func(e *ast.Expr) {
		if tv := r.Info.Types[*e]; tv.Value != nil || tv.IsNil() {
			return
		}
		*pre = append(*pre, r.before(line, noteRead, e)...)
		t := r.temp()
		*pre = append(*pre, define(t, *e))
		*e = ast.NewIdent(t)
	}
	switch s := c.Comm.(type) {
	case *ast.SendStmt:
		keep(&s.Chan)
		keep(&s.Value)
		return s.Chan, []ast.Stmt{r.do("At", line), s}
	case *ast.ExprStmt:
		u := ast.Unparen(s.X).(*ast.UnaryExpr)
		keep(&u.X)
		return u.X, []ast.Stmt{r.do("At", line), s}
	case *ast.AssignStmt:
		u := ast.Unparen(s.Rhs[0]).(*ast.UnaryExpr)
		keep(&u.X)
		return u.X, append([]ast.Stmt{r.do("At", line)}, r.received(line, s)...)
	}
	return ast.NewIdent("nil"), nil
}

// received stores what a case received; the interpreter cannot do that to an element or a field.
func (r *rewriter) received(line int, s *ast.AssignStmt) []ast.Stmt {
	if s.Tok == token.DEFINE {
		return []ast.Stmt{s}
	}
	lhs := s.Lhs
	temps := make([]ast.Expr, len(lhs))
	for i := range temps {
		temps[i] = ast.NewIdent(r.temp())
	}
	list := []ast.Stmt{&ast.AssignStmt{Lhs: temps, Tok: token.DEFINE, Rhs: s.Rhs}}
	for i, l := range lhs {
		if r.visible(l) {
			list = append(list, r.point(line, noteWrite))
		}
		list = append(list, assign(l, temps[i]))
	}
	return list
}
