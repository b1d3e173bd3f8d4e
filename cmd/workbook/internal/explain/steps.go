package explain

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// move is a step of a schedule that is in the learner's source. Steps of the hidden test are not shown.
type move struct {
	*step
	index int    // of the step
	name  string // of the file
	fn    *function
	call  *call
	obj   any    // what it operates on: a types.Object, or the text where the source does not tell; nil for nothing
	value string // that it read or wrote
	part  string // the expression that it computes, of a statement that later steps go on with
	whole string // the statement's text, where the site names a part of it that an earlier step has computed
	from  string // the value of that part
	again bool   // it goes on from a wait
	half  bool   // the read of a statement that reads and then writes
	final bool   // it waits when the schedule ends
	said  string // what is told of a step of the test, where it is shown
}

// call is a run of a goroutine's steps that belong to one call of an exported function.
type call struct {
	name string // of that function, "" where it could not be told
}

// moves are the learner's steps of a schedule, in order.
func (s *source) moves(x *exploration) []*move {
	type at struct {
		g    int32
		name string
		line int
	}
	last, there := map[int32]*move{}, map[at]*move{}
	var all []*move
	for i := range x.Steps {
		st := &x.Steps[i]
		name := s.relative(st.File)
		if st.Jump || s.files[name] == nil || s.ending(x, i) {
			continue
		}
		if st.Part != "" {
			st.Text = st.Part
		}
		m := &move{step: st, index: i, name: name, value: plainValue(st.Value)}
		m.fn = s.functionAt(frame{file: st.File, line: st.Line, fn: literalHint(st)})
		m.obj = s.objectAt(m)
		if p := last[st.G]; p != nil && p.Site == m.Site && p.Blocked != "" {
			m.again = true
		} else if p := there[at{st.G, name, st.Line}]; p != nil {
			s.parts(x, p, m)
		}
		last[st.G], there[at{st.G, name, st.Line}] = m, m
		all = append(all, m)
	}
	s.calls(x, all)
	for _, w := range x.Waits {
		if x.Class != string(verdict.Deadlock) && x.Class != string(verdict.Leak) {
			break // the others end while goroutines wait that would have gone on
		}
		if m := last[w.G]; m != nil && m.Site == w.Site && lastStep(x, w.G) == m.index {
			m.final = true
		}
	}
	return all
}

// ending reports whether a step is the mark that the test function has ended.
func (s *source) ending(x *exploration, i int) bool {
	st := &x.Steps[i]
	if st.G != 1 || lastStep(x, 1) != i || slices.ContainsFunc(x.Waits, func(w waiting) bool { return w.G == 1 }) {
		return false
	}
	for j := i - 1; j >= 0; j-- {
		if x.Steps[j].G == 1 {
			return x.Steps[j].Site == st.Site
		}
	}
	return false
}

func lastStep(x *exploration, g int32) int {
	for i := len(x.Steps) - 1; i >= 0; i-- {
		if x.Steps[i].G == g {
			return i
		}
	}
	return -1
}

// literalHint keeps functionAt from looking into a literal that begins on the statement's line.
func literalHint(st *step) string {
	if strings.Contains(st.Text, "func(") {
		return "statement"
	}
	return ""
}

// plainValue is a noted value worth showing, else "": the type of a pointer says nothing.
func plainValue(v string) string {
	v = oneLine(v)
	if strings.HasPrefix(v, "a ") || strings.HasPrefix(v, "{") {
		return ""
	}
	return v
}

// parts finds out whether m goes on with a statement that p, the goroutine's last step on that line, has
// begun.
func (s *source) parts(x *exploration, p, m *move) {
	whole := p.statement()
	switch {
	case p.Site == m.Site:
	case p.Text == m.Text && (p.Op == "rw" || p.Op == "read") && m.Op == "write":
		p.half = true
		if strings.Contains(p.Text, "(") {
			p.value = "" // what was noted may be more than was read
		}
	case m.Text != "" && m.Text != whole && strings.Contains(whole, m.Text):
		p.part, m.whole = m.Text, whole
		if before := previous(x, m); before != nil {
			m.from = plainValue(before.Value)
		}
		p.value = m.from
	}
}

// statement is the text of the statement that the step belongs to.
func (m *move) statement() string {
	if m.whole != "" {
		return m.whole
	}
	return m.Text
}

// previous is the step of m's goroutine before it, in whatever file.
func previous(x *exploration, m *move) *step {
	for i := m.index - 1; i >= 0; i-- {
		if x.Steps[i].G == m.G {
			return &x.Steps[i]
		}
	}
	return nil
}

// objectAt is what a step operates on.
func (s *source) objectAt(m *move) any {
	if m.Var == "" || m.Op == "go" || m.Op == "select" || m.Op == "call" {
		return nil
	}
	for i := range s.refs {
		r := &s.refs[i]
		if r.line == m.Line && s.fileOf(r) == m.name && types.ExprString(r.expr) == m.Var {
			return r.obj
		}
	}
	name, _, _ := strings.Cut(m.Var, "[")
	return name[strings.LastIndexByte(name, '.')+1:]
}

// short is the name of what a step operates on, without what it is selected from.
func (m *move) short() string {
	return m.Var[strings.LastIndexByte(m.Var, '.')+1:]
}

// does says what a step does with what it operates on: reads, writes, both or neither.
func (m *move) does() mode {
	text := m.Text
	if m.part != "" {
		text = m.part
	} else if m.whole != "" {
		text = strings.Replace(m.whole, m.Text, "", 1)
	}
	switch m.Op {
	case "read", "len":
		return reads
	case "write":
		return writes
	case "rw":
		if m.half {
			return reads
		}
		return reads | writes
	case "atomic", "map", "pool":
		if m.failed() {
			return reads
		}
		return methodMode(text)
	case "close":
		return writes
	}
	return 0
}

// failed reports whether the step is a CompareAndSwap that has changed nothing.
func (m *move) failed() bool {
	return m.Op == "atomic" && m.value == "false" && m.part == "" && strings.Contains(m.statement(), "CompareAndSwap")
}

// methodMode is what a method of an atomic or of a sync.Map does, by its name in the text.
func methodMode(text string) mode {
	var m mode
	for name, does := range methodModes {
		if strings.Contains(text, "."+name) {
			m |= does
		}
	}
	return m
}

// methodModes are prefixes of methods' names.
var methodModes = map[string]mode{
	"Load(": reads, "Load[": reads, "LoadInt": reads, "LoadUint": reads, "LoadPointer": reads, "Range(": reads,
	"Store": writes, "Delete": writes, "Clear(": writes, "Put(": writes, "Get(": reads,
	"Add": reads | writes, "And": reads | writes, "Or": reads | writes, "Swap": reads | writes, "CompareAnd": reads | writes,
	"LoadOrStore": reads | writes, "LoadAndDelete": reads | writes,
}

// calls parts each goroutine's steps into calls of exported functions: of those whose calls, direct or
// not, can have come to all the steps.
func (s *source) calls(x *exploration, all []*move) {
	type state struct {
		call *call
		fns  []*ast.FuncDecl
	}
	now, own := map[int32]*state{}, map[int32]*call{}
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
		if st == nil {
			st = &state{call: &call{}}
			now[m.G] = st
		}
		if !slices.Contains(st.fns, d) {
			if fns := append(st.fns[:len(st.fns):len(st.fns)], d); s.cover(fns) != nil || len(st.fns) == 0 {
				st.fns = fns
			} else {
				*st = state{call: &call{}, fns: []*ast.FuncDecl{d}}
			}
			if top := s.cover(st.fns); top != nil {
				st.call.name = top.Name.Name
			}
		}
		m.call = st.call
	}
}

// together reports whether two steps of a goroutine belong to one call: the same one, or two that one of the
// learner's functions makes, where the test did nothing in between.
func (s *source) together(x *exploration, a, b *move) bool {
	if a.call == b.call {
		return true
	}
	for _, st := range x.Steps[a.index:b.index] {
		if st.G == a.G && s.files[s.relative(st.File)] == nil {
			return false
		}
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
