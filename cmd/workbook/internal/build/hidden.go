package build

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/course"
)

// edit replaces source[at:end] by text.
type edit struct {
	at, end int
	text    string
}

// Hidden rewrites an exercise's hidden tests for the tree: they import the learner's package in
// the place of the reference solution, and every `func TestX(` becomes `func hiddenTestX(`. No line
// moves.
func Hidden(name string, source []byte, from, to string) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("reading the hidden tests: %w", err)
	}
	var edits []edit
	at := func(p token.Pos) int { return fset.PositionFor(p, false).Offset }
	for _, spec := range file.Imports {
		if p, _ := strconv.Unquote(spec.Path.Value); p == from {
			edits = append(edits, edit{at(spec.Path.Pos()), at(spec.Path.End()), strconv.Quote(to)})
		}
	}
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && isTest(fn) {
			edits = append(edits, edit{at(fn.Name.Pos()), at(fn.Name.End()), "hidden" + fn.Name.Name})
		}
	}
	return apply(source, edits), nil
}

// HiddenTests is an exercise's hidden tests as they stand in the tree.
func HiddenTests(ex *course.Exercise) ([]byte, error) {
	return Hidden(ex.TestFile, ex.Tests, "workbook/"+path.Dir(ex.TestFile), "workbook/"+ex.Dir)
}

// isTest reports whether a function is `func TestX(t *testing.T)`.
func isTest(fn *ast.FuncDecl) bool {
	return fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") && fn.Name.Name != "TestMain" &&
		len(fn.Type.Params.List) == 1 && fn.Type.Results == nil
}

func apply(source []byte, edits []edit) []byte {
	slices.SortFunc(edits, func(a, b edit) int { return a.at - b.at })
	var b bytes.Buffer
	last := 0
	for _, e := range edits {
		b.Write(source[last:e.at])
		b.WriteString(e.text)
		last = e.end
	}
	b.Write(source[last:])
	return b.Bytes()
}

// The generated files beside the hidden tests. What mentions *testing.M takes the compiler 30 ms more, so that
// direct builds do without the second.
const (
	testsFile = "zz_workbook_test.go"
	mainFile  = "zz_workbookmain_test.go"
)

// generate returns the generated files: the one that hands every hidden test to the harness, scheduled tests
// together with the function that runs one under the scheduler, and the one that hands the whole program to it.
func generate(pkg string, tests []string, scheduled bool) map[string][]byte {
	var b strings.Builder
	imports, call := "", "Run(t, %q, hidden%s)"
	if scheduled {
		imports, call = fmt.Sprintf("\tworkbooksched %q\n", Scheduler), "Explore(t, %q, hidden%s, workbooksched.RunJSON)"
	}
	fmt.Fprintf(&b, "package %s_test\n\nimport (\n\t\"testing\"\n\n\tworkbookharness \"workbook/harness\"\n%s)\n", pkg, imports)
	for _, t := range tests {
		fmt.Fprintf(&b, "\nfunc %s(t *testing.T) { workbookharness.%s }\n", t, fmt.Sprintf(call, t, t))
	}
	return map[string][]byte{
		testsFile: []byte(b.String()),
		mainFile: fmt.Appendf(nil, `package %s_test

import (
	"os"
	"testing"

	workbookharness "workbook/harness"
)

func TestMain(m *testing.M) { os.Exit(workbookharness.Main(m)) }
`, pkg),
	}
}
