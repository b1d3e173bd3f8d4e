package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/course"
)

// Program is the program that a cell stands for.
type Program struct {
	Cell   *course.Cell
	Lesson *course.Lesson
	Source []byte // a file of package main; //line comments lead back to the lesson

	chain []*course.Cell // the cells that it consists of, the last in the lesson first
}

// Assemble makes a cell's program: the code of the cells it comes after, each once, then its own.
// Declarations go to the package, statements to main, and the standard library's packages are
// imported where their names are used. The error is a course.Faults.
func Assemble(l *course.Lesson, c *course.Cell) (*Program, error) {
	chain, err := l.Chain(c)
	if err != nil {
		return nil, faults(c, c.Line-1, err.Error())
	}
	a := assembly{imports: map[string]bool{}}
	for _, cell := range chain {
		if err := a.add(cell); err != nil {
			return nil, err
		}
	}
	lines := slices.SortedFunc(slices.Values(chain), func(a, b *course.Cell) int { return b.Line - a.Line })
	return &Program{Cell: c, Lesson: l, Source: a.source(c), chain: lines}, nil
}

func faults(c *course.Cell, line int, text string) course.Faults {
	return course.Faults{{File: c.File, Line: line, Text: text}}
}

// An assembly is a program being put together.
type assembly struct {
	imports map[string]bool // import lines that are there already
	head    strings.Builder // imports
	decls   strings.Builder
	body    strings.Builder // of main
	own     *course.Cell    // that declares main itself
	first   *course.Cell    // the first one with statements
	line    int             // of the first statement
}

func (a *assembly) add(c *course.Cell) error { return a.addParts(c, split(c.Code)) }

func (a *assembly) addParts(c *course.Cell, parts []part) error {
	for _, p := range parts {
		switch p.kind {
		case importPart:
			if !a.imports[p.code] {
				a.imports[p.code] = true
				place(&a.head, c, p)
			}
		case declPart:
			if p.name == "main" {
				a.own = c
			}
			place(&a.decls, c, p)
		case statementPart:
			if a.first == nil {
				a.first, a.line = c, c.Line+p.line-1
			}
			place(&a.body, c, p)
		}
	}
	if a.own != nil && a.first != nil {
		return faults(c, a.line, fmt.Sprintf("a statement outside of functions, where the cell %s has a func main", a.own.ID))
	}
	return nil
}

// place writes a part under a comment that says where it comes from.
func place(b *strings.Builder, c *course.Cell, p part) {
	fmt.Fprintf(b, "//line %s:%d:%d\n%s\n", c.File, c.Line+p.line-1, p.col, p.code)
}

func (a *assembly) source(c *course.Cell) []byte {
	rest := a.decls.String()
	if a.own == nil {
		rest += "func main() {\n" + a.body.String() + "}\n"
	}
	head := "package main\n" + a.head.String()
	missing := missingImports(head + rest)
	if len(missing) > 0 {
		head += fmt.Sprintf("//line %s:%d:1\nimport (%s)\n", c.File, c.Line, strings.Join(missing, "; "))
	}
	return []byte(head + rest)
}

// missingImports returns, quoted, the packages of the standard library whose names the source uses
// without declaring them.
func missingImports(src string) []string {
	f, _ := parser.ParseFile(token.NewFileSet(), "", src, 0)
	if f == nil {
		return nil
	}
	unresolved := map[*ast.Ident]bool{}
	for _, id := range f.Unresolved {
		unresolved[id] = true
	}
	for _, spec := range f.Imports {
		delete(unresolved, spec.Name)
	}
	have := importedNames(f)
	need := map[string]bool{}
	selected := map[string][]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && unresolved[id] && !have[id.Name] {
				selected[id.Name] = append(selected[id.Name], sel.Sel.Name)
			}
		}
		return true
	})
	for name, sels := range selected {
		if path := packagePath(name, sels); path != "" {
			need[strconv.Quote(path)] = true
		}
	}
	return slices.Sorted(maps.Keys(need))
}

// importedNames returns the names that a file's own imports declare.
func importedNames(f *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, spec := range f.Imports {
		if spec.Name != nil {
			names[spec.Name.Name] = true
			continue
		}
		path, _ := strconv.Unquote(spec.Path.Value)
		names[baseName(path)] = true
	}
	return names
}

// baseName is the name of the package with the given path, which is one of the standard library.
func baseName(path string) string {
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && len(last) > 1 && last[0] == 'v' && last[1] >= '0' && last[1] <= '9' {
		return parts[len(parts)-2]
	}
	return last
}
