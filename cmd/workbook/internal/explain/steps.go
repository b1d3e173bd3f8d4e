package explain

import (
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

// moves are the learner's steps of a schedule, in order.
func (s *source) moves(x *exploration) []*move {
	type at struct {
		g    int32
		name string
		line int
	}
	last, there, objects := map[int32]*move{}, map[at]*move{}, map[int32]any{} // objects by site
	begun := map[int32]int{}
	var all []*move
	for i := range x.Steps {
		st := &x.Steps[i]
		name := s.relative(st.File)
		if st.Jump || s.files[name] == nil || s.ending(x, i) {
			continue
		}
		if st.Op == "go" {
			begun[st.Site]++
			if n := x.daemonsFrom(st.Site); n > 0 && begun[st.Site] > n {
				continue // the package's initialisation is over, and the test's goroutine goes on from its last step
			}
		}
		if st.Part != "" {
			st.Text = st.Part
		}
		m := &move{step: st, index: i, name: name, value: plainValue(st.Value)}
		m.fn = s.functionAt(frame{file: st.File, line: st.Line, fn: literalHint(st)})
		if o, ok := objects[st.Site]; ok && st.Site > 0 {
			m.obj = o
		} else {
			m.obj = s.objectAt(m)
			objects[st.Site] = m.obj
		}
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
		if m := last[w.G]; m != nil && m.Site == w.Site && lastStep(x, w.G) == m.index && w.stack().state != "" {
			m.final = true
		}
	}
	return all
}

// daemonsFrom counts the goroutines that a go statement has started in the package's initialisation.
func (x *exploration) daemonsFrom(site int32) int {
	n := 0
	for _, g := range x.Started {
		if g.Daemon && g.Started.Site == site {
			n++
		}
	}
	return n
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
		if r.line == m.Line && s.fileOf(r) == m.name && sameExpr(types.ExprString(r.expr), m.Var) {
			return r.obj
		}
	}
	name, _, _ := strings.Cut(m.Var, "[")
	return name[strings.LastIndexByte(name, '.')+1:]
}

// sameExpr reports whether two texts are one expression, however it is spaced.
func sameExpr(a, b string) bool {
	return a == b || strings.ReplaceAll(a, " ", "") == strings.ReplaceAll(b, " ", "")
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
