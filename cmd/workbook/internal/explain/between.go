package explain

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
)

// torn is what another goroutine did between two steps that belong together.
type torn struct {
	first *move // what the goroutine read; nil where only what was done in between is known
	last  *move // what it then did
	by    []*move
}

// between finds the two steps of one goroutine that another one came between: a read and a later write of
// the same variable, with a write of it by another goroutine in between that the first has not seen.
func (s *source) between(x *exploration, moves []*move) *torn {
	var best *torn
	for i, w := range moves {
		if w.obj == nil || w.does()&writes == 0 && (!w.failed() || again(moves[i+1:], w)) {
			continue
		}
		r := lastRead(moves[:i], w)
		if r < 0 {
			continue
		}
		if by := writesBetween(moves[r+1:i], w.G, w.obj); len(by) > 0 && s.together(x, moves[r], w) {
			best = better(best, &torn{moves[r], w, by})
		}
	}
	if best == nil {
		best = staleRead(moves)
	}
	if best == nil {
		best = s.tornReads(x, moves)
	}
	return best
}

// again reports whether the goroutine of a step comes to it once more, in the same call.
func again(after []*move, w *move) bool {
	return slices.ContainsFunc(after, func(m *move) bool { return m.G == w.G && m.Site == w.Site && m.call == w.call })
}

// maxStale bounds the steps that staleRead looks at, since it compares all with all.
const maxStale = 300

// staleRead finds a read and a later write in one call that reads the variable again in between, with a write by another
// goroutine after the first: what the first read has led to is then of yesterday.
func staleRead(moves []*move) *torn {
	var best *torn
	if len(moves) > maxStale {
		return nil
	}
	for i, w := range moves {
		if w.obj == nil || w.does()&writes == 0 {
			continue
		}
		for j := i - 1; j >= 0; j-- {
			m := moves[j]
			if m.G != w.G || m.obj != w.obj {
				continue
			}
			if m.call != w.call || m.does() != reads {
				break
			}
			if by := writesBetween(moves[j+1:i], w.G, w.obj); len(by) > 0 && m.Site != w.Site && !again(moves[j+1:i], m) {
				best = better(best, &torn{m, w, by})
				break
			}
		}
	}
	return best
}

// better chooses the pair of steps that a switch tore apart, else the closer one.
func better(a, b *torn) *torn {
	if a == nil {
		return b
	}
	if forced(a) != forced(b) {
		if forced(b) {
			return b
		}
		return a
	}
	if b.last.index-b.first.index < a.last.index-a.first.index {
		return b
	}
	return a
}

// forced reports whether the goroutine could have gone on when the other one came.
func forced(t *torn) bool {
	return slices.ContainsFunc(t.by, func(m *move) bool { return m.Switched })
}

// lastRead is the last read of w's variable by its goroutine, -1 where there is none or
// where the goroutine has written it since.
func lastRead(before []*move, w *move) int {
	for i := len(before) - 1; i >= 0; i-- {
		m := before[i]
		if m.G != w.G || m.obj != w.obj || m.does() == 0 { // where it does nothing it computes what is to be written
			continue
		}
		if m.does() != reads {
			return -1
		}
		return i
	}
	return -1
}

func writesBetween(moves []*move, g int32, obj any) []*move {
	var by []*move
	for _, m := range moves {
		if m.G != g && m.obj == obj && m.does()&writes != 0 {
			by = append(by, m)
		}
	}
	return by
}

// tornReads finds two reads in one call, of two fields of a struct, with a write in between of one of them.
func (s *source) tornReads(x *exploration, moves []*move) *torn {
	var best *torn
	for i, b := range moves {
		if b.obj == nil || b.does() != reads {
			continue
		}
		for j := i - 1; j >= 0; j-- {
			a := moves[j]
			if a.G != b.G || a.obj == nil || a.does() != reads {
				continue
			}
			by := slices.DeleteFunc(slices.Clone(moves[j+1:i]), func(m *move) bool {
				return m.G == b.G || m.obj != a.obj && m.obj != b.obj || m.does()&writes == 0
			})
			if len(by) > 0 && a.obj != b.obj && s.together(x, a, b) && s.ownerOf(a) != "" && s.ownerOf(a) == s.ownerOf(b) {
				best = better(best, &torn{a, b, by})
			}
			break
		}
	}
	return best
}

// ownerOf is the struct type of the field that a step reads, "" where it is none.
func (s *source) ownerOf(m *move) string {
	o, _ := m.obj.(types.Object)
	return s.owner[o]
}

// before finds, for the step that a panic ended, what other goroutines did to what the call had read, or
// to what the step operates on.
func before(moves []*move, end *move) *torn {
	at := slices.Index(moves, end)
	if at < 0 {
		return nil
	}
	var t *torn
	for i := at - 1; i >= 0 && t == nil; i-- {
		m := moves[i]
		if m.G != end.G || m.call != end.call || m.obj == nil || m.does()&reads == 0 {
			continue
		}
		if by := writesBetween(moves[i+1:at], m.G, m.obj); len(by) > 0 {
			t = &torn{first: m, last: end, by: by}
		}
	}
	for i := at - 1; i >= 0; i-- {
		m := moves[i]
		unlocks := strings.HasSuffix(m.Op, "unlock") && strings.HasSuffix(end.Op, "unlock")
		if m.G == end.G || end.obj == nil || m.obj != end.obj || m.does()&writes == 0 && !unlocks {
			continue
		}
		if t == nil {
			return &torn{last: end, by: []*move{m}}
		}
		if t.first.index < m.index && t.by[0].G == m.G && !slices.Contains(t.by, m) {
			t.by = append(t.by, m)
		}
		break
	}
	return t
}

// sentence tells in words what came between.
func (t *torn) sentence(s *source) string {
	g := name(t.last.G)
	by := s.deeds(t.by)
	if t.first == nil {
		return fmt.Sprintf("Before that, %s.", by)
	}
	if t.last.failed() {
		return fmt.Sprintf("%s %s; in between %s, so its CompareAndSwap at %s fails and changes nothing.", capital(g), s.deed(t.first), by, s.spot0(t.last))
	}
	last := fmt.Sprintf("comes to %s", s.spot0(t.last))
	switch does := t.last.does(); {
	case does&writes != 0 && t.last.obj == t.first.obj:
		it := "it"
		if strings.Contains(t.last.Var, "[") && !sameExpr(t.first.Var, t.last.Var) {
			it = t.last.Var // perhaps another element
		}
		last = fmt.Sprintf("writes %s at %s", it, s.spot0(t.last))
		if s.spot0(t.first) == s.spot0(t.last) {
			last = "writes " + it + ", on the same line"
		}
	case does == reads:
		last = s.deed(t.last)
	}
	return fmt.Sprintf("%s %s; before it %s, %s.", capital(g), s.deed(t.first), last, by)
}

// view shows the schedule up to the last step, and of goroutines those that have to do with it.
func (t *torn) view(moves []*move) view {
	v := view{marks: []*move{t.last}, about: []*move{t.last}}
	for _, m := range append([]*move{t.first}, t.by...) {
		if m != nil && (m.G == t.last.G || m.G == t.by[0].G) {
			v.about = append(v.about, m)
		}
	}
	v.moves = upTo(moves, v.marks)
	return v
}

// name is what a goroutine of a schedule is called, here and above the columns of its timeline.
func name(g int32) string { return fmt.Sprintf("goroutine %d", g) }

// deeds tells what the first of several steps' goroutine did.
func (s *source) deeds(by []*move) string {
	var words []string
	told := map[int32]bool{}
	for _, m := range by {
		if m.G == by[0].G && len(words) < 2 && !told[m.Site] {
			told[m.Site] = true
			words = append(words, s.deed(m))
		}
	}
	return name(by[0].G) + " " + strings.Join(words, " and ")
}

// deed is "reads a.balance at line 15 (10)".
func (s *source) deed(m *move) string {
	verb := "is"
	switch does := m.does(); {
	case m.Op == "close":
		verb = "closes " + m.Var
	case strings.HasSuffix(m.Op, "unlock"):
		verb = "unlocks " + m.Var
	case does&writes != 0:
		verb = "writes " + m.Var
	case does&reads != 0:
		verb = "reads " + m.Var
	}
	text := verb + " at " + s.spot0(m)
	if m.value != "" && !(m.value == "true" && strings.Contains(m.statement(), "CompareAndSwap")) {
		text += " (" + m.value + ")"
	}
	return text
}

func (s *source) spot0(m *move) string { return s.lineName(m.name, m.Line) }

// early is a read that did not wait for what another goroutine writes later.
type early struct{ read, write *move }

// tooEarly finds the last read of a variable that a goroutine of the learner's writes afterwards, by another
// goroutine that has no further read of it.
func (s *source) tooEarly(moves []*move) *early {
	for i := len(moves) - 1; i >= 0; i-- {
		w := moves[i]
		if w.obj == nil || w.does()&writes == 0 || w.fn.goroutine() == nil {
			continue
		}
		for j := len(moves) - 1; j >= 0; j-- {
			r := moves[j]
			if r.G == w.G || r.obj != w.obj || r.does()&reads == 0 || r.fn.goroutine() != nil {
				continue
			}
			if j > i {
				break
			}
			return &early{r, w}
		}
	}
	return nil
}

// slept finds a sleep of the reading goroutine before its read.
func (e *early) slept(moves []*move) *move {
	var found *move
	for _, m := range moves {
		if m.index < e.read.index && m.G == e.read.G && m.Op == "sleep" {
			found = m
		}
	}
	return found
}

// interruption tells of the first forced switch, away from a goroutine of a call, where no variable shows what came between, and what to ask of it.
func (s *source) interruption(x *exploration, moves []*move) (text, hint string) {
	for i, m := range moves {
		if !m.Switched || i == 0 || moves[i-1].G == m.G {
			continue
		}
		p := moves[i-1]
		if slices.Contains(x.daemons(), p.G) {
			continue // it serves one after another
		}
		for _, next := range moves[i:] {
			if next.G == p.G {
				between := fmt.Sprintf("between %s and %s of %s", s.spot0(p), s.spot0(next), name(p.G))
				if s.spot0(p) == s.spot0(next) {
					between = fmt.Sprintf("in the middle of %s of %s", s.spot0(p), name(p.G))
				}
				return fmt.Sprintf("%s, %s runs %s.", strings.ToUpper(between[:1])+between[1:], name(m.G), s.spot0(m)),
					fmt.Sprintf("It takes one switch, %s: ask what %s finds there that is not complete yet, or changes that the other one relies on.", between, name(m.G))
			}
		}
	}
	return "", ""
}
