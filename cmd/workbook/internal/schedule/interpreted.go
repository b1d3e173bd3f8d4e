package schedule

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Interpreted asks for a program that an interpreter runs under the scheduler, in place of a package to be compiled.
//
// What is a point is decided as for a compiled one, but no race detector stands beside it: every access of a statement
// is a step of its own, and so nothing that can block is left to Go. An interpreter takes no generic calls, so that
// what is generic in a compiled package are functions of the program's own, one for each type (helper).
type Interpreted struct {
	// Entries are lines at which main is cut into parts that were written one after the other; more may follow the last one.
	Entries []int
}

// The names that an interpreted program has for its main function, and for the function that gives its variables their first values.
const (
	MainName  = "Main__"
	ResetName = "Reset__"
)

// itself holds the operations that are points themselves in an interpreted program: the runtime's functions for them are.
var itself = map[string]bool{
	"lock": true, "trylock": true, "rlock": true, "tryrlock": true, "wait": true, "once": true, "condwait": true, "signal": true,
	"broadcast": true, "map": true, "atomic": true, "sleep": true, "yield": true, "send": true, "recv": true, "close": true, "select": true,
}

// lets holds the operations that can only let others go on: those are no points in an interpreted program.
var lets = map[string]bool{"unlock": true, "runlock": true, "done": true, "add": true, "go": true}

// lead is the call that stands before a statement whose first operation is o: a point, or a note of the place.
func (w *walker) lead(s ast.Node, o op, r *reader) string {
	if w.Interpreted == nil {
		return w.call("P(%d);", w.site(s, o.kind, o.on, r.ops))
	}
	name := "P"
	switch {
	case o.kind == "send" || o.kind == "recv" || o.kind == "close" || o.kind == "select" || o.kind == "go" && o.node == s:
		return "" // they name their own sites
	case itself[o.kind], o.kind == "go":
		name = "At"
	case w.letsOnly(o):
		name = "Mark"
	}
	n := w.half(s, o, r)
	return w.call("%s(%d);", name, n)
}

// letsOnly reports whether the operation is no point of an interpreted program. Where somebody tries a lock, giving it back is
// one; and so is an Add that may come too late.
func (w *walker) letsOnly(o op) bool {
	switch o.kind {
	case "unlock", "runlock":
		return !w.facts.tries
	case "add":
		return w.inMain
	}
	return lets[o.kind]
}

// half makes the site of an operation, and says whether it is half of what a statement does to memory.
func (w *walker) half(s ast.Node, o op, r *reader) int32 {
	n := w.site(s, o.kind, o.on, nil)
	var steps []op
	for _, p := range r.ops {
		if p.point && !w.letsOnly(p) {
			steps = append(steps, p)
		}
	}
	same := func(p op) bool { return p.node == o.node && p.kind == o.kind }
	w.out.Sites[n-w.First].Half = len(steps) > 0 && (o.kind == "read" && !same(steps[len(steps)-1]) || o.kind == "write" && !same(steps[0]))
	return n
}

// leading is the operation that has its point before the statement, if any: the first one, unless a call of the
// program's own comes before it.
func (w *walker) leading(r *reader) (op, bool) {
	if w.Interpreted == nil {
		return r.main(), r.needsPoint()
	}
	for i, o := range r.ops {
		if o.point {
			return o, o.guard == nil && (i == 0 || !r.ops[i-1].wrap) || itself[o.kind]
		}
	}
	return op{}, false
}

// inner lets a point stand before each operation of a statement but the first: the value computed last passes through
// a helper, or the right operand of && and || begins with one.
func (w *walker) inner(r *reader) {
	for i, o := range r.ops {
		switch {
		case !o.point || w.letsOnly(o):
		case o.guard != nil && !itself[o.kind]:
			n := w.half(w.shown(o.node), o, r)
			w.before(o.guard.Pos(), o.guard.End(), w.call("B(%d) && (", n))
			w.after(o.guard.Pos(), o.guard.End(), ")")
		case i == 0 || !r.ops[i-1].wrap:
		case !itself[o.kind]:
			if head := w.through(r.ops[i-1].node); head != "" {
				w.around(r.ops[i-1].node, fmt.Sprintf("%s(%d, ", head, w.half(w.shown(o.node), o, r)))
			}
		case r.ops[i-1].kind == "read": // now, and not after the operation
			if head := w.through(r.ops[i-1].node); head != "" {
				w.around(r.ops[i-1].node, head+"(0, ")
			}
		}
	}
}

// through is a helper that returns its second argument, behind a point at its first; "" where the type cannot be named.
func (f *file) through(n ast.Node) string {
	return f.helper("through", f.Info.TypeOf(n.(ast.Expr)))
}

// helpers are the bodies of the program's own functions, by kind; T is the type.
var helpers = map[string]string{
	"through": "(n int32, v T) T { if n > 0 { S.P(n) }; return v }",
	"receive": "(n int32, c T) E { S.ToReceive(n, c); v := <-c; return v }",
	"commaok": "(n int32, c T) (E, bool) { S.ToReceive(n, c); v, ok := <-c; return v, ok }",
	"send":    "(n int32, c T, v E) { S.ToSend(n, c); c <- v }",
	"close":   "(n int32, c T) { S.ToClose(n, c); close(c) }",
}

// helper returns the name of the function of a kind for a type, or its literal where the type is a function's own.
func (f *file) helper(kind string, t types.Type) string {
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		t = types.Default(t)
	}
	text, local, ok := f.typeText(t)
	if !ok {
		return ""
	}
	elem := ""
	if c, ok := under(t).(*types.Chan); ok {
		if elem, _, ok = f.typeText(c.Elem()); !ok {
			return ""
		}
	}
	f.used = true
	body := replaceWords(helpers[kind], map[string]string{"T": text, "E": elem, "S": f.alias})
	if local {
		return "func" + body
	}
	if f.own[kind+text] == "" {
		f.own[kind+text] = f.free("wb" + kind)
		f.tail = append(f.tail, fmt.Sprintf("\nfunc %s%s\n", f.own[kind+text], body)...)
	}
	return f.own[kind+text]
}

// replaceWords replaces whole words.
func replaceWords(text string, by map[string]string) string {
	var b strings.Builder
	word := func(r rune) bool {
		return r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	for len(text) > 0 {
		n := strings.IndexFunc(text, func(r rune) bool { return !word(r) })
		switch {
		case n < 0:
			n = len(text)
		case n == 0:
			n = 1
		}
		if s, ok := by[text[:n]]; ok {
			b.WriteString(s)
		} else {
			b.WriteString(text[:n])
		}
		text = text[n:]
	}
	return b.String()
}

// typeText writes a type as the file would. It may be local to a function, or have no name here.
func (f *file) typeText(t types.Type) (text string, local, ok bool) {
	ok = t != nil
	if !ok {
		return "", false, false
	}
	names := f.importNames()
	text = types.TypeString(t, func(p *types.Package) string {
		if p == f.Pkg {
			return ""
		}
		if names[p.Path()] == "" {
			ok = false
		}
		return names[p.Path()]
	})
	return text, f.isLocal(t, 0), ok && !strings.Contains(text, "invalid type")
}

// isLocal reports whether the type mentions one that is declared in a function, or a type parameter.
func (f *file) isLocal(t types.Type, depth int) bool {
	if depth > 8 {
		return false
	}
	switch t := t.(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if f.isLocal(a, depth+1) {
				return true
			}
		}
		return t.Obj().Pkg() == f.Pkg && t.Obj().Parent() != f.Pkg.Scope()
	case *types.Alias:
		return t.Obj().Pkg() == f.Pkg && t.Obj().Parent() != f.Pkg.Scope()
	case *types.Pointer:
		return f.isLocal(t.Elem(), depth+1)
	case *types.Slice:
		return f.isLocal(t.Elem(), depth+1)
	case *types.Array:
		return f.isLocal(t.Elem(), depth+1)
	case *types.Chan:
		return f.isLocal(t.Elem(), depth+1)
	case *types.Map:
		return f.isLocal(t.Key(), depth+1) || f.isLocal(t.Elem(), depth+1)
	case *types.Signature:
		return f.isLocal(t.Params(), depth+1) || f.isLocal(t.Results(), depth+1)
	case *types.Tuple:
		for v := range t.Variables() {
			if f.isLocal(v.Type(), depth+1) {
				return true
			}
		}
	case *types.Struct:
		for v := range t.Fields() {
			if f.isLocal(v.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

// importNames are the file's names of packages by path.
func (f *file) importNames() map[string]string {
	names := map[string]string{}
	for _, spec := range f.tree.Imports {
		path := strings.Trim(spec.Path.Value, "`\"")
		if spec.Name != nil {
			names[path] = spec.Name.Name
		} else if p, ok := f.Info.Implicits[spec].(*types.PkgName); ok {
			names[path] = p.Name()
		}
	}
	return names
}

// program renames the main function, and appends the function that resets the variables.
func (f *file) program(zero, assign, inits []string) {
	for _, d := range f.tree.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "main" {
			f.replace(fn.Name.Pos(), fn.Name.End(), MainName)
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "\nfunc %s() {\n", ResetName)
	for _, name := range zero {
		if text, _, ok := f.typeText(f.Pkg.Scope().Lookup(name).Type()); ok {
			fmt.Fprintf(&b, "\t{ var wbzero %s; %s = wbzero }\n", text, name)
		}
	}
	for _, name := range append(assign, inits...) {
		fmt.Fprintf(&b, "\t%s()\n", name)
	}
	b.WriteString("}\n")
	f.tail = append(f.tail, b.Bytes()...)
}

// entries puts a call before each entry of main, and one at its end.
func (w *walker) entries(b *ast.BlockStmt) {
	rest := w.Interpreted.Entries
	entry := func(line int) string {
		w.out.Sites = append(w.out.Sites, Site{File: w.name, Line: int32(line), Op: "entry"})
		return w.call("Entry(%d);", int(w.First)+len(w.out.Sites)-1)
	}
	for _, s := range b.List {
		for len(rest) > 0 && w.line(s.Pos()) >= rest[0] {
			w.before(s.Pos(), b.Rbrace, entry(rest[0]))
			rest = rest[1:]
		}
	}
	last := ";"
	for _, line := range rest {
		last += entry(line)
	}
	w.after(b.Lbrace+1, b.Rbrace, last+w.call("Settle()"))
}

// spins reports whether a loop only waits for what another goroutine does.
func (w *walker) spins(s *ast.ForStmt) bool {
	if w.Interpreted == nil || s.Post != nil {
		return false
	}
	waits, works := false, false
	r := &reader{file: w.file}
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			works = works || n.Tok != token.DEFINE
		case *ast.IncDecStmt, *ast.SendStmt, *ast.SelectStmt, *ast.GoStmt, *ast.DeferStmt, *ast.RangeStmt:
			works = true
		case *ast.Ident:
			v, ok := w.Info.Uses[n].(*types.Var)
			waits = waits || ok && !v.IsField() && w.facts.variable(v)
		case *ast.SelectorExpr:
			waits = waits || w.Info.Selections[n] != nil && w.Info.Selections[n].Kind() == types.FieldVal && r.shared(n)
		case *ast.CallExpr:
			kind := w.kindOf(n)
			waits = waits || itself[kind]
			works = works || kind == "own" || kind == "call"
		}
		return true
	})
	return waits && !works
}

// kindOf names the operation that a call is.
func (w *walker) kindOf(c *ast.CallExpr) string {
	r := &reader{file: w.file}
	r.expr(c)
	if n := len(r.ops); n > 0 && r.ops[n-1].node == ast.Node(c) {
		return r.ops[n-1].kind
	}
	return ""
}
