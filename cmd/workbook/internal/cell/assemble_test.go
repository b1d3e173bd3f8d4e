package cell

import (
	"errors"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

func TestSplit(t *testing.T) {
	code := `// about imports
import "fmt"

type T struct{ n int }

func (t T) M() {} // M

func f[K any]() {
}
var a, b = 1, 2; var c int
func() { f[int]() }()
x := 1 /* one
two */
var y = x
fmt.Println(
	x,
)`
	want := []struct {
		kind      partKind
		line, col int
		code      string
	}{
		{importPart, 1, 1, "// about imports\nimport \"fmt\""},
		{declPart, 4, 1, "type T struct{ n int }"},
		{declPart, 6, 1, "func (t T) M() {} // M"},
		{declPart, 8, 1, "func f[K any]() {\n}"},
		{declPart, 10, 1, "var a, b = 1, 2;"},
		{declPart, 10, 18, "var c int"},
		{statementPart, 11, 1, "func() { f[int]() }()"},
		{statementPart, 12, 1, "x := 1 /* one\ntwo */"},
		{statementPart, 14, 1, "var y = x"},
		{statementPart, 15, 1, "fmt.Println(\n\tx,\n)"},
	}
	got := split(code)
	for i, w := range want {
		if i >= len(got) {
			t.Fatalf("split gives %d parts, want %d", len(got), len(want))
		}
		g := got[i]
		if g.kind != w.kind || g.line != w.line || g.col != w.col || g.code != w.code {
			t.Errorf("part %d = %d %d:%d %q, want %d %d:%d %q", i, g.kind, g.line, g.col, g.code, w.kind, w.line, w.col, w.code)
		}
	}
	if len(got) != len(want) {
		t.Errorf("split gives %d parts, want %d", len(got), len(want))
	}
}

func TestAssemble(t *testing.T) {
	l := lessons(t, map[string]string{"01-x.md": "# X\n\n" +
		"```go cell id=a\nimport \"fmt\"\n\nvar n int\nn = 1\n```\n\n" +
		"```go cell id=b after=a\nimport \"fmt\"\nfmt.Println(n, rand.Intn(3), rand.Perm(2), sort.IntsAreSorted(nil))\n```\n\n" +
		"```go cell id=c after=a,b\nfmt.Println(rand)\n```\n\n" +
		"```go cell id=d\nfunc main() {}\n```\n\n" +
		"```go cell id=e after=d\nx := 1\n```\n"})[0]
	p, err := Assemble(l, l.Cell("b"))
	if err != nil {
		t.Fatal(err)
	}
	want := `package main
//line lessons/01-x.md:4:1
import "fmt"
//line lessons/01-x.md:12:1
import ("math/rand"; "sort")
//line lessons/01-x.md:6:1
var n int
func main() {
//line lessons/01-x.md:7:1
n = 1
//line lessons/01-x.md:12:1
fmt.Println(n, rand.Intn(3), rand.Perm(2), sort.IntsAreSorted(nil))
}
`
	want = strings.ReplaceAll(want, "md:12:1\nimport", "md:11:1\nimport")
	if string(p.Source) != want {
		t.Errorf("Assemble(b) =\n%s\nwant\n%s", p.Source, want)
	}
	if got := p.LineText(12); got != `fmt.Println(n, rand.Intn(3), rand.Perm(2), sort.IntsAreSorted(nil))` {
		t.Errorf("LineText(12) = %q", got)
	}
	_, err = Assemble(l, l.Cell("e"))
	var faults course.Faults
	if !errors.As(err, &faults) || faults[0].Line != 24 || !strings.Contains(faults[0].Text, "the cell d has a func main") {
		t.Errorf("Assemble(e) = %v, want a fault at line 24", err)
	}
}

func TestPackagePath(t *testing.T) {
	tests := []struct {
		name, selected, want string
	}{
		{"fmt", "Println", "fmt"},
		{"atomic", "AddInt64", "sync/atomic"},
		{"rand", "IntN", "math/rand/v2"},
		{"rand", "Intn", "math/rand"},
		{"pprof", "StartCPUProfile", "runtime/pprof"},
		{"template", "New", "text/template"},
		{"nothing", "X", ""},
	}
	for _, test := range tests {
		if got := packagePath(test.name, []string{test.selected}); got != test.want {
			t.Errorf("packagePath(%s, %s) = %q, want %q", test.name, test.selected, got, test.want)
		}
	}
}

// Whatever a cell holds, it is cut without loss of code, and each part knows its place.
func FuzzSplit(f *testing.F) {
	f.Add("package main\nimport \"fmt\"\nfunc main() { fmt.Println(1) }")
	f.Add("x := `a\n`; y := '\\'' // c\n/* open")
	f.Add("func (a\n)(}{ }) \"")
	f.Fuzz(func(t *testing.T, code string) {
		lines := strings.Split(code, "\n")
		for _, p := range split(code) {
			if p.code == "" {
				continue
			}
			if p.line < 1 || p.line > len(lines) {
				t.Fatalf("part %q at line %d of %d", p.code, p.line, len(lines))
			}
			first, _, _ := strings.Cut(p.code, "\n")
			if !strings.HasPrefix(lines[p.line-1][p.col-1:], first) {
				t.Fatalf("part %q is not at %d:%d of %q", p.code, p.line, p.col, code)
			}
		}
		c := &course.Cell{ID: "a", File: "lessons/01-x.md", Line: 3, Code: code}
		l := &course.Lesson{Cells: []*course.Cell{c}}
		if p, err := Assemble(l, c); err == nil && !strings.HasPrefix(string(p.Source), "package main\n") {
			t.Fatalf("assembled %q", p.Source)
		}
	})
}
