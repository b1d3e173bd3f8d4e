// Package policy says what source a submission may contain.
package policy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"unicode/utf8"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// MaxBytes is the size of the largest file that is taken.
const MaxBytes = 64 << 10

// source is one file of a submission, parsed as far as its syntax allows.
type source struct {
	name string // workspace-relative
	ex   *course.Exercise
	text []byte
	fset *token.FileSet
	ast  *ast.File // never nil in a rule over syntax
}

// violation is what a rule has against a line.
type violation struct {
	line int // 0 where the whole file is meant
	text string
	hint string
}

// rule is one thing that a submission must keep to.
type rule struct {
	name   string
	syntax bool // it needs a file that parses; what does not is the compiler's to refuse
	check  func(source) []violation
}

// rules are applied in order, and a file that breaks one of the first, which are about its bytes,
// is not looked at further.
var rules = []rule{
	{"size", false, size},
	{"text", false, text},
	{"package", true, packageName},
	{"imports", true, imports},
	{"directives", true, directives},
}

// Check returns every violation in a submission, given by workspace-relative name.
func Check(ex *course.Exercise, files map[string][]byte) []verdict.Finding {
	var found []verdict.Finding
	if _, ok := files[ex.File]; !ok {
		found = append(found, finding(ex.File, violation{0, "the exercise's file " + ex.File + " is missing", "workbook reset " + ex.Name + " brings the starter back"}))
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name != ex.File {
			found = append(found, finding(name, violation{0, fmt.Sprintf("%s is no part of the exercise: the hidden tests are built with %s alone", name, ex.File), "move what you need into " + ex.File}))
			continue
		}
		found = append(found, checkFile(ex, name, files[name])...)
	}
	return found
}

func checkFile(ex *course.Exercise, name string, data []byte) []verdict.Finding {
	s := source{name: name, ex: ex, text: data, fset: token.NewFileSet()}
	var found []verdict.Finding
	for _, r := range rules {
		if r.syntax && s.ast == nil {
			if len(found) > 0 {
				return found
			}
			var err error
			if s.ast, err = parser.ParseFile(s.fset, name, data, parser.ParseComments|parser.SkipObjectResolution); err != nil {
				return nil
			}
		}
		for _, v := range r.check(s) {
			found = append(found, finding(name, v))
		}
	}
	return found
}

func finding(name string, v violation) verdict.Finding {
	f := verdict.Finding{Class: verdict.Policy, Message: v.text, Hint: v.hint}
	if v.line > 0 {
		f.At = []verdict.Place{{File: name, Line: v.line, Role: "not allowed"}}
	}
	return f
}

func size(s source) []violation {
	if len(s.text) <= MaxBytes {
		return nil
	}
	return []violation{{0, fmt.Sprintf("%s has %d KiB, and at most %d are taken", s.name, (len(s.text)+1023)>>10, MaxBytes>>10), "the solution needs a few dozen lines"}}
}

func text(s source) []violation {
	for i, line := range bytes.Split(s.text, []byte("\n")) {
		if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
			return []violation{{i + 1, "the file is not UTF-8 text, as Go source must be", "save it as UTF-8, or workbook reset " + s.ex.Name + " brings the starter back"}}
		}
	}
	return nil
}
