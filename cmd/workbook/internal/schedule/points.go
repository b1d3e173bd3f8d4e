package schedule

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// walker inserts the points of one function body. A function literal gets a walker of its own.
type walker struct {
	*file
	loops []*loop
	now   ast.Node        // the statement
	held  []string        // locks held as far as straight-line code shows
	jumps map[string]bool // labels that a goto names

	inMain bool // in the body of main itself
}

// loop is a loop around the statement being rewritten.
type loop struct {
	label string
	tail  int32 // the point that stands at the end of every iteration, or 0
}

// points inserts the scheduling points of all functions of the file.
func (f *file) points() {
	for _, d := range f.tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body != nil && !directive(d.Doc, "//go:nosplit") {
				f.arguments(d)
				f.body(d.Body, f.Interpreted != nil && d.Recv == nil && d.Name.Name == "main")
			}
		case *ast.GenDecl:
			f.literals(d)
		}
	}
}

// arguments lets an exported function tell that it was called, and with which numbers, strings and truth values.
func (f *file) arguments(d *ast.FuncDecl) {
	if f.Interpreted != nil || !d.Name.IsExported() || len(d.Body.List) == 0 || strings.HasSuffix(f.name, "_test.go") {
		return
	}
	args := strconv.Quote(d.Name.Name)
	for _, field := range d.Type.Params.List {
		b, basic := types.Unalias(f.Info.TypeOf(field.Type)).Underlying().(*types.Basic)
		basic = basic && b.Info()&types.IsConstType != 0
		for _, id := range field.Names {
			if basic && id.Name != "_" {
				args += ", " + id.Name
			} else {
				args += ", struct{}{}"
			}
		}
	}
	f.before(d.Body.Lbrace+1, d.Body.Rbrace, fmt.Sprintf("if %s { %s };", f.call("T()"), f.call("A(%s)", args)))
}

func directive(doc *ast.CommentGroup, text string) bool {
	if doc != nil {
		for _, c := range doc.List {
			if c.Text == text || strings.HasPrefix(c.Text, text+" ") {
				return true
			}
		}
	}
	return false
}

// literals rewrites the bodies of the function literals in n.
func (f *file) literals(nodes ...ast.Node) {
	for _, n := range nodes {
		if n == nil {
			continue
		}
		ast.Inspect(n, func(n ast.Node) bool {
			if lit, ok := n.(*ast.FuncLit); ok {
				f.body(lit.Body, false)
				return false
			}
			return true
		})
	}
}

func (f *file) body(b *ast.BlockStmt, isMain bool) {
	w := &walker{file: f, jumps: map[string]bool{}, inMain: isMain}
	if isMain && f.Interpreted.Entries != nil {
		w.entries(b)
	}
	ast.Inspect(b, func(n ast.Node) bool {
		if g, ok := n.(*ast.BranchStmt); ok && g.Tok == token.GOTO {
			w.jumps[g.Label.Name] = true
		}
		_, lit := n.(*ast.FuncLit)
		return !lit
	})
	w.list(b.List)
}

// list rewrites the statements of a block. Locks taken in it are not held behind it, except for those
// that it does not give back.
func (w *walker) list(l []ast.Stmt) {
	held := w.held
	w.held = append([]string(nil), held...)
	for _, s := range l {
		w.stmt(s, s)
	}
	if len(l) > 0 && leaves(l[len(l)-1]) {
		w.held = held
	} else {
		w.held = intersect(held, w.held)
	}
}

func leaves(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		id, is := ast.Expr(nil), false
		if ok {
			id, is = call.Fun, true
		}
		name, named := id.(*ast.Ident)
		return is && named && name.Name == "panic"
	}
	return false
}

func intersect(a, b []string) []string {
	var out []string
	for _, x := range a {
		for _, y := range b {
			if x == y {
				out = append(out, x)
				break
			}
		}
	}
	return out
}

// stmt rewrites s; outer is s, or the labelled statement around it, before which points may stand.
func (w *walker) stmt(s, outer ast.Stmt) {
	w.now = s
	switch s := s.(type) {
	case *ast.LabeledStmt:
		w.labeled(s)
	case *ast.BlockStmt:
		w.list(s.List)
	case *ast.IfStmt:
		w.ifStmt(s, outer)
	case *ast.ForStmt:
		w.forStmt(s, outer)
	case *ast.RangeStmt:
		w.rangeStmt(s, outer)
	case *ast.SwitchStmt:
		w.switchStmt(s, outer)
	case *ast.TypeSwitchStmt:
		w.typeSwitch(s, outer)
	case *ast.SelectStmt:
		w.selectStmt(s, outer)
	case *ast.GoStmt:
		w.goStmt(s)
	case *ast.DeferStmt:
		w.deferStmt(s)
	case *ast.BranchStmt:
		w.branch(s)
	default:
		w.simple(s)
	}
}

func (w *walker) labeled(s *ast.LabeledStmt) {
	switch s.Stmt.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		w.stmt(s.Stmt, s)
	default:
		w.stmt(s.Stmt, s.Stmt)
	}
}

// simple rewrites a statement without blocks of its own.
func (w *walker) simple(s ast.Stmt) {
	if w.parallel(s) {
		w.literals(s)
		return
	}
	ops := w.reader(s)
	n := w.point(s, s, ops)
	w.wraps(ops, n)
	w.split(s, ops, n)
	w.literals(s)
	w.starts(s)
	w.locks(s)
}

func (w *walker) reader(l ...ast.Stmt) *reader {
	r := &reader{file: w.file}
	for _, s := range l {
		r.stmt(s)
	}
	return r
}

// point puts a point before the statement when its operations need one, and returns its number.
func (w *walker) point(s, outer ast.Stmt, r *reader) int32 {
	o, ok := w.leading(r)
	if !ok {
		return 0
	}
	text := w.lead(s, o, r)
	if text == "" {
		return 0
	}
	w.before(outer.Pos(), outer.End(), text)
	return w.latest()
}

// latest is the number of the site that was made last.
func (w *walker) latest() int32 { return w.First + int32(len(w.out.Sites)) - 1 }

// call formats a reference to the runtime.
func (f *file) call(format string, args ...any) string {
	f.used = true
	return f.alias + "." + fmt.Sprintf(format, args...)
}

// wraps lets results pass through V where another operation of the same statement follows. Where n, the
// point before the statement, has one operation to show, its value passes through N, and so does that of the
// last operation where it is an atomic one: whether a CompareAndSwap has succeeded.
func (w *walker) wraps(r *reader, n int32) {
	if w.Interpreted != nil {
		w.inner(r)
		return
	}
	last, count, now := -1, 0, n
	for i, o := range r.ops {
		if o.point {
			last = i
			count++
		}
	}
	for i, o := range r.ops[:max(last, 0)] {
		if !o.wrap || o.kind == "read" || o.kind == "write" || o.kind == "len" {
			continue
		}
		next := r.ops[i+1]
		for j := i + 1; !next.point; j++ {
			next = r.ops[j]
		}
		call := "V(%d, "
		if o.kind == "own" || o.kind == "func" { // whose own steps come in between
			call = "U(%d, "
		}
		now = w.site(w.shown(o.node), next.kind, next.on, r.ops[i+1:])
		w.out.Sites[len(w.out.Sites)-1].Part = w.excerpt(o.node)
		w.around(o.node, w.call(call, now))
	}
	if now > 0 && last >= 0 && (count == 1 || r.ops[last].kind == "atomic") && w.tells(r, r.ops[last]) {
		w.around(r.ops[last].node, w.call("N(%d, ", now))
	}
}

// shown is what a point inside a statement shows of it: the statement, if that begins on the same line.
func (w *walker) shown(n ast.Node) ast.Node {
	if w.now != nil && w.line(w.now.Pos()) == w.line(n.Pos()) {
		return w.now
	}
	return n
}

// around makes the expression n the last argument of the call that head begins.
func (f *file) around(n ast.Node, head string) {
	f.before(n.Pos(), n.End(), head)
	f.after(n.Pos(), n.End(), ")")
}

// tells reports whether the operation has a value worth showing, and showing it changes no order of
// evaluation: a variable may be read after calls that stand behind it, the argument of a call may not.
func (w *walker) tells(r *reader, o op) bool {
	if o.kind == "atomic" {
		return o.wrap
	}
	e, ok := o.node.(ast.Expr)
	if o.kind != "read" || !ok || len(r.calls) > 1 || len(r.calls) == 1 && (e.Pos() < r.calls[0].Lparen || e.End() > r.calls[0].Rparen) {
		return false
	}
	b, ok := types.Unalias(w.Info.TypeOf(e)).Underlying().(*types.Basic)
	return ok && b.Info()&types.IsConstType != 0
}

// starts names the goroutines that functions of the standard library start from literals.
func (w *walker) starts(s ast.Stmt) {
	if w.Interpreted != nil {
		return
	}
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			fn, ok := w.facts.callee(n).(*types.Func)
			if !ok || fn.Pkg() == nil {
				return true
			}
			path, name := fn.Pkg().Path(), fn.Name()
			if (path == "time" || path == "context") && name == "AfterFunc" {
				if lit, ok := ast.Unparen(n.Args[len(n.Args)-1]).(*ast.FuncLit); ok {
					w.start(lit, s)
				}
			}
		}
		return true
	})
}

func (w *walker) start(lit *ast.FuncLit, s ast.Stmt) {
	w.startAt(lit, w.site(s, "go", "", nil))
}

func (w *walker) startAt(lit *ast.FuncLit, n int32) {
	w.before(lit.Body.Lbrace+1, lit.Body.Rbrace, "defer "+w.call("Start(%d)();", n))
}

// locks follows straight-line Lock and Unlock.
func (w *walker) locks(s ast.Stmt) {
	e, ok := s.(*ast.ExprStmt)
	if !ok {
		return
	}
	call, ok := e.X.(*ast.CallExpr)
	if !ok {
		return
	}
	fn, ok := w.facts.callee(call).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "sync" || fn.Signature().Recv() == nil {
		return
	}
	r := &reader{file: w.file}
	switch kind, on, _ := r.syncCall(call, fn); kind {
	case "lock":
		w.held = append(w.held, on)
	case "rlock":
		w.held = append(w.held, on+"(r)")
	case "unlock":
		w.held = without(w.held, on)
	case "runlock":
		w.held = without(w.held, on+"(r)")
	}
}

func without(l []string, x string) []string {
	var out []string
	for _, y := range l {
		if y != x {
			out = append(out, y)
		}
	}
	return out
}
