package schedule

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// What an interpreted program says in place of Go's own words: communication, go statements, and
// assignments of which each store is a step.

// communications replaces what is done to channels. A channel is made with room for one more, so that a send that
// the scheduler lets happen never blocks.
func (f *file) communications() {
	w := &walker{file: f}
	both := map[ast.Expr]bool{} // receives of a value and a truth
	skip := map[ast.Node]bool{} // communications of select statements
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CommClause:
			skip[n.Comm] = true
			if n.Comm != nil {
				ast.Inspect(n.Comm, func(n ast.Node) bool {
					if u, ok := n.(*ast.UnaryExpr); ok && u.Op == token.ARROW {
						skip[u] = true
						return false
					}
					return true
				})
			}
		case *ast.AssignStmt:
			if len(n.Lhs) == 2 && len(n.Rhs) == 1 {
				both[ast.Unparen(n.Rhs[0])] = true
			}
		case *ast.ValueSpec:
			if len(n.Names) == 2 && len(n.Values) == 1 {
				both[ast.Unparen(n.Values[0])] = true
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && !skip[n] {
				kind := "receive"
				if both[n] {
					kind = "commaok"
				}
				w.now = n
				w.replace(n.OpPos, n.OpPos+2, fmt.Sprintf("%s(%d, ", f.helper(kind, f.Info.TypeOf(n.X)), w.site(n, "recv", f.text(n.X), nil)))
				w.after(n.Pos(), n.End(), ")")
			}
		case *ast.SendStmt:
			if !skip[n] {
				w.before(n.Pos(), n.End(), fmt.Sprintf("%s(%d, ", f.helper("send", f.Info.TypeOf(n.Chan)), w.site(n, "send", f.text(n.Chan), nil)))
				w.replace(n.Arrow, n.Arrow+2, ",")
				w.after(n.Pos(), n.End(), ")")
			}
		case *ast.CallExpr:
			w.channelCall(n)
		}
		return true
	})
}

// channelCall replaces the built-in functions that know of a channel's room.
func (w *walker) channelCall(x *ast.CallExpr) {
	id, ok := ast.Unparen(x.Fun).(*ast.Ident)
	if !ok || len(x.Args) == 0 {
		return
	}
	if _, ok := w.Info.Uses[id].(*types.Builtin); !ok {
		return
	}
	t := w.Info.TypeOf(x.Args[0])
	if _, ok := under(t).(*types.Chan); !ok {
		return
	}
	switch {
	case id.Name == "make" && len(x.Args) == 1:
		w.after(x.Args[0].Pos(), x.Args[0].End(), ", 1")
	case id.Name == "make":
		w.before(x.Args[1].Pos(), x.Args[1].End(), "(")
		w.after(x.Args[1].Pos(), x.Args[1].End(), ")+1")
	case id.Name == "cap":
		w.replace(id.Pos(), id.End(), w.call("Cap"))
	case id.Name == "close":
		w.replace(x.Pos(), x.Lparen+1, fmt.Sprintf("%s(%d, ", w.helper("close", t), w.site(x, "close", w.text(x.Args[0]), nil)))
	}
}

// deferredClose puts the deferred close of a channel into a literal: interpreters lose a deferred call of a function.
func (w *walker) deferredClose(s *ast.DeferStmt) {
	if b, ok := w.facts.callee(s.Call).(*types.Builtin); !ok || b.Name() != "close" {
		return
	}
	t := w.temp()
	w.edit(before, s.Pos(), s.End(), part{text: t + " := "}, w.moved(s.Call.Args[0]), part{text: ";"})
	w.take(s.Call.Args[0], t)
	w.before(s.Call.Pos(), s.Call.End(), "func() { ")
	w.after(s.Call.Pos(), s.Call.End(), " }()")
}

// rangeChannel makes a loop over a channel one whose every iteration begins with a receive.
func (w *walker) rangeChannel(s *ast.RangeStmt, outer ast.Stmt) {
	c, v, ok := w.temp(), "_", w.temp()
	key, blank := s.Key.(*ast.Ident)
	blank = blank && key.Name == "_" || s.Key == nil
	store := ""
	switch {
	case blank:
	case s.Tok == token.DEFINE:
		v = w.text(s.Key)
	default:
		v = w.temp()
		store = w.stores(s, []ast.Expr{s.Key}, []string{v})
	}
	head := w.helper("commaok", w.Info.TypeOf(s.X))
	n := w.site(s, "recv", w.text(s.X), nil)
	w.edit(before, outer.Pos(), outer.End(), part{text: "{" + c + " := "}, w.moved(s.X), part{text: ";"})
	w.edit(move, s.For, s.Body.Lbrace+1, part{text: fmt.Sprintf("for { %s, %s := %s(%d, %s); if !%s { break };%s", v, ok, head, n, c, ok, store)})
	w.after(outer.Pos(), outer.End(), "}")
}

// storeFirst lets the body of a range loop that assigns to variables begin with that: the loop has variables of its own.
func (w *walker) storeFirst(s *ast.RangeStmt) {
	if s.Tok != token.ASSIGN {
		return
	}
	var to []ast.Expr
	var from []string
	for _, e := range []ast.Expr{s.Key, s.Value} {
		if id, ok := e.(*ast.Ident); e == nil || ok && id.Name == "_" {
			continue
		}
		t := w.temp()
		w.take(e, t)
		if text, _, ok := w.typeText(w.Info.TypeOf(e)); ok && w.Info.Types[s.X].Value != nil { // a number
			t = "(" + text + ")(" + t + ")"
		}
		to, from = append(to, e), append(from, t)
	}
	if len(to) > 0 {
		w.replace(s.TokPos, s.TokPos+1, ":=")
		w.before(s.Body.Lbrace+1, s.Body.Rbrace, w.stores(s, to, from))
	}
}

// stores is the assignments of values to locations, each shared one behind a point.
func (w *walker) stores(s ast.Node, to []ast.Expr, from []string) string {
	text := ""
	r := &reader{file: w.file}
	for i, l := range to {
		if id, ok := l.(*ast.Ident); ok && id.Name == "_" {
			continue
		}
		if r.shared(l) {
			n := w.site(s, "write", w.text(l), nil)
			w.out.Sites[len(w.out.Sites)-1].Half = true
			text += w.call("P(%d);", n)
		}
		text += w.text(l) + " = " + from[i] + ";"
	}
	return text
}

// parallel rewrites an assignment of several values, of which some are stored where others see it: all are computed, and
// then stored one by one.
func (w *walker) parallel(s ast.Stmt) bool {
	a, ok := s.(*ast.AssignStmt)
	if w.Interpreted == nil || !ok || a.Tok != token.ASSIGN || len(a.Lhs) < 2 {
		return false
	}
	r := &reader{file: w.file}
	seen := false
	for _, l := range a.Lhs {
		seen = seen || r.shared(l)
		r.place(l)
	}
	if !seen || strings.Contains(w.text(a), "\n") {
		return false
	}
	r.exprs(a.Rhs)
	w.point(s, s, r)
	w.inner(r)
	temps := make([]string, len(a.Lhs))
	for i, l := range a.Lhs {
		if id, ok := l.(*ast.Ident); ok && id.Name == "_" {
			temps[i] = "_"
		} else {
			temps[i] = w.temp()
		}
		if len(a.Rhs) == len(a.Lhs) {
			w.converted(a.Rhs[i], w.Info.TypeOf(l))
		}
	}
	w.before(s.Pos(), s.End(), "{")
	w.replace(a.Lhs[0].Pos(), a.TokPos+1, strings.Join(temps, ", ")+" :=")
	w.after(s.Pos(), s.End(), ";"+w.stores(s, a.Lhs, temps)+"}")
	return true
}

// converted gives a constant, or nil, the type that it is assigned to.
func (w *walker) converted(e ast.Expr, t types.Type) {
	tv := w.Info.Types[e]
	if tv.Value == nil && !tv.IsNil() && !isUntyped(tv.Type) {
		return
	}
	if text, _, ok := w.typeText(t); ok {
		w.around(e, "("+text+")(")
	}
}

func isUntyped(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Info()&types.IsUntyped != 0
}

// update splits a statement that loads a location in one step and stores to it in another.
func (w *walker) update(s ast.Stmt, header bool) {
	switch s := s.(type) {
	case *ast.IncDecStmt:
		w.loadAndStore(s, s.X, nil, strings.TrimSuffix(s.Tok.String(), s.Tok.String()[:1]), header)
	case *ast.AssignStmt:
		if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
			w.loadAndStore(s, s.Lhs[0], s.Rhs[0], strings.TrimSuffix(s.Tok.String(), "="), header)
		}
	}
}

// loadAndStore rewrites x op= y, or x op= 1 where y is nil. What y does comes first; in a header there is no room for that.
func (w *walker) loadAndStore(s ast.Stmt, x, y ast.Expr, operator string, header bool) {
	r := &reader{file: w.file}
	head := w.through(x)
	if head == "" || !r.shared(x) || !w.repeatable(x) || strings.ContainsAny(w.text(x), "\n/") {
		return
	}
	n := w.stored(s, w.text(x))
	w.out.Sites[n-w.First].Half = true
	open, shut := "", ""
	if _, basic := w.Info.TypeOf(x).(*types.Basic); !basic {
		if text, _, ok := w.typeText(w.Info.TypeOf(x)); ok { // an interpreter may forget it
			open, shut = "("+text+")(", ")"
		}
	}
	value := fmt.Sprintf(" = %s%s(%d, %s) %s ", open, head, n, w.text(x), operator)
	if y == nil {
		w.replace(x.End(), s.End(), value+"1"+shut)
		return
	}
	if r.expr(y); len(r.ops)+len(r.calls) == 0 || header {
		w.replace(x.End(), y.Pos(), value+"(")
		w.after(y.Pos(), y.End(), ")"+shut)
		return
	}
	t := w.temp()
	w.edit(before, s.Pos(), s.End(), part{text: "{" + t + " := "}, w.moved(y), part{text: ";"})
	w.replace(x.End(), y.Pos(), value)
	w.take(y, t)
	w.after(s.Pos(), s.End(), shut+"}")
}

// spawn has the scheduler start a goroutine; the function and its arguments are computed now, as a go statement does.
func (w *walker) spawn(s *ast.GoStmt) {
	r := w.operands(s.Call)
	w.wraps(r, w.point(s, s, r))
	head := w.call("Spawn(%d, ", w.site(s, "go", "", nil))
	lit, ok := ast.Unparen(s.Call.Fun).(*ast.FuncLit)
	if ok && len(s.Call.Args) == 0 && lit.Type.Results == nil {
		w.replace(s.Go, s.Call.Fun.Pos(), head)
		w.replace(s.Call.Fun.End(), s.Call.End(), ")")
		w.literals(s.Call)
		return
	}
	parts := []part{{text: "{"}}
	keep := func(e ast.Expr) {
		if tv := w.Info.Types[e]; tv.Value != nil || tv.IsNil() {
			return
		}
		t := w.temp()
		parts = append(parts, part{text: t + " := "}, w.moved(e), part{text: ";"})
		w.take(e, t)
	}
	switch fun := ast.Unparen(s.Call.Fun).(type) {
	case *ast.SelectorExpr:
		if sel := w.Info.Selections[fun]; sel != nil && sel.Kind() != types.MethodVal {
			keep(fun)
		} else if sel != nil && (isPointer(w.Info.TypeOf(fun.X)) || !isPointer(sel.Obj().(*types.Func).Signature().Recv().Type())) {
			keep(fun.X)
		}
	case *ast.Ident:
		if _, ok := w.Info.Uses[fun].(*types.Var); ok {
			keep(fun)
		}
	case *ast.FuncLit:
	default:
		if !isInstance(w.Info, fun) {
			keep(fun)
		}
	}
	for _, arg := range s.Call.Args {
		keep(arg)
	}
	first := ""
	if kind, on := w.deferred(s.Call); kind != "" && !itself[kind] && !lets[kind] {
		first = w.call("P(%d);", w.site(s, kind, on, nil))
	}
	w.edit(before, s.Pos(), s.End(), parts...)
	w.replace(s.Go, s.Go+2, head+"func() { "+first)
	w.after(s.Pos(), s.End(), " })}")
	w.literals(s.Call)
}

// choose asks the scheduler which case of a select statement it is to be, and makes a switch of the statement.
func (w *walker) choose(s *ast.SelectStmt, outer ast.Stmt) {
	r := &reader{file: w.file}
	parts := []part{{text: "{"}}
	dirs, chans, other := "", "", false
	keep := func(e ast.Expr, t types.Type) string {
		if w.Info.Types[e].IsNil() && t == nil {
			return "nil"
		}
		r.expr(e)
		name := w.temp()
		if t != nil {
			w.converted(e, t)
		}
		parts = append(parts, part{text: name + " := "}, w.moved(e), part{text: ";"})
		return name
	}
	n := w.site(s, "select", "", nil)
	for _, c := range s.Body.List {
		c := c.(*ast.CommClause)
		if c.Comm == nil {
			other = true
			continue
		}
		o := operands(c.Comm)
		w.literals(c.Comm)
		ch, value, dir := keep(o.channel, nil), "", "r"
		if o.value != nil {
			dir, value = "s", keep(o.value, under(w.Info.TypeOf(o.channel)).(*types.Chan).Elem())
		}
		text := fmt.Sprintf("case %d: %s", len(dirs), w.communicated(c.Comm, ch, value))
		w.edit(move, c.Case, c.Colon+1, part{text: text})
		dirs, chans = dirs+dir, chans+", "+ch
	}
	if other {
		dirs += "d"
	}
	w.wraps(r, w.point(s, outer, r))
	choice := w.call("Choose(%d, %q%s)", n, dirs, chans)
	if len(s.Body.List) == 0 { // an interpreter may skip a switch without cases
		w.before(s.Pos(), s.End(), choice+";")
		return
	}
	w.edit(before, outer.Pos(), outer.End(), parts...)
	w.replace(s.Select, s.Body.Lbrace, "switch "+choice+" ")
	w.after(outer.Pos(), outer.End(), "}")
	for _, c := range s.Body.List {
		w.list(c.(*ast.CommClause).Body)
	}
}

// communicated is the communication of a case that was chosen.
func (w *walker) communicated(s ast.Stmt, ch, value string) string {
	if ch == "nil" {
		return ""
	}
	switch s := s.(type) {
	case *ast.SendStmt:
		return ch + " <- " + value + ";"
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			names := w.text(s.Lhs[0])
			if len(s.Lhs) == 2 {
				names += ", " + w.text(s.Lhs[1])
			}
			return names + " := <-" + ch + ";"
		}
		temps := make([]string, len(s.Lhs))
		for i := range temps {
			temps[i] = w.temp()
		}
		return strings.Join(temps, ", ") + " := <-" + ch + ";" + w.stores(s, s.Lhs, temps)
	}
	return "<-" + ch + ";"
}
