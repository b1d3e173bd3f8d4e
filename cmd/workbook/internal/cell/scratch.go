package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/course"
)

// ScratchFile is what messages call the file of a scratch.
const ScratchFile = "scratch"

// Scratch is a program that grows: imports, types, constants and functions belong to the package,
// statements to main, in the order in which they were entered. There is no state but its text: it runs
// from the beginning each time.
type Scratch struct {
	items []item
	last  int    // of the latest entry, counted from 1
	Seed  uint64 // draws the schedule that an entry runs under
}

// An item is one declaration, statement or expression.
type item struct {
	part
	entry int      // the entry that it came with
	names []string // that a declaration declares, "T.M" for a method
	wrap  bool     // an expression to be printed
}

// Code returns the scratch as its author would write it, a line for each line entered.
func (s *Scratch) Code() string {
	var b strings.Builder
	for _, it := range s.items {
		if it.wrap {
			b.WriteString("fmt.Println(" + it.code + ")\n")
		} else {
			b.WriteString(it.code + "\n")
		}
	}
	return b.String()
}

// Undo takes the latest entry away and reports whether there was one. What it replaced does not come back.
func (s *Scratch) Undo() bool {
	if len(s.items) == 0 {
		return false
	}
	last := 0
	for _, it := range s.items {
		last = max(last, it.entry)
	}
	s.items = slices.DeleteFunc(s.items, func(it item) bool { return it.entry == last })
	return true
}

// Clear takes all entries away.
func (s *Scratch) Clear() { s.items, s.last = nil, 0 }

// Incomplete reports whether a text goes on in the next line: a bracket or a string is open, or it ends
// in an operator.
func Incomplete(text string) bool {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(text))
	open := false
	var s scanner.Scanner
	s.Init(file, []byte(text), func(_ token.Position, msg string) {
		open = open || strings.Contains(msg, "raw string literal not terminated") || strings.Contains(msg, "comment not terminated")
	}, 0)
	depth, last := 0, token.SEMICOLON
	for {
		_, tok, _ := s.Scan()
		if tok == token.EOF {
			return open || depth > 0 || last != token.SEMICOLON
		}
		switch last = tok; tok {
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
		}
	}
}

// with returns the scratch with a text entered. Declarations replace earlier ones of the same name.
func (s *Scratch) with(text string) *Scratch {
	next := &Scratch{items: slices.Clone(s.items), last: s.last + 1, Seed: s.Seed}
	for _, p := range split(text) {
		it := item{part: p, entry: next.last}
		if p.kind == packagePart {
			continue
		}
		it.settle()
		next.items = slices.DeleteFunc(next.items, func(old item) bool {
			return slices.ContainsFunc(old.names, func(name string) bool { return slices.Contains(it.names, name) })
		})
		next.items = append(next.items, it)
	}
	return next
}

// settle decides where an item belongs. A variable with a value that takes some doing gets it in main,
// when its turn has come.
func (it *item) settle() {
	if it.kind == importPart {
		return
	}
	d := declaration(it.code)
	g, ok := d.(*ast.GenDecl)
	switch {
	case d == nil, ok && g.Tok == token.VAR && slices.ContainsFunc(g.Specs, busy):
		it.kind, it.name = statementPart, ""
	default:
		it.kind, it.names = declPart, declared(d)
	}
}

// declaration parses code that is one declaration, else nil.
func declaration(code string) ast.Decl {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+code, parser.SkipObjectResolution)
	if err != nil || len(f.Decls) != 1 {
		return nil
	}
	return f.Decls[0]
}

// busy reports whether a variable's value calls, receives or uses another name.
func busy(spec ast.Spec) bool {
	found := false
	for _, value := range spec.(*ast.ValueSpec).Values {
		ast.Inspect(value, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit, *ast.CallExpr, *ast.UnaryExpr:
				found = true
			case *ast.Ident:
				found = found || !slices.Contains([]string{"true", "false", "nil", "int", "string", "float64", "bool", "error", "any", "byte", "rune"}, n.Name)
			}
			return !found
		})
	}
	return found
}

func declared(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil && len(d.Recv.List) == 1 {
			name = receiver(d.Recv.List[0].Type) + "." + name
		}
		return []string{name}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					names = append(names, id.Name)
				}
			}
		}
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "_" })
}

func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}

// program assembles the scratch. unused are names of main that nobody uses: the program uses them.
func (s *Scratch) program(engine course.Engine, unused []string) (*Program, []int, error) {
	c := &course.Cell{ID: "scratch", File: ScratchFile, Line: 1, Engine: engine, Runs: 1, Code: s.Code()}
	var parts []part
	var entries []int
	line, entry := 1, 0
	for _, it := range s.items {
		p := it.part
		p.line, p.col = line, 1
		code := p.code
		line += 1 + strings.Count(code, "\n")
		if it.kind == statementPart && it.entry != entry {
			entry = it.entry
			entries = append(entries, p.line)
		}
		if it.wrap {
			p.code = fmt.Sprintf("fmt.Println(\n//line %s:%d:1\n%s)", ScratchFile, p.line, p.code)
		}
		if it.kind != importPart || s.uses(code) {
			parts = append(parts, p)
		}
	}
	for _, name := range unused {
		parts = append(parts, part{code: "_ = " + name, line: line, col: 1})
	}
	a := assembly{imports: map[string]bool{}}
	if err := a.addParts(c, parts); err != nil {
		return nil, nil, err
	}
	if len(s.items) == 0 || s.items[len(s.items)-1].entry != entry {
		entries = append(entries, line) // the latest entry has no statement
	}
	return &Program{Cell: c, Lesson: &course.Lesson{File: ScratchFile, Cells: []*course.Cell{c}}, Source: a.source(c), chain: []*course.Cell{c}}, entries, nil
}

var importLine = regexp.MustCompile(`^import\s+(?:([\w.]+)\s+)?"([^"]+)"$`)

// uses reports whether the scratch uses what an import line brings. Lines of another form stay.
func (s *Scratch) uses(code string) bool {
	m := importLine.FindStringSubmatch(code)
	if m == nil || m[1] == "." || m[1] == "_" {
		return true
	}
	name := m[1]
	if name == "" {
		name = baseName(m[2])
	}
	used := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\.`)
	return slices.ContainsFunc(s.items, func(it item) bool {
		return it.kind != importPart && used.MatchString(it.code) || it.wrap && name == "fmt"
	})
}
