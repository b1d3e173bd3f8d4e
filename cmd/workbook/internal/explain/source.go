package explain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// origin says whose code a frame is in.
type origin int

const (
	fromLibrary origin = iota // the standard library, the runtime, the harness
	fromLearner
	fromTest // a hidden test or the course's test kit: its source is never shown
)

// source is the learner's program as far as it can be read: it may not parse, and it may not type-check.
type source struct {
	tree     string
	files    map[string]*file
	names    []string // of files, sorted
	fset     *token.FileSet
	info     *types.Info
	pkgs     map[*ast.File]*types.Package
	funcs    []*function
	refs     []ref                   // every use of a variable, in source order
	ops      []op                    // every operation of a channel or lock, in source order
	owner    map[types.Object]string // the named type that a field belongs to
	alias    map[types.Object]types.Object
	targets  map[types.Object]types.Object            // what a pointer parameter points to
	declared map[types.Object]string                  // the type as written, where it could not be resolved
	literals map[*ast.FuncLit]string                  // the variable that a literal is assigned to
	reached  map[*ast.FuncDecl]map[*ast.FuncDecl]bool // the functions that one can call, where they were asked for
	found    []*exploration                           // the explorations that found a failing schedule
	allows   func(pkg, name string) bool              // see Input.Allows; never nil
}

// file is one of the learner's files.
type file struct {
	name  string
	lines []string
	tree  *ast.File
}

// function is a declaration or a literal.
type function struct {
	node       ast.Node // *ast.FuncDecl or *ast.FuncLit
	file       string
	line, last int
	outer      *function // of a literal
	started    ast.Node  // the go statement, or the call of (*WaitGroup).Go, that runs a literal
	name       string    // of the variable that a literal is assigned to
	inline     bool      // a literal that is called where it stands, perhaps deferred
}

// body is nil for a declaration without one.
func (f *function) body() *ast.BlockStmt {
	if d, ok := f.node.(*ast.FuncDecl); ok {
		return d.Body
	}
	return f.node.(*ast.FuncLit).Body
}

func (f *function) typ() *ast.FuncType {
	if d, ok := f.node.(*ast.FuncDecl); ok {
		return d.Type
	}
	return f.node.(*ast.FuncLit).Type
}

// decl is the declaration that f is or is in, nil for a literal outside all functions.
func (f *function) decl() *ast.FuncDecl {
	for ; f != nil; f = f.outer {
		if d, ok := f.node.(*ast.FuncDecl); ok {
			return d
		}
	}
	return nil
}

// declName is the name of the declaration that f is or is in.
func (f *function) declName() string {
	if d := f.decl(); d != nil {
		return d.Name.Name
	}
	return "a function literal"
}

// label names f in a sentence.
func (f *function) label() string {
	if f == nil {
		return "a function literal"
	}
	if d, ok := f.node.(*ast.FuncDecl); ok {
		return d.Name.Name
	}
	d := f.decl()
	switch {
	case d == nil:
		return "a function literal"
	case f.started != nil:
		return "the goroutine started in " + d.Name.Name
	case f.name != "":
		return f.name
	case f.inline:
		return f.outer.label()
	}
	return "a function literal in " + d.Name.Name
}

// goroutine is the innermost function around f, or f itself, that a goroutine was started with.
func (f *function) goroutine() *function {
	for ; f != nil; f = f.outer {
		if f.started != nil {
			return f
		}
	}
	return nil
}

func newSource(in Input) *source {
	s := &source{
		tree:    strings.TrimSuffix(slashed(in.Tree), "/"),
		files:   map[string]*file{},
		fset:    token.NewFileSet(),
		owner:   map[types.Object]string{},
		alias:   map[types.Object]types.Object{},
		pkgs:    map[*ast.File]*types.Package{},
		reached: map[*ast.FuncDecl]map[*ast.FuncDecl]bool{},
		targets: map[types.Object]types.Object{}, declared: map[types.Object]string{}, literals: map[*ast.FuncLit]string{},
		allows: in.Allows,
	}
	if s.allows == nil {
		s.allows = func(string, string) bool { return true }
	}
	for name, text := range in.Files {
		if path.Ext(name) != ".go" {
			continue
		}
		tree, _ := parser.ParseFile(s.fset, name, text, parser.SkipObjectResolution|parser.AllErrors)
		s.files[name] = &file{name: name, lines: splitLines(string(text)), tree: tree}
		s.names = append(s.names, name)
	}
	slices.Sort(s.names)
	if in.Pkg != nil {
		s.check(in.Pkg.Types)
	} else {
		s.check(nil)
	}
	for _, name := range s.names {
		if s.files[name].tree != nil {
			s.index(s.files[name])
		}
	}
	return s
}

// index finds the functions of a file, the variables they use and the owners of its fields.
func (s *source) index(f *file) {
	c := &collector{source: s, file: f.name}
	for _, d := range f.tree.Decls {
		c.decl(d)
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if st, ok := spec.Type.(*ast.StructType); ok {
			for _, field := range st.Fields.List {
				for _, name := range fieldNames(field) {
					if obj := s.info.Defs[name]; obj != nil {
						s.owner[obj] = spec.Name.Name
						s.declared[obj] = types.ExprString(field.Type)
					}
				}
			}
		}
		return true
	})
}

// fieldNames are a field's names; an embedded field's name is its type's.
func fieldNames(f *ast.Field) []*ast.Ident {
	if len(f.Names) > 0 {
		return f.Names
	}
	switch t := embedded(f.Type).(type) {
	case *ast.Ident:
		return []*ast.Ident{t}
	case *ast.SelectorExpr:
		return []*ast.Ident{t.Sel}
	}
	return nil
}

func embedded(e ast.Expr) ast.Expr {
	switch t := e.(type) {
	case *ast.StarExpr:
		return embedded(t.X)
	case *ast.IndexExpr:
		return embedded(t.X)
	}
	return e
}

// relative is a printed path as the learner's workspace names it.
func (s *source) relative(name string) string {
	name = slashed(name)
	if s.tree != "" {
		name = strings.TrimPrefix(name, s.tree+"/")
	}
	return strings.TrimPrefix(name, "workbook/") // as -trimpath prints it
}

// origin says whose code a frame is in.
func (s *source) origin(f frame) origin {
	name := s.relative(f.file)
	switch {
	case s.files[name] != nil:
		return fromLearner
	case strings.HasPrefix(name, "solutions/"), strings.HasSuffix(name, "_test.go"):
		return fromTest
	}
	return fromLibrary
}

// learner returns the first of the learner's frames and its index, or -1.
func (s *source) learner(stack []frame) (frame, int) {
	i := slices.IndexFunc(stack, func(f frame) bool { return s.origin(f) == fromLearner })
	if i < 0 {
		return frame{}, -1
	}
	return stack[i], i
}

// place is a frame's line as a place with a role.
func (s *source) place(f frame, role string) verdict.Place {
	return s.at(s.relative(f.file), f.line, role)
}

func (s *source) at(name string, line int, role string) verdict.Place {
	return verdict.Place{File: name, Line: line, Role: role, Source: s.text(name, line)}
}

// text is a line of a file, trimmed.
func (s *source) text(name string, line int) string {
	f := s.files[name]
	if f == nil || line < 1 || line > len(f.lines) {
		return ""
	}
	return strings.TrimSpace(f.lines[line-1])
}

// line is where pos is, whatever //line comments say.
func (s *source) line(pos token.Pos) int {
	return s.fset.PositionFor(pos, false).Line
}

// functionAt is the innermost function around a frame's line. Where a literal stands on the same line
// as the function around it, the frame's name tells the two apart.
func (s *source) functionAt(f frame) *function {
	name := s.relative(f.file)
	var best *function
	for _, fn := range s.funcs {
		if fn.file != name || f.line < fn.line || f.line > fn.last {
			continue
		}
		if _, lit := fn.node.(*ast.FuncLit); lit && !f.literal() && fn.line == f.line && f.fn != "" {
			continue
		}
		if best == nil || fn.node.Pos() >= best.node.Pos() {
			best = fn
		}
	}
	return best
}

// functionOf is the innermost function around a position.
func (s *source) functionOf(pos token.Pos) *function {
	var best *function
	for _, fn := range s.funcs {
		if fn.node.Pos() <= pos && pos < fn.node.End() && (best == nil || fn.node.Pos() >= best.node.Pos()) {
			best = fn
		}
	}
	return best
}

// nodes returns the nodes that begin on a line of a file.
func (s *source) nodes(name string, line int) []ast.Node {
	f := s.files[name]
	if f == nil || f.tree == nil {
		return nil
	}
	var found []ast.Node
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		if s.line(n.Pos()) == line {
			found = append(found, n)
		}
		return s.line(n.Pos()) <= line && line <= s.line(n.End())
	})
	return found
}
