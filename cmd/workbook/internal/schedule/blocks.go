package schedule

import (
	"go/ast"
	"go/token"
	"go/types"
)

func (w *walker) ifStmt(s *ast.IfStmt, outer ast.Stmt) {
	r := w.reader(s.Init)
	r.expr(s.Cond)
	w.ifRest(s, r, w.point(s, outer, r))
}

func (w *walker) ifRest(s *ast.IfStmt, r *reader, n int32) {
	w.header(s.Init, r, n)
	w.literals(s.Cond)
	w.list(s.Body.List)
	switch e := s.Else.(type) {
	case *ast.BlockStmt:
		w.list(e.List)
	case *ast.IfStmt:
		w.now = e
		r := w.reader(e.Init)
		r.expr(e.Cond)
		n := int32(0)
		if o, ok := w.leading(r); ok {
			w.before(e.Pos(), e.End(), "{"+w.lead(e, o, r))
			w.after(e.Pos(), e.End(), "}")
			n = w.latest()
		}
		w.ifRest(e, r, n)
	}
}

// header rewrites the simple statement that begins a compound one.
func (w *walker) header(s ast.Stmt, r *reader, n int32) {
	w.wraps(r, n)
	if s == nil {
		return
	}
	w.literals(s)
	w.starts(s)
	w.splitLoad(s, w.reader(s)) // W has no place in a header
}

// forStmt gives the condition a point of its own, since it runs once more in every iteration; a post
// statement has its point at the end of the body.
func (w *walker) forStmt(s *ast.ForStmt, outer ast.Stmt) {
	init := w.reader(s.Init)
	cond := &reader{file: w.file}
	cond.expr(s.Cond)
	post := w.reader(s.Post)
	l := &loop{label: label(outer)}
	again := int32(0)
	switch {
	case !cond.needsPoint():
	case plainBool(w.Info.TypeOf(s.Cond)):
		o, ok := w.leading(cond)
		if !ok {
			break
		}
		again = w.site(s, o.kind, o.on, cond.ops)
		name := "B"
		if w.Interpreted != nil && (itself[o.kind] || w.letsOnly(o)) {
			name = "In"
		}
		w.before(s.Cond.Pos(), s.Cond.End(), w.call("%s(%d) && (", name, again))
		w.after(s.Cond.Pos(), s.Cond.End(), ")")
	default:
		init.ops = append(init.ops, cond.ops...)
		w.tail(l, s, cond)
	}
	n := w.point(s, outer, init)
	if post.needsPoint() {
		w.tail(l, s.Post, post)
	}
	if again > 0 || !cond.needsPoint() || w.Interpreted != nil {
		w.wraps(cond, again)
	}
	w.header(s.Init, init, n)
	if s.Cond != nil {
		w.literals(s.Cond)
	}
	w.header(s.Post, post, 0)
	sites := len(w.out.Sites)
	w.loop(l, s.Body)
	if w.spins(s) {
		w.before(s.Body.Lbrace+1, s.Body.Rbrace, w.call("Yield();"))
	}
	if s.Cond == nil && len(w.out.Sites) == sites {
		w.before(s.Body.Lbrace+1, s.Body.Rbrace, w.call("P(%d);", w.site(s, "spin", "", nil)))
	}
}

func plainBool(t types.Type) bool {
	b, ok := types.Unalias(t).(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func label(s ast.Stmt) string {
	if l, ok := s.(*ast.LabeledStmt); ok {
		return l.Label.Name
	}
	return ""
}

// tail gives the loop a point at the end of every iteration.
func (w *walker) tail(l *loop, s ast.Node, r *reader) {
	o := r.main()
	l.tail = w.site(s, o.kind, o.on, r.ops)
}

// loop rewrites a loop's body.
func (w *walker) loop(l *loop, b *ast.BlockStmt) {
	w.loops = append(w.loops, l)
	w.list(b.List)
	w.loops = w.loops[:len(w.loops)-1]
	if l.tail == 0 || len(b.List) > 0 && leaves(b.List[len(b.List)-1]) {
		return
	}
	w.after(b.Lbrace+1, b.Rbrace, ";"+w.call("P(%d)", l.tail))
}

func (w *walker) branch(s *ast.BranchStmt) {
	switch s.Tok {
	case token.GOTO:
		w.before(s.Pos(), s.End(), w.call("P(%d);", w.site(s, "loop", "", nil)))
	case token.CONTINUE:
		for i := len(w.loops) - 1; i >= 0; i-- {
			l := w.loops[i]
			if s.Label != nil && s.Label.Name != l.label {
				continue
			}
			if l.tail != 0 {
				w.before(s.Pos(), s.End(), w.call("P(%d);", l.tail))
			}
			return
		}
	}
}

func (w *walker) rangeStmt(s *ast.RangeStmt, outer ast.Stmt) {
	r := &reader{file: w.file}
	r.expr(s.X)
	l := &loop{label: label(outer)}
	on := w.text(s.X)
	if _, ok := under(w.Info.TypeOf(s.X)).(*types.Chan); ok && w.Interpreted != nil {
		w.wraps(r, w.point(s, outer, r))
		w.rangeChannel(s, outer)
		w.literals(s.X)
		w.loop(l, s.Body)
		return
	}
	switch under(w.Info.TypeOf(s.X)).(type) {
	case *types.Chan:
		r.add(s.X, "recv", on, true)
		w.tail(l, s, r)
	case *types.Map:
		r.add(s.X, "read", on, true)
	case *types.Slice, *types.Pointer:
		if s.Value != nil && w.facts.changes(s.X) {
			r.add(s.X, "read", on, true)
		}
	case *types.Signature:
		r.add(s.X, "func", on, true)
	}
	if w.Interpreted == nil {
		w.rangeStores(l, s, r)
	} else {
		w.storeFirst(s)
	}
	for i := range r.ops {
		r.ops[i].wrap = r.ops[i].wrap && r.ops[i].node != s.X
	}
	w.wraps(r, w.point(s, outer, r))
	w.literals(s.X)
	w.loop(l, s.Body)
}

// rangeStores notes that every iteration, the first one too, begins with a store into variables that are shared.
func (w *walker) rangeStores(l *loop, s *ast.RangeStmt, r *reader) {
	if s.Tok != token.ASSIGN {
		return
	}
	stores := &reader{file: w.file}
	for _, e := range []ast.Expr{s.Key, s.Value} {
		if e != nil {
			stores.place(e)
			stores.target(e)
		}
	}
	r.ops = append(r.ops, stores.ops...)
	if stores.needsPoint() && l.tail == 0 {
		w.tail(l, s, stores)
	}
}

func (w *walker) switchStmt(s *ast.SwitchStmt, outer ast.Stmt) {
	r := w.reader(s.Init)
	r.expr(s.Tag)
	if w.Interpreted != nil && s.Tag == nil {
		w.conditions(s.Body)
	} else {
		tag := len(r.ops)
		for _, c := range s.Body.List {
			r.exprs(c.(*ast.CaseClause).List)
		}
		for i := tag; i < len(r.ops); i++ {
			r.ops[i].wrap = r.ops[i].wrap && w.Interpreted == nil
		}
	}
	w.header(s.Init, r, w.point(s, outer, r))
	if s.Tag != nil {
		w.literals(s.Tag)
	}
	w.clauses(s.Body)
}

// conditions gives each case of a switch without a tag points of its own.
func (w *walker) conditions(b *ast.BlockStmt) {
	for _, c := range b.List {
		for _, e := range c.(*ast.CaseClause).List {
			r := &reader{file: w.file}
			r.expr(e)
			if o, ok := w.leading(r); ok && plainBool(w.Info.TypeOf(e)) {
				name := "B"
				if itself[o.kind] || w.letsOnly(o) {
					name = "In"
				}
				w.before(e.Pos(), e.End(), w.call("%s(%d) && (", name, w.half(e, o, r)))
				w.after(e.Pos(), e.End(), ")")
			}
			w.inner(r)
		}
	}
}

func (w *walker) typeSwitch(s *ast.TypeSwitchStmt, outer ast.Stmt) {
	r := w.reader(s.Init)
	switch a := s.Assign.(type) {
	case *ast.ExprStmt:
		r.expr(a.X)
	case *ast.AssignStmt:
		r.exprs(a.Rhs)
	}
	w.header(s.Init, r, w.point(s, outer, r))
	w.literals(s.Assign)
	for _, c := range s.Body.List {
		w.list(c.(*ast.CaseClause).Body)
	}
}

func (w *walker) clauses(b *ast.BlockStmt) {
	for _, c := range b.List {
		c := c.(*ast.CaseClause)
		for _, e := range c.List {
			w.literals(e)
		}
		w.list(c.Body)
	}
}
