package explain

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// placeSomewhere gives a finding without a place the line of the learner's where the mistake most likely
// is, in this order: what the sentence names, what the failing schedule wrote last, what can have given the
// memory of a race away, what the other sentences or the test's name name, and the exported function that
// does most with what goroutines share.
func (s *source) placeSomewhere(f *verdict.Finding) {
	switch f.Class {
	case verdict.Build, verdict.Policy, verdict.Tampered, verdict.Fault:
		return
	}
	if len(f.At) > 0 {
		return
	}
	for _, find := range []func(*verdict.Finding) (verdict.Place, bool){s.named, s.quoted, s.wroteLast, s.givenAway, s.namedBeside, s.busiest} {
		if at, ok := find(f); ok {
			f.At = []verdict.Place{at}
			return
		}
	}
}

func (s *source) functionPlace(fn *function) (verdict.Place, bool) {
	if fn == nil {
		return verdict.Place{}, false
	}
	return s.at(fn.file, fn.line, "function"), true
}

var ownLine = regexp.MustCompile(`\b([\w./-]+\.go):(\d+)`)

// named is the line or the function that the sentence names.
func (s *source) named(f *verdict.Finding) (verdict.Place, bool) {
	if m := ownLine.FindStringSubmatch(f.Message); m != nil {
		for _, name := range s.names {
			if name == m[1] || strings.HasSuffix(name, "/"+m[1]) {
				return s.at(name, number(m[2]), "named"), true
			}
		}
	}
	return s.functionPlace(s.mentioned(f.Message))
}

var inQuotes = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// quoted is the string of the learner's that the sentence quotes.
func (s *source) quoted(f *verdict.Finding) (verdict.Place, bool) {
	for _, quote := range inQuotes.FindAllString(f.Message, -1) {
		want, err := strconv.Unquote(quote)
		if err != nil || want == "" {
			continue
		}
		for _, name := range s.names {
			if line := s.literalLine(s.files[name].tree, want); line > 0 {
				return s.at(name, line, "named"), true
			}
		}
	}
	return verdict.Place{}, false
}

// literalLine is the line of a string literal with the given value, 0 where there is none.
func (s *source) literalLine(tree *ast.File, want string) (line int) {
	if tree == nil {
		return 0
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && line == 0 {
			if got, err := strconv.Unquote(lit.Value); err == nil && got == want {
				line = s.line(lit.Pos())
			}
		}
		_, imports := n.(*ast.ImportSpec)
		return !imports
	})
	return line
}

// wroteLast is the last line at which the failing schedule wrote what goroutines share.
func (s *source) wroteLast(f *verdict.Finding) (verdict.Place, bool) {
	for _, x := range s.found {
		if x.test != f.Test || x.Schedule != f.Schedule {
			continue
		}
		moves := s.moves(x)
		for _, m := range slices.Backward(moves) {
			if m.obj != nil && m.does()&writes != 0 {
				return s.at(m.name, m.Line, "write"), true
			}
		}
	}
	return verdict.Place{}, false
}

// givenAway is the function whose result the test's goroutines raced on: the first that returns memory of
// which somebody else may hold a part.
func (s *source) givenAway(f *verdict.Finding) (verdict.Place, bool) {
	if f.Class != verdict.Race {
		return verdict.Place{}, false
	}
	for _, fn := range s.exported("") {
		if fn.decl().Recv == nil || fn.typ().Results == nil {
			continue // a constructor's result is meant to be shared
		}
		for _, field := range fn.typ().Results.List {
			t := s.info.TypeOf(field.Type)
			if t == nil {
				continue
			}
			switch t.Underlying().(type) {
			case *types.Slice, *types.Map, *types.Pointer:
				return s.at(fn.file, fn.line, "returns"), true
			}
		}
	}
	return verdict.Place{}, false
}

// namedBeside is the function, or else the type or variable, that the finding names anywhere.
func (s *source) namedBeside(f *verdict.Finding) (verdict.Place, bool) {
	if fn := s.mentioned(strings.Join(f.Detail, " ")); fn != nil {
		return s.functionPlace(fn)
	}
	text := f.Message + " " + strings.Join(f.Detail, " ")
	for _, w := range word.FindAllString(text, -1) {
		if ast.IsExported(w) {
			if at, ok := s.definition(w); ok {
				return at, true
			}
		}
	}
	var best *function
	for _, fn := range s.exported("") {
		name := fn.declName()
		if strings.Contains(f.Test, name) && (best == nil || len(name) > len(best.declName())) {
			best = fn
		}
	}
	return s.functionPlace(best)
}

// definition is where the file declares a variable or constant, or the busiest method of a type.
func (s *source) definition(name string) (verdict.Place, bool) {
	if fn := s.mostBusy(s.exported(name)); fn != nil {
		return s.functionPlace(fn)
	}
	for _, file := range s.names {
		tree := s.files[file].tree
		if tree == nil {
			continue
		}
		for _, d := range tree.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && slices.ContainsFunc(v.Names, func(n *ast.Ident) bool { return n.Name == name }) {
					return s.at(file, s.line(v.Pos()), "declared"), true
				}
			}
		}
	}
	return verdict.Place{}, false
}

// busiest is the exported function that does most with what goroutines share.
func (s *source) busiest(*verdict.Finding) (verdict.Place, bool) {
	return s.functionPlace(s.mostBusy(s.exported("")))
}

// exported are the exported functions and methods, or the exported methods of one type.
func (s *source) exported(receiver string) []*function {
	var all []*function
	for _, fn := range s.funcs {
		d, ok := fn.node.(*ast.FuncDecl)
		if ok && d.Name.IsExported() && (receiver == "" || receiver == receiverName(d)) {
			all = append(all, fn)
		}
	}
	return all
}

// receiverName is the name of a method's type, "" for a function.
func receiverName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	t := ast.Unparen(d.Recv.List[0].Type)
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	switch g := t.(type) {
	case *ast.IndexExpr:
		t = g.X
	case *ast.IndexListExpr:
		t = g.X
	}
	id, _ := t.(*ast.Ident)
	if id == nil {
		return ""
	}
	return id.Name
}

// mostBusy is the function among some, the literals in them included, with the most uses of fields,
// package variables, channels and locks; a write counts as two.
func (s *source) mostBusy(among []*function) *function {
	busy := map[*ast.FuncDecl]int{}
	for i := range s.refs {
		r := &s.refs[i]
		v, ok := r.obj.(*types.Var)
		if !ok || r.fn == nil || !v.IsField() && (v.Pkg() == nil || v.Parent() != v.Pkg().Scope()) {
			continue
		}
		busy[r.fn.decl()]++
		if r.mode&writes != 0 {
			busy[r.fn.decl()]++
		}
	}
	for _, o := range s.ops {
		if o.fn != nil {
			busy[o.fn.decl()]++
		}
	}
	var best *function
	for _, fn := range among {
		if best == nil || busy[fn.decl()] > busy[best.decl()] {
			best = fn
		}
	}
	return best
}
