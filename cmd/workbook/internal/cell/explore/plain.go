package explore

import (
	"go/ast"
	"go/token"
	"go/types"
)

// plain rewrites a statement without blocks of its own.
func (r *rewriter) plain(s ast.Stmt) []ast.Stmt {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return r.exprStmt(s)
	case *ast.SendStmt:
		return r.sendStmt(s)
	case *ast.AssignStmt:
		return r.assignStmt(s)
	case *ast.IncDecStmt:
		op := token.ADD
		if s.Tok == token.DEC {
			op = token.SUB
		}
		return r.update(s, s.X, op, number(1))
	case *ast.DeclStmt:
		return r.declStmt(s)
	case *ast.ReturnStmt:
		return r.returnStmt(s)
	case *ast.GoStmt:
		return r.goStmt(s)
	case *ast.DeferStmt:
		return r.deferStmt(s)
	}
	return []ast.Stmt{s}
}

// before returns the steps to make before a statement that evaluates the given expressions. It
// gives all but the first of several loads a step of their own, and replaces receives within.
func (r *rewriter) before(line int, note string, list ...*ast.Expr) []ast.Stmt {
	n := needs{mark: true}
	for _, e := range list {
		r.look(&n, e)
	}
	for _, e := range list {
		if *e != nil {
			r.literalsIn(*e)
		}
	}
	r.receives(line, n.recvs)
	var pre []ast.Stmt
	switch {
	case len(n.loads) > 1 && !n.fixed && !n.calls && !n.parks && len(n.recvs) == 0:
		for _, e := range n.loads[:len(n.loads)-1] {
			t := r.temp()
			pre = append(pre, r.point(line, noteRead), define(t, *e))
			*e = ast.NewIdent(t)
		}
		pre = append(pre, r.point(line, note))
	case len(n.loads) > 0 || n.step:
		pre = append(pre, r.point(line, note))
	case n.parks || n.calls || len(n.recvs) > 0:
		pre = append(pre, r.do("At", line))
	}
	return pre
}

// receives turns each <-ch into <-func() chan T { Recv(ch); return ch }().
func (r *rewriter) receives(line int, list []*ast.Expr) {
	for _, e := range list {
		x := (*e).(*ast.UnaryExpr)
		t := r.temp()
		x.X = &ast.CallExpr{Fun: literal(r.typeExpr(r.Info.TypeOf(x.X)),
			define(t, x.X), r.do("ToReceive", line, ast.NewIdent(t)),
			&ast.ReturnStmt{Results: []ast.Expr{ast.NewIdent(t)}})}
	}
}

// direct returns the channel if e is a receive from a channel that is simple to name.
func direct(e ast.Expr) (ast.Expr, bool) {
	u, ok := ast.Unparen(e).(*ast.UnaryExpr)
	if !ok || u.Op != token.ARROW || !simple(u.X) {
		return nil, false
	}
	return u.X, true
}

// value returns the steps before evaluating *e, which is replaced if it has to be evaluated then.
func (r *rewriter) value(line int, e *ast.Expr) []ast.Stmt {
	if tv := r.Info.Types[*e]; tv.Value != nil || tv.IsNil() {
		return nil
	}
	t := r.temp()
	if ch, ok := direct(*e); ok {
		pre := []ast.Stmt{r.do("ToReceive", line, ch), define(t, *e)}
		*e = ast.NewIdent(t)
		return pre
	}
	var n needs
	r.look(&n, e)
	pre := r.before(line, noteRead, e)
	if n.any() {
		pre = append(pre, define(t, *e))
		*e = ast.NewIdent(t)
	}
	return pre
}

func (r *rewriter) exprStmt(s *ast.ExprStmt) []ast.Stmt {
	line := r.line(s.Pos())
	if ch, ok := direct(s.X); ok {
		return []ast.Stmt{r.do("ToReceive", line, ch), s}
	}
	x, ok := ast.Unparen(s.X).(*ast.CallExpr)
	if !ok {
		return append(r.before(line, noteNone, &s.X), s)
	}
	switch r.callKind(x) {
	case printCall:
		pre := r.arguments(line, x)
		return append(pre, r.point(line, noteNone), s)
	case freeCall:
		return append(r.freeStmt(line, x), s)
	}
	if id, ok := x.Fun.(*ast.Ident); ok && id.Name == "close" && len(x.Args) == 1 {
		pre := r.before(line, noteRead, &x.Args[0])
		return append(pre, r.do("ToClose", line, x.Args[0]), s)
	}
	return append(r.before(line, noteNone, &s.X), s)
}

// arguments evaluates a call's arguments in steps of their own.
func (r *rewriter) arguments(line int, x *ast.CallExpr) []ast.Stmt {
	var pre []ast.Stmt
	for i := range x.Args {
		if _, multi := r.Info.TypeOf(x.Args[i]).(*types.Tuple); multi || x.Ellipsis.IsValid() {
			pre = append(pre, r.before(line, noteRead, &x.Args[i])...)
			continue
		}
		pre = append(pre, r.value(line, &x.Args[i])...)
	}
	return pre
}

// freeStmt marks an Unlock, Done or Add. An Add outside main may come too late: that is a step.
func (r *rewriter) freeStmt(line int, x *ast.CallExpr) []ast.Stmt {
	var pre []ast.Stmt
	sel, ok := x.Fun.(*ast.SelectorExpr)
	if ok && isPointer(r.Info.TypeOf(sel.X)) {
		pre = r.before(line, noteRead, &sel.X)
	}
	for i := range x.Args {
		pre = append(pre, r.value(line, &x.Args[i])...)
	}
	if ok && sel.Sel.Name == "Add" && !r.inMain {
		return append(pre, r.point(line, noteNone))
	}
	return append(pre, r.do("Mark", line))
}

func (r *rewriter) sendStmt(s *ast.SendStmt) []ast.Stmt {
	line := r.line(s.Pos())
	pre := r.value(line, &s.Value)
	pre = append(pre, r.before(line, noteRead, &s.Chan)...)
	if !simple(s.Chan) {
		t := r.temp()
		pre = append(pre, define(t, s.Chan))
		s.Chan = ast.NewIdent(t)
	}
	return append(pre, r.do("ToSend", line, s.Chan), s)
}

func (r *rewriter) declStmt(s *ast.DeclStmt) []ast.Stmt {
	g, ok := s.Decl.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR {
		return []ast.Stmt{s}
	}
	var pre []ast.Stmt
	for _, spec := range g.Specs {
		v := spec.(*ast.ValueSpec)
		if len(v.Values) == 1 {
			if ch, ok := direct(v.Values[0]); ok {
				pre = append(pre, r.do("ToReceive", r.line(s.Pos()), ch))
				continue
			}
		}
		for i := range v.Values {
			pre = append(pre, r.before(r.line(s.Pos()), noteNone, &v.Values[i])...)
		}
	}
	return append(pre, s)
}

// returnStmt evaluates what waits before the return: the interpreter cannot return a received value.
func (r *rewriter) returnStmt(s *ast.ReturnStmt) []ast.Stmt {
	line := r.line(s.Pos())
	var n needs
	for i := range s.Results {
		r.look(&n, &s.Results[i])
	}
	if len(s.Results) == 1 && len(n.recvs) == 0 {
		return append(r.before(line, noteNone, &s.Results[0]), s)
	}
	var pre []ast.Stmt
	for i := range s.Results {
		pre = append(pre, r.value(line, &s.Results[i])...)
	}
	return append(pre, s)
}

// goStmt evaluates function and arguments now, as the language does, and starts a literal.
func (r *rewriter) goStmt(s *ast.GoStmt) []ast.Stmt {
	line := r.line(s.Pos())
	pre, x := r.bind(line, s.Call)
	f, ok := x.Fun.(*ast.FuncLit)
	if !ok || len(x.Args) > 0 || f.Type.Results != nil && len(f.Type.Results.List) > 0 {
		f = literal(nil, append(r.late(line, x), &ast.ExprStmt{X: x})...)
	}
	return []ast.Stmt{&ast.BlockStmt{List: append(pre, r.do("Spawn", line, f))}}
}

// late returns the step to make before a call whose arguments are evaluated already.
func (r *rewriter) late(line int, x *ast.CallExpr) []ast.Stmt {
	if id, ok := x.Fun.(*ast.Ident); ok && id.Name == "close" {
		return []ast.Stmt{r.do("ToClose", line, x.Args[0])}
	}
	switch r.callKind(x) {
	case stepCall, printCall:
		return []ast.Stmt{r.point(line, noteNone)}
	}
	return nil
}

// bind returns statements that evaluate the parts of a call, and the call of what they evaluated.
func (r *rewriter) bind(line int, x *ast.CallExpr) ([]ast.Stmt, *ast.CallExpr) {
	var pre []ast.Stmt
	keep := func(e *ast.Expr) {
		if tv := r.Info.Types[*e]; tv.Value != nil || tv.IsNil() {
			return
		}
		if _, multi := r.Info.TypeOf(*e).(*types.Tuple); multi {
			pre = append(pre, r.before(line, noteRead, e)...)
			return
		}
		pre = append(pre, r.value(line, e)...)
		if id, ok := (*e).(*ast.Ident); ok && len(pre) > 0 && isTemp(id.Name) {
			return
		}
		t := r.temp()
		pre = append(pre, define(t, *e))
		*e = ast.NewIdent(t)
	}
	switch fun := ast.Unparen(x.Fun).(type) {
	case *ast.FuncLit:
		r.literalsIn(fun)
	case *ast.SelectorExpr:
		if sel := r.Info.Selections[fun]; sel != nil && sel.Kind() == types.MethodVal {
			r.bindReceiver(fun, keep)
		} else if sel != nil {
			keep(&x.Fun)
		}
	case *ast.Ident:
		if _, ok := r.Info.Uses[fun].(*types.Var); ok {
			keep(&x.Fun)
		}
	default:
		keep(&x.Fun)
	}
	for i := range x.Args {
		keep(&x.Args[i])
	}
	return pre, x
}

// bindReceiver keeps the receiver, by its address where the method takes that.
func (r *rewriter) bindReceiver(fun *ast.SelectorExpr, keep func(*ast.Expr)) {
	if r.takesAddress(fun) && !isPointer(r.Info.TypeOf(fun.X)) {
		return
	}
	keep(&fun.X)
}

func isTemp(name string) bool {
	return len(name) > 3 && name[0] == 't' && name[len(name)-2:] == "__"
}

// deferStmt makes what a deferred call does a step at the time when it happens.
func (r *rewriter) deferStmt(s *ast.DeferStmt) []ast.Stmt {
	line := r.line(s.Pos())
	kind := r.callKind(s.Call)
	if kind != stepCall && kind != printCall {
		var list []*ast.Expr
		for i := range s.Call.Args {
			list = append(list, &s.Call.Args[i])
		}
		pre := r.before(line, noteNone, list...)
		r.literalsIn(s.Call.Fun)
		return append(pre, s)
	}
	pre, x := r.bind(line, s.Call)
	s.Call = &ast.CallExpr{Fun: literal(nil, append(r.late(line, x), &ast.ExprStmt{X: x})...)}
	return append(pre, s)
}
