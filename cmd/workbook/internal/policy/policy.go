// Package policy says what source a submission may contain.
//
// It is pure: it gets names and bytes, and touches no file. What it forbids is what could make a
// verdict worthless, or what an exercise is meant to be solved without. A rule must never be in the
// way of an honest solution, so what merely looks odd is let pass: the hidden tests judge it.
//
// What does not parse is the compiler's to refuse, in words that a learner can look up.
package policy

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// source is one file of a submission, parsed as far as its syntax allows.
type source struct {
	name     string // workspace-relative
	ex       *course.Exercise
	text     []byte
	fset     *token.FileSet
	ast      *ast.File         // never nil in a rule over syntax
	packages map[string]string // import paths by the names that the file calls them
}

// violation is what a rule has against a line.
type violation struct {
	line int    // 0 where the whole file is meant
	text string // what is not allowed and why
	hint string // what to do instead
}

// rule is one thing that a submission must keep to.
type rule struct {
	name   string
	syntax bool // it needs a file that parses
	check  func(source) []violation
}

// rules are applied in order, and a file that breaks one of the first, which are about its bytes,
// is not looked at further.
var rules = []rule{
	{"size", false, size},
	{"text", false, text},
	{"invisible characters", false, invisible},
	{"length", false, length},
	{"package", true, packageName},
	{"imports", true, imports},
	{"import names", true, importNames},
	{"directives", true, directives},
	{"bodies", true, bodies},
	{"other packages' names", true, selectors},
	{"foreign variables", true, foreign},
	{"predeclared names", true, predeclared},
	{"grader's names", true, reserved},
	{"early work", true, early},
}

// maxFindings bounds what is said about one file.
const maxFindings = 20

// enough reports whether a rule has found all that can be said of it: it finds from top to bottom.
func enough(found []violation) bool { return len(found) >= maxFindings }

// Check returns every violation in a submission, given by workspace-relative name.
func Check(ex *course.Exercise, files map[string][]byte) []verdict.Finding {
	var found []verdict.Finding
	if _, ok := files[ex.File]; !ok {
		found = append(found, finding(ex.File, violation{0, "the exercise's file " + ex.File + " is missing", "workbook reset " + ex.Name + " brings the starter back"}))
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name != ex.File {
			found = append(found, finding(name, stray(ex, name)))
			continue
		}
		found = append(found, checkFile(ex, name, files[name])...)
	}
	return found[:min(len(found), maxFindings)]
}

// stray says why a file cannot be taken that is not the exercise's.
func stray(ex *course.Exercise, name string) violation {
	switch {
	case strings.HasSuffix(name, "_test.go"):
		return violation{0, name + " is no part of the submission: the tests that count are the hidden ones", "hand in " + ex.File + " alone"}
	case path.Ext(name) == ".s":
		return violation{0, name + " is no part of the submission: the race detector does not see what assembly does", "write it in Go, in " + ex.File}
	}
	return violation{0, fmt.Sprintf("%s is no part of the exercise: the hidden tests are built with %s alone", name, ex.File), "move what you need into " + ex.File}
}

func checkFile(ex *course.Exercise, name string, data []byte) []verdict.Finding {
	s := source{name: name, ex: ex, text: data, fset: token.NewFileSet()}
	var found []violation
	for _, r := range rules {
		if r.syntax && s.ast == nil && (len(found) > 0 || !s.parse()) {
			break
		}
		found = append(found, r.check(s)...)
	}
	slices.SortStableFunc(found, func(a, b violation) int { return cmp.Compare(a.line, b.line) })
	var all []verdict.Finding
	for _, v := range found[:min(len(found), maxFindings)] {
		all = append(all, finding(name, v))
	}
	return all
}

func finding(name string, v violation) verdict.Finding {
	f := verdict.Finding{Class: verdict.Policy, Message: v.text, Hint: v.hint}
	if v.line > 0 {
		f.At = []verdict.Place{{File: name, Line: v.line, Role: "not allowed"}}
	}
	return f
}

// parse reads the syntax and says whether there is no mistake in it.
func (s *source) parse() bool {
	file, err := parser.ParseFile(s.fset, s.name, s.text, parser.ParseComments)
	if err != nil {
		return false
	}
	s.ast, s.packages = file, map[string]string{}
	for _, spec := range file.Imports {
		p := importPath(spec)
		s.packages[importName(spec, p)] = p
	}
	return true
}

func importPath(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value) // the parser has seen to it
	return p
}

// importName is what a file calls a package of the standard library.
func importName(spec *ast.ImportSpec, p string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return usualName(p)
}

// usualName is what files call a package of the standard library that give it no other name.
func usualName(p string) string {
	base := path.Base(p)
	if len(base) == 2 && base[0] == 'v' && '2' <= base[1] && base[1] <= '9' {
		base = path.Base(path.Dir(p))
	}
	return base
}

// line is where something stands, whatever line directives say.
func (s source) line(at token.Pos) int { return s.fset.PositionFor(at, false).Line }

// member returns the import path and the name that an expression means, "" where it is no member of
// an imported package: a variable may have a package's name. Types are not known here, but the parser
// resolves the names that a file declares, and never takes an imported package for one of them.
func (s source) member(e ast.Expr) (pkg, name string) {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok || id.Obj != nil {
		return "", ""
	}
	return s.packages[id.Name], sel.Sel.Name
}
