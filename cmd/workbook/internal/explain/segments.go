package explain

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// call is a run of a goroutine's steps that belong to one call of an exported function.
type call struct {
	name string // of that function, "" where it could not be told
	said string // the same with its arguments, "" where they are not known
}

// segment is what is known of the call that a goroutine is in.
type segment struct {
	call *call
	fns  []*ast.FuncDecl // that steps were seen in
	last *move
}

// calls parts each goroutine's steps into calls of exported functions: as the schedule tells of them, else of those
// whose calls, direct or not, can have come to all the steps.
func (s *source) calls(x *exploration, all []*move) {
	now, own := map[int32]*segment{}, map[int32]*call{}
	for _, g := range x.Started {
		if s.files[s.relative(g.Started.File)] != nil {
			own[g.Num] = &call{} // a goroutine that the learner's code has started makes no call
		}
	}
	for _, m := range all {
		d, st := m.fn.decl(), now[m.G]
		if st == nil && own[m.G] == nil && m.fn.goroutine() != nil {
			own[m.G] = &call{}
		}
		if m.call = own[m.G]; d == nil || m.call != nil {
			continue
		}
		if top, said := s.entered(m); top != nil && (st == nil || s.testBetween(x, st.last, m) || st.call.name == top.Name.Name || !s.reachable(st.fns[0])[top]) {
			st = &segment{call: &call{top.Name.Name, said}, fns: []*ast.FuncDecl{top}}
		} else if st == nil {
			st = &segment{call: &call{}}
		}
		now[m.G] = st
		s.extend(st, d)
		m.call, st.last = st.call, m
	}
}

// extend notes that a goroutine's next step is in a function, which begins another call where none that is exported
// can have come to all.
func (s *source) extend(st *segment, d *ast.FuncDecl) {
	if slices.Contains(st.fns, d) && (len(st.fns) > 1 || st.call.name != "") {
		return
	}
	if fns := append(st.fns[:len(st.fns):len(st.fns)], d); s.cover(fns) != nil || len(st.fns) == 0 {
		st.fns = fns
	} else {
		*st = segment{call: &call{}, fns: []*ast.FuncDecl{d}}
	}
	if top := s.cover(st.fns); top != nil && top.Name.Name != st.call.name {
		*st.call = call{name: top.Name.Name}
	}
}

// entered is the outermost exported function that a goroutine has entered before a step, and can have come to the step
// from, with its arguments where one of them is known: "Withdraw(10)".
func (s *source) entered(m *move) (*ast.FuncDecl, string) {
	for _, said := range m.Calls {
		name, _, _ := strings.Cut(said, "(")
		for _, fn := range s.funcs {
			if d, ok := fn.node.(*ast.FuncDecl); ok && d.Name.Name == name && s.reachable(d)[m.fn.decl()] {
				if strings.Trim(said[len(name):], "(…, )") == "" {
					said = name
				}
				return d, said
			}
		}
	}
	return nil, ""
}

// testBetween reports whether the test did something in a goroutine between two of its steps.
func (s *source) testBetween(x *exploration, a, b *move) bool {
	if a == nil {
		return false
	}
	for _, st := range x.Steps[a.index:b.index] {
		if st.G == a.G && s.files[s.relative(st.File)] == nil {
			return true
		}
	}
	return false
}

// together reports whether two steps of a goroutine belong to one call: the same one, or two that one of the
// learner's functions makes, where the test did nothing in between.
func (s *source) together(x *exploration, a, b *move) bool {
	if a.call == b.call {
		return true
	}
	if s.testBetween(x, a, b) {
		return false
	}
	da, db := a.fn.decl(), b.fn.decl()
	return slices.ContainsFunc(s.funcs, func(fn *function) bool {
		d, ok := fn.node.(*ast.FuncDecl)
		if !ok || d == da || d == db {
			return false
		}
		reached := s.reachable(d)
		return reached[da] && reached[db]
	})
}

// cover is the exported function among fns that can call all the others, nil where there is none.
func (s *source) cover(fns []*ast.FuncDecl) *ast.FuncDecl {
	for _, top := range fns {
		if !ast.IsExported(top.Name.Name) {
			continue
		}
		reached := s.reachable(top)
		if !slices.ContainsFunc(fns, func(d *ast.FuncDecl) bool { return !reached[d] }) {
			return top
		}
	}
	return nil
}

// reachable are the learner's functions that a function names, directly or by way of others, itself
// among them.
func (s *source) reachable(top *ast.FuncDecl) map[*ast.FuncDecl]bool {
	reached := s.reached[top]
	if reached != nil {
		return reached
	}
	reached = map[*ast.FuncDecl]bool{top: true}
	s.reached[top] = reached
	for todo := []*ast.FuncDecl{top}; len(todo) > 0; {
		d := todo[0]
		todo = todo[1:]
		if d.Body == nil {
			continue
		}
		ast.Inspect(d.Body, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			f, ok := s.info.Uses[id].(*types.Func)
			if !ok {
				return true
			}
			if next := s.declaration(f.Origin()); next != nil && !reached[next] {
				reached[next] = true
				todo = append(todo, next)
			}
			return true
		})
	}
	return reached
}

// declaration is where the learner declares a function, nil for others.
func (s *source) declaration(f *types.Func) *ast.FuncDecl {
	for _, fn := range s.funcs {
		if d, ok := fn.node.(*ast.FuncDecl); ok && s.info.Defs[d.Name] == types.Object(f) {
			return d
		}
	}
	return nil
}
