package policy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// honest is a right program of the course.
type honest struct {
	name   string
	ex     *course.Exercise
	source []byte
}

// rights returns every right program of the course, the starters among them: they are a learner's
// first submission.
func rights(t *testing.T) []honest {
	t.Helper()
	parts := map[string]fs.FS{}
	for _, dir := range []string{"lessons", "exercises", "solutions"} {
		parts[dir] = os.DirFS("../../../../" + dir)
	}
	c, err := course.Load(course.Union(parts))
	if err != nil {
		t.Logf("the course has faults, which the course's own test reports: %v", err)
	}
	var all []honest
	for _, ex := range c.Exercises() {
		all = append(all, honest{ex.Name + "/starter", ex, ex.Starter}, honest{ex.Name + "/solution", ex, ex.Solution})
		for _, a := range ex.Alts {
			all = append(all, honest{ex.Name + "/" + a.Name, ex, a.Source})
		}
	}
	if len(all) < 20 {
		t.Fatalf("the course has %d right programs", len(all))
	}
	return all
}

// TestHonest: no right program of the course is refused, and neither is any of its variants that
// learners might have written as well.
func TestHonest(t *testing.T) {
	variants := 0
	for _, h := range rights(t) {
		h.check(t, "as it is", h.source)
		for _, v := range ways {
			src := v.rewrite(t, h)
			if src == nil || bytes.Equal(src, h.source) {
				continue
			}
			if _, err := parser.ParseFile(token.NewFileSet(), h.name, src, 0); err != nil {
				t.Fatalf("%s, %s, is no Go: %v\n%s", h.name, v.name, err, src)
			}
			variants++
			h.check(t, v.name, src)
		}
	}
	if t.Logf("%d variants", variants); variants < 100 {
		t.Errorf("only %d variants", variants)
	}
}

func (h honest) check(t *testing.T, how string, src []byte) {
	t.Helper()
	for _, f := range Check(h.ex, map[string][]byte{h.ex.File: src}) {
		t.Errorf("%s, %s, is refused: %s %v\n%s", h.name, how, f.Message, f.At, src)
	}
}

// ways are what another learner might have done differently.
var ways = []struct {
	name    string
	rewrite func(*testing.T, honest) []byte
}{
	{"renamed", renamed},
	{"reordered", reordered},
	{"split", split},
	{"commented", commented},
	{"noted", noted},
	{"carriage returns", func(_ *testing.T, h honest) []byte { return bytes.ReplaceAll(h.source, []byte("\n"), []byte("\r\n")) }},
	{"byte order mark", func(_ *testing.T, h honest) []byte { return append([]byte("\ufeff"), h.source...) }},
	{"wordy", func(_ *testing.T, h honest) []byte { return append(slices.Clone(h.source), wordy...) }},
}

func parsed(t *testing.T, h honest) (*token.FileSet, *ast.File) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, h.name, h.source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return fset, f
}

func formatted(t *testing.T, fset *token.FileSet, node any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := format.Node(&b, fset, node); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// titles are names that learners give to variables, packages' and predeclared ones among them.
var titles = []string{"len", "max", "time", "sync", "runtime", "new", "copy", "cap", "log", "errors", "atomic", "real", "any", "list"}

// renamed gives every parameter and local variable of a function another name, unless the function
// uses that name already.
func renamed(t *testing.T, h honest) []byte {
	fset, f := parsed(t, h)
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		used, names := map[string]bool{}, map[any]string{}
		ast.Inspect(fn, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[id.Name] = true
			}
			return true
		})
		free := slices.Clone(titles)
		free = slices.DeleteFunc(free, func(s string) bool { return used[s] })
		ast.Inspect(fn, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok || id.Name == "_" || id.Obj == nil || id.Obj.Kind != ast.Var || f.Scope.Lookup(id.Name) == id.Obj {
				return true
			}
			if names[id.Obj] == "" && len(free) > 0 {
				names[id.Obj], free = free[0], free[1:]
			}
			if name := names[id.Obj]; name != "" {
				id.Name = name
			}
			return true
		})
	}
	return formatted(t, fset, f)
}

// reordered turns the order of the declarations around.
func reordered(t *testing.T, h honest) []byte {
	fset, f := parsed(t, h)
	var b bytes.Buffer
	fmt.Fprintf(&b, "package %s\n", f.Name.Name)
	var rest [][]byte
	for _, d := range f.Decls {
		text := h.source[fset.Position(d.Pos()).Offset:fset.Position(d.End()).Offset]
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			fmt.Fprintf(&b, "\n%s\n", text)
		} else {
			rest = append(rest, text)
		}
	}
	for _, text := range slices.Backward(rest) {
		fmt.Fprintf(&b, "\n%s\n", text)
	}
	return b.Bytes()
}

// split wraps the body of every function without results in one of its own.
func split(t *testing.T, h honest) []byte {
	fset, f := parsed(t, h)
	edits := 0
	src := h.source
	for _, d := range slices.Backward(f.Decls) {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil || fn.Type.Results != nil || len(fn.Body.List) == 0 {
			continue
		}
		edits++
		open, end := fset.Position(fn.Body.Lbrace).Offset, fset.Position(fn.Body.Rbrace).Offset
		src = slices.Concat(src[:open+1], []byte("\n\tstep := func() {"), src[open+1:end], []byte("\n\t}\n\tstep()\n"), src[end:])
	}
	if edits == 0 {
		return nil
	}
	return src
}

// remarks are comments that begin like directives, and are none.
var remarks = []string{"// go:norace hides races", "//go to sleep", "//line up the readers", "//export the sum at the end", "//exported", "//gofmt has been here", "// line 7: see below", "/* //go:build race */", "//+builds on the loop", "//#cgo is no good", "//nolint"}

// commented puts a remark at the end of lines that can have one.
func commented(t *testing.T, h honest) []byte {
	var b bytes.Buffer
	n := 0
	for line := range strings.Lines(string(h.source)) {
		bare := strings.TrimRight(line, "\n")
		if strings.HasSuffix(bare, "{") && !strings.Contains(bare, "`") && !strings.Contains(bare, "//") {
			bare += " " + remarks[n%len(remarks)]
			n++
		}
		b.WriteString(bare + "\n")
	}
	return b.Bytes()
}

// noted puts remarks above everything, the package clause included.
func noted(t *testing.T, h honest) []byte {
	fset, f := parsed(t, h)
	src := h.source
	for i, d := range slices.Backward(f.Decls) {
		at := fset.Position(d.Pos()).Offset
		src = slices.Concat(src[:at], []byte(remarks[i%len(remarks)]+"\n"), src[at:])
	}
	return append([]byte("// Notes: //go:norace, +build and import \"C\" are not for me.\n\n"), src...)
}

// wordy is code that talks about what it does not do.
const wordy = `
// The following is mine.

//go over it again

const myHelp = "//go:norace\n//line x.go:1\nimport \"C\""

const myText = ` + "`" + `
//go:build race
// +build race
import "unsafe"
func len() int
` + "`" + `

type myLog struct{ copy, len, new int }

func (l *myLog) append(runtime int) *myLog {
	type int64 = int
	sync := myLog{len: runtime}
	sync.len, sync.new = 1, int64(2)
	p := &sync.copy
	*p++
	return &sync
}
`
