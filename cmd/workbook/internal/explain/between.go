package explain

import (
	"fmt"
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
func (s *source) between(moves []*move) *torn {
	var best *torn
	for i, w := range moves {
		if w.obj == nil || w.does()&writes == 0 {
			continue
		}
		r := lastRead(moves[:i], w)
		if r < 0 {
			continue
		}
		if by := writesBetween(moves[r+1:i], w.G, w.obj); len(by) > 0 {
			best = better(best, &torn{moves[r], w, by})
		}
	}
	if best == nil {
		best = tornReads(moves)
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

// lastRead is the last read of w's variable by its goroutine, in the same call, -1 where there is none or
// where the goroutine has written it since.
func lastRead(before []*move, w *move) int {
	for i := len(before) - 1; i >= 0; i-- {
		m := before[i]
		if m.G != w.G || m.obj != w.obj {
			continue
		}
		if m.call != w.call || m.does() != reads {
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

// tornReads finds two reads in one call, with a write in between of a variable that one of them reads.
func tornReads(moves []*move) *torn {
	var best *torn
	for i, b := range moves {
		if b.obj == nil || b.does() != reads {
			continue
		}
		for j := i - 1; j >= 0; j-- {
			a := moves[j]
			if a.G != b.G || a.call != b.call || a.obj == nil || a.does() != reads {
				continue
			}
			by := writesBetween(moves[j+1:i], b.G, a.obj)
			by = append(by, writesBetween(moves[j+1:i], b.G, b.obj)...)
			if len(by) > 0 && a.Site != b.Site && a.obj != b.obj {
				best = better(best, &torn{a, b, by})
			}
			break
		}
	}
	return best
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
		if m.G == end.G || end.obj == nil || m.obj != end.obj || m.does()&writes == 0 {
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
	last := fmt.Sprintf("comes to %s", s.spot0(t.last))
	switch does := t.last.does(); {
	case does&writes != 0 && t.last.obj == t.first.obj:
		last = fmt.Sprintf("writes it at %s", s.spot0(t.last))
	case does == reads:
		last = s.deed(t.last)
	}
	return fmt.Sprintf("%s %s; before it %s, %s.", capital(g), s.deed(t.first), last, by)
}

// name is what a goroutine of a schedule is called, here and above the columns of its timeline.
func name(g int32) string { return fmt.Sprintf("goroutine %d", g) }

// deeds tells what the first of several steps' goroutine did.
func (s *source) deeds(by []*move) string {
	var words []string
	for _, m := range by {
		if m.G == by[0].G && len(words) < 2 {
			if d := s.deed(m); !slices.Contains(words, d) {
				words = append(words, d)
			}
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
	case does&writes != 0:
		verb = "writes " + m.Var
	case does&reads != 0:
		verb = "reads " + m.Var
	}
	text := verb + " at " + s.spot0(m)
	if m.value != "" {
		text += " (" + m.value + ")"
	}
	return text
}

func (s *source) spot0(m *move) string { return s.lineName(m.name, m.Line) }

// interruption tells of the first forced switch where no variable shows what came between.
func (s *source) interruption(moves []*move) string {
	for i, m := range moves {
		if !m.Switched || i == 0 || moves[i-1].G == m.G {
			continue
		}
		p := moves[i-1]
		for _, next := range moves[i:] {
			if next.G == p.G {
				return fmt.Sprintf("Between %s and %s of %s, %s runs %s.", s.spot0(p), s.spot0(next), name(p.G), name(m.G), s.spot0(m))
			}
		}
	}
	return ""
}
