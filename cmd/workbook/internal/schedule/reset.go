package schedule

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// reset makes the functions that give package state its initial value again, and renames the
// functions init, so that they can be called before every schedule.
func (r *rewriter) reset() {
	var zero, assign, inits []string
	initialised := map[*types.Var]bool{}
	for _, f := range r.files {
		slices.SortStableFunc(f.edits, compareEdits)
	}
	for _, in := range r.Info.InitOrder {
		for _, v := range in.Lhs {
			initialised[v] = true
		}
		if name := r.assignment(in); name != "" {
			assign = append(assign, name)
		}
	}
	for _, f := range r.files {
		zero = append(zero, f.zeroed(initialised)...)
		inits = append(inits, f.renameInits()...)
	}
	if r.Interpreted != nil {
		r.files[0].program(zero, assign, inits)
		return
	}
	if len(zero)+len(assign)+len(inits) == 0 {
		return
	}
	r.generate(zero, assign, inits)
}

// generate writes the file that registers the reset.
func (r *rewriter) generate(zero, assign, inits []string) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "package %s\n\nimport %s %q\n\n", r.Pkg.Name(), r.alias, r.Import)
	start, reset := r.free("wbInit"), r.free("wbReset")
	fmt.Fprintf(&b, "func init() {\n")
	if len(inits) > 0 {
		fmt.Fprintf(&b, "\t%s.Init(%s)\n", r.alias, start)
	}
	fmt.Fprintf(&b, "\t%s.OnReset(%s)\n}\n\nfunc %s() {\n", r.alias, reset, reset)
	for _, name := range zero {
		fmt.Fprintf(&b, "\t%s.Zero(&%s)\n", r.alias, name)
	}
	for _, name := range assign {
		fmt.Fprintf(&b, "\t%s()\n", name)
	}
	if len(inits) > 0 {
		fmt.Fprintf(&b, "\t%s()\n}\n\nfunc %s() {\n", start, start)
	}
	for _, name := range inits {
		fmt.Fprintf(&b, "\t%s()\n", name)
	}
	b.WriteString("}\n")
	r.extra("zz_wbreset", b.Bytes())
}

func (r *rewriter) extra(base string, text []byte) {
	if r.out.Extra == nil {
		r.out.Extra = map[string][]byte{}
	}
	if r.Test {
		base += "_test"
	}
	r.out.Extra[base+".go"] = text
}

// assignment appends a function that runs the initialiser again to its file, and returns the
// function's name; "" where running it again changes nothing or must not be.
func (r *rewriter) assignment(in *types.Initializer) string {
	f := r.fileOf(in.Rhs.Pos())
	if f == nil || r.constant(in) || f.registers(in.Rhs) {
		return ""
	}
	var lhs []string
	blank := true
	for _, v := range in.Lhs {
		lhs = append(lhs, v.Name())
		blank = blank && v.Name() == "_"
	}
	if blank && !calls(in.Rhs) {
		return ""
	}
	r.fresh++
	name := r.free(fmt.Sprintf("wbAssign%d", r.fresh))
	var b bytes.Buffer
	if path := f.compiled(); filepath.IsAbs(path) {
		fmt.Fprintf(&b, "\n//line %s:%d", path, f.line(in.Rhs.Pos()))
	}
	rhs := f.piece(f.offset(in.Rhs.Pos()), f.offset(in.Rhs.End()), false)
	fmt.Fprintf(&b, "\nfunc %s() { %s = %s\n}\n", name, strings.Join(lhs, ", "), rhs)
	f.tail = append(f.tail, b.Bytes()...)
	return name
}

func (f *file) compiled() string {
	if f.Path != nil {
		return f.Path(f.name)
	}
	return f.name
}

func (r *rewriter) fileOf(p token.Pos) *file {
	for _, f := range r.files {
		if f.tree.FileStart <= p && p < f.tree.FileEnd {
			return f
		}
	}
	return nil
}

// constant reports whether the variables keep what they were initialised with for the whole run, and
// whether that has no state inside.
func (r *rewriter) constant(in *types.Initializer) bool {
	for _, v := range in.Lhs {
		if v.Name() == "_" {
			return false
		}
		isError := types.Identical(v.Type(), types.Universe.Lookup("error").Type())
		if r.facts.written[v] || r.facts.addressed[v] || !stateless(v.Type(), in.Rhs) || v.Exported() && !isError && !r.closed() {
			return false
		}
	}
	return true
}

func stateless(t types.Type, rhs ast.Expr) bool {
	if n, ok := types.Unalias(t).(*types.Pointer); ok && typeName(n) == "Regexp" {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() != types.UnsafePointer
	case *types.Signature:
		switch ast.Unparen(rhs).(type) {
		case *ast.FuncLit, *ast.Ident, *ast.SelectorExpr:
			return true
		}
	case *types.Interface:
		return types.Identical(t, types.Universe.Lookup("error").Type())
	}
	return false
}

// once are functions that a program may call once with the same name.
var once = map[string]string{
	"flag": "", "expvar": "", "database/sql": "Register", "net/http": "Handle HandleFunc", "encoding/gob": "Register RegisterName",
}

// registers reports whether running n again would register something a second time.
func (f *file) registers(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fn, ok := f.facts.callee(call).(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Signature().Recv() != nil {
			return true
		}
		names, listed := once[fn.Pkg().Path()]
		found = found || listed && (names == "" || slices.Contains(strings.Fields(names), fn.Name()))
		return true
	})
	return found
}

func calls(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// zeroed returns the file's variables that start as zero.
func (f *file) zeroed(initialised map[*types.Var]bool) []string {
	var out []string
	for _, d := range f.tree.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, s := range g.Specs {
			s := s.(*ast.ValueSpec)
			for _, id := range s.Names {
				v, ok := f.Info.Defs[id].(*types.Var)
				if ok && id.Name != "_" && !initialised[v] && !f.embedded(g, s) && len(s.Values) == 0 {
					out = append(out, id.Name)
				}
			}
		}
	}
	return out
}

// renameInits gives each function init a name and returns the names.
func (f *file) renameInits() []string {
	var names []string
	for _, d := range f.tree.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || fn.Name.Name != "init" {
			continue
		}
		if f.registers(fn.Body) {
			f.note(fn.Pos(), "init registers something for the whole process: it runs once, and not before every schedule")
			continue
		}
		f.fresh++
		name := f.free(fmt.Sprintf("wbinit%d", f.fresh))
		f.replace(fn.Name.Pos(), fn.Name.End(), name)
		names = append(names, name)
	}
	return names
}

// earlyTimers is the directive in the comment of a test function that lets timers fire early in it: time may pass
// while goroutines still have something to do, as on a busy machine.
const earlyTimers = "//workbook:early-timers"

// earlyTests are the functions with that directive.
func (r *rewriter) earlyTests() []string {
	var names []string
	for _, f := range r.files {
		for _, d := range f.tree.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil && directive(d.Doc, earlyTimers) {
				names = append(names, d.Name.Name)
			}
		}
	}
	return names
}

// table writes the file that registers the sites.
func (r *rewriter) table() {
	if len(r.out.Sites) == 0 {
		return
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "package %s\n\nimport %s %q\n\nfunc init() {\n\t%s.Sites(%d, []%s.Site{\n", r.Pkg.Name(), r.alias, r.Import, r.alias, r.First, r.alias)
	for _, s := range r.out.Sites {
		fmt.Fprintf(&b, "\t\t{File: %q, Line: %d, Op: %q, Text: %q, Var: %q, Guard: %q, Quiet: %t", s.File, s.Line, s.Op, s.Text, s.Var, s.Guard, s.Quiet)
		if s.Part != "" {
			fmt.Fprintf(&b, ", Part: %q", s.Part)
		}
		b.WriteString("},\n")
	}
	b.WriteString("\t})\n")
	for _, name := range r.earlyTests() {
		fmt.Fprintf(&b, "\t%s.Early(%q)\n", r.alias, name)
	}
	b.WriteString("}\n")
	r.extra("zz_wbsites", b.Bytes())
}
