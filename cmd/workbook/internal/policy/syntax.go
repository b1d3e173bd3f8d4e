package policy

import (
	"fmt"
	"strconv"
	"strings"
)

func packageName(s source) []violation {
	if s.ast.Name.Name == s.ex.Name {
		return nil
	}
	return []violation{{s.fset.PositionFor(s.ast.Name.Pos(), false).Line, fmt.Sprintf("the package is called %s, and the hidden tests import package %s", s.ast.Name.Name, s.ex.Name), "make the first line: package " + s.ex.Name}}
}

// forbidden are the imports that a submission may not have, with the reason.
var forbidden = map[string]string{
	"C":           "the race detector sees no C code, so a verdict about it would be worth nothing",
	"unsafe":      "unsafe goes around the type system, and with it around what the race detector can see",
	"syscall":     "system calls go around the Go runtime, and the race detector does not see the memory they give",
	"plugin":      "a submission is one package",
	"embed":       "a submission is one file",
	"os/exec":     "a submission runs in one process, under the eyes of the race detector",
	"testing":     "the tests are ours: write the code that they test",
	"runtime/cgo": "the race detector sees no C code, so a verdict about it would be worth nothing",
}

func imports(s source) []violation {
	var found []violation
	for _, spec := range s.ast.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		why := forbidden[path]
		if strings.HasPrefix(path, "workbook/") {
			why = "a solution stands on its own, with the standard library only"
		}
		if why != "" {
			found = append(found, violation{s.fset.PositionFor(spec.Pos(), false).Line, fmt.Sprintf("import %q is not allowed: %s", path, why), "remove the import; the exercise needs nothing of it"})
		}
	}
	return found
}

// directivePrefixes begin the comments that the toolchain obeys.
var directivePrefixes = []string{"//go:", "//line ", "/*line ", "// +build", "//+build", "//export ", "//extern "}

func directives(s source) []violation {
	var found []violation
	for _, group := range s.ast.Comments {
		for _, c := range group.List {
			for _, p := range directivePrefixes {
				if strings.HasPrefix(c.Text, p) {
					word, _, _ := strings.Cut(c.Text, "\n")
					found = append(found, violation{s.fset.PositionFor(c.Pos(), false).Line, fmt.Sprintf("the directive %s is not allowed: it changes what the compiler builds or the race detector sees", strings.TrimSpace(word)), "remove the line"})
				}
			}
		}
	}
	return found
}
