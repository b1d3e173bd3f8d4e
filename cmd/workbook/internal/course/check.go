package course

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/scanner"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// The length of a hint in words.
const (
	minHintWords = 20
	maxHintWords = 160
)

const todoMark = "// TODO"

// check reports what is wrong with an exercise's files and hints, as far as that can be seen without
// running them. Files that could not be read are left out: that is reported already.
func (e *Exercise) check(lesson string) (faults Faults) {
	if e.Starter != nil {
		_, bad := parseGo(e.File, e.Starter, e.Name)
		faults = append(faults, bad...)
		if !bytes.Contains(e.Starter, []byte(todoMark)) {
			faults = append(faults, Fault{e.File, 0, "starter without " + todoMark})
		}
	}
	if e.Solution != nil {
		_, bad := parseGo(e.SolutionFile(), e.Solution, e.Name)
		faults = append(faults, bad...)
		if line := lineOf(e.Solution, todoMark); line > 0 {
			faults = append(faults, Fault{e.SolutionFile(), line, "solution with " + todoMark})
		}
		if bytes.Equal(e.Starter, e.Solution) {
			faults = append(faults, Fault{e.File, 0, "starter is the solution"})
		}
	}
	if e.Tests != nil {
		faults = append(faults, e.checkTests()...)
	}
	faults = append(faults, e.checkVariants()...)
	if len(e.Hints) == 0 {
		faults = append(faults, Fault{lesson, e.Line, fmt.Sprintf("exercise %s has no hint: want \"### Hint\" sections behind its task", e.Name)})
	}
	if len(e.Task) == 0 || !hasProse(e) {
		faults = append(faults, Fault{lesson, e.Line, fmt.Sprintf("exercise %s has no task", e.Name)})
	}
	for i := range e.Hints {
		faults = append(faults, e.checkHint(lesson, &e.Hints[i])...)
	}
	return faults
}

// hasProse says whether the task has more than the link that registers it.
func hasProse(e *Exercise) bool {
	return len(e.Task) > 1 || e.Task[0].FirstChild() != e.Task[0].LastChild()
}

// parseGo parses a Go file that must have the given package and gofmt's form.
func parseGo(file string, text []byte, pkg string) (*token.FileSet, Faults) {
	fset, _, faults := parseFile(file, text, pkg)
	return fset, faults
}

func parseFile(file string, text []byte, pkg string) (*token.FileSet, *ast.File, Faults) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fset, nil, syntaxFaults(file, err)
	}
	var faults Faults
	if f.Name.Name != pkg {
		faults = append(faults, Fault{file, fset.Position(f.Name.Pos()).Line, fmt.Sprintf("package %s: want package %s", f.Name.Name, pkg)})
	}
	if tidy, err := format.Source(text); err == nil && !bytes.Equal(tidy, text) {
		faults = append(faults, Fault{file, firstDifference(tidy, text), "not as gofmt writes it"})
	}
	return fset, f, faults
}

func syntaxFaults(file string, err error) Faults {
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		return Faults{{file, list[0].Pos.Line, "syntax error: " + list[0].Msg}}
	}
	return Faults{{file, 0, err.Error()}}
}

// checkTests wants an external test package that needs the standard library, the kit and the
// exercise, with tests that can be run again and again in one process.
func (e *Exercise) checkTests() Faults {
	fset, f, faults := parseFile(e.TestFile, e.Tests, e.Name+"_test")
	if f == nil {
		return faults
	}
	fault := func(at token.Pos, format string, args ...any) {
		faults = append(faults, Fault{e.TestFile, fset.Position(at).Line, fmt.Sprintf(format, args...)})
	}
	own := path.Join(Module, "solutions", e.Lesson, e.Name)
	imported := false
	for _, spec := range f.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		imported = imported || name == own
		first, _, _ := strings.Cut(name, "/")
		kit := path.Join(Module, "solutions", kitFolder)
		if name != own && name != kit && !strings.HasPrefix(name, kit+"/") && (first == Module || strings.Contains(first, ".")) {
			fault(spec.Pos(), "import of %s: want the standard library, %s and %s", name, kit, own)
		}
		if spec.Name != nil && spec.Name.Name == "." {
			fault(spec.Pos(), "import with a dot: a learner's names would hide the test's")
		}
	}
	if !imported {
		fault(f.Name.Pos(), "no import of %s: it tests nothing", own)
	}
	e.checkTestFuncs(f, fault)
	return faults
}

func (e *Exercise) checkTestFuncs(f *ast.File, fault func(token.Pos, string, ...any)) {
	var names []string
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil {
			continue
		}
		if fn.Name.Name == "TestMain" || fn.Name.Name == "init" {
			fault(fn.Pos(), "%s: the grader has its own", fn.Name.Name)
		} else if strings.HasPrefix(fn.Name.Name, "Test") {
			names = append(names, fn.Name.Name)
		}
	}
	if len(names) == 0 {
		fault(f.Name.Pos(), "no test")
	} else if !slices.Equal(names, e.Names) {
		fault(f.Name.Pos(), "tests %s are not all written \"func TestX(t *testing.T)\": the grader finds %s", joined(names), joined(e.Names))
	}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if ok && slices.Contains([]string{"Parallel", "Setenv", "Chdir"}, sel.Sel.Name) {
			fault(sel.Pos(), "call of %s: a hidden test runs many times in one process", sel.Sel.Name)
		}
		return true
	})
}

// checkVariants wants the programs of the archives to be of the exercise's package, except those that
// are there because they do not build.
func (e *Exercise) checkVariants() (faults Faults) {
	check := func(v Variant, mustParse bool) {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, v.File, v.Source, parser.SkipObjectResolution)
		if mustParse && err != nil {
			faults = append(faults, shifted(syntaxFaults(v.File, err), v.Start)...)
		}
		if f != nil && mustParse && f.Name.Name != e.Name && err == nil {
			line := fset.Position(f.Name.Pos()).Line + v.Start - 1
			faults = append(faults, Fault{v.File, line, fmt.Sprintf("package %s: want package %s", f.Name.Name, e.Name)})
		}
		if bytes.Equal(v.Source, e.Solution) {
			faults = append(faults, Fault{v.File, v.Start - 1, fmt.Sprintf("%s.go is the reference solution", v.Name)})
		}
	}
	for _, v := range e.Alts {
		check(v, true)
	}
	for _, w := range e.Wrongs {
		check(w.Variant, w.Class != "build")
	}
	return faults
}

// shifted makes the lines of a program's faults those of its archive.
func shifted(faults Faults, start int) Faults {
	for i := range faults {
		faults[i].Line += start - 1
	}
	return faults
}

func (e *Exercise) checkHint(lesson string, h *Hint) (faults Faults) {
	words := len(strings.Fields(h.Text))
	if words < minHintWords || words > maxHintWords {
		faults = append(faults, Fault{lesson, h.Line, fmt.Sprintf("hint of %d words: want %d to %d", words, minHintWords, maxHintWords)})
	}
	if line := e.quoted(h.Text); line != "" {
		faults = append(faults, Fault{lesson, h.Line, fmt.Sprintf("hint quotes the solution's line %q", line)})
	}
	return faults
}

// quoted returns a line of the solution that is not the starter's and that text contains, or "".
// Comments, imports and lines too short to give anything away do not count.
func (e *Exercise) quoted(text string) string {
	const tooShort = 8 // bytes without blanks
	given := map[string]bool{}
	for line := range strings.Lines(string(e.Starter)) {
		given[squeeze(line)] = true
	}
	text = squeeze(text)
	for line := range strings.Lines(string(e.Solution)) {
		line = squeeze(line)
		code, _, _ := strings.Cut(line, " //")
		bare := strings.ReplaceAll(code, " ", "")
		if given[line] || given[code] || len(bare) < tooShort || strings.HasPrefix(bare, "//") ||
			strings.HasPrefix(bare, "import") || strings.HasPrefix(bare, `"`) || strings.HasPrefix(code, "package ") {
			continue
		}
		if containsWhole(text, code) {
			return code
		}
	}
	return ""
}

// squeeze makes every run of white space one blank.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// containsWhole says whether text contains part where no letter or digit goes on before or behind it.
func containsWhole(text, part string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], part)
		if i < 0 {
			return false
		}
		at += i
		end := at + len(part)
		if (at == 0 || !wordByte(text[at-1]) || !wordByte(part[0])) && (end == len(text) || !wordByte(text[end]) || !wordByte(part[len(part)-1])) {
			return true
		}
		at++
	}
}

func wordByte(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// lineOf returns the number of the first line that contains part, or 0.
func lineOf(text []byte, part string) int {
	i := bytes.Index(text, []byte(part))
	if i < 0 {
		return 0
	}
	return 1 + bytes.Count(text[:i], []byte("\n"))
}

// firstDifference returns the number of the first line in which two texts differ.
func firstDifference(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 1 + bytes.Count(b[:n], []byte("\n"))
}
