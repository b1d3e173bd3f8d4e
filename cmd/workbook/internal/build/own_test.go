package build

import (
	"go/build/constraint"
	"go/parser"
	"go/token"
	"path"
	"strings"
	"testing"
)

func TestOwnSources(t *testing.T) {
	files, err := OwnSources()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"harness/own.go", "sched/sched.go", "sched/goid_stack.go"} {
		if files[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
	for name, src := range files {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s is among the sources", name)
		}
		line, _, _ := strings.Cut(string(src), "\n")
		c, err := constraint.Parse(line)
		if err != nil {
			t.Errorf("%s begins with %q: %v", name, line, err)
			continue
		}
		if v := constraint.GoVersion(c); v != MinGo {
			t.Errorf("%s is Go of %q, want %s", name, v, MinGo)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if f.Doc != nil && strings.Contains(f.Doc.Text(), "go:build") {
			t.Errorf("%s has its constraint in the package comment", name)
		}
	}
}

func TestOwnMain(t *testing.T) {
	for _, m := range []OwnMain{
		{Package: "p", Root: "example.com/m/zz"},
		{Package: "p_test", Root: "example.com/m/zz", TestMain: "workbookTestMain"},
		{Package: "p", Root: "example.com/m/zz", Scheduled: true},
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "main_test.go", m.Source(), 0)
		if err != nil {
			t.Errorf("Source of %+v: %v\n%s", m, err, m.Source())
			continue
		}
		schedules := false
		for _, i := range f.Imports {
			schedules = schedules || i.Path.Value == `"`+OwnScheduler(m.Root)+`"`
		}
		if f.Name.Name != m.Package || schedules != m.Scheduled || !strings.Contains(string(m.Source()), m.TestMain) {
			t.Errorf("Source of %+v is\n%s", m, m.Source())
		}
	}
}

func TestOwnDiags(t *testing.T) {
	u := Own{Dir: "/home/m", Work: "/tmp/build-7"}
	err := u.said("# example.com/m/p\n../../tmp/build-7/3/p.go:3:8: undefined: x\n\tmore\np/q.go:4:1: missing return\n", map[string]string{"3/p.go": "/home/m/p/p.go"})
	e, ok := err.(*CompileError)
	if !ok || len(e.Diags) != 2 {
		t.Fatalf("said = %v", err)
	}
	for i, want := range []string{"/home/m/p/p.go:3:8: undefined: x\n\tmore", "/home/m/p/q.go:4:1: missing return"} {
		if got := e.Diags[i].String(); got != want {
			t.Errorf("diag %q, want %q", got, want)
		}
	}
	err = u.said("go: cannot find something\n", nil)
	if e, ok := err.(*CompileError); !ok || len(e.Diags) != 1 || e.Diags[0].Text != "go: cannot find something" {
		t.Errorf("said = %v", err)
	}
}
