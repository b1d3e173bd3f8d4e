package explain

import (
	"fmt"

	"workbook/cmd/workbook/internal/verdict"
)

// exposed is what one call makes of a variable in two writes, with another goroutine that finds the first one's value.
type exposed struct {
	first, last *move
	seen        *move
}

// halfDone finds the closest two writes of one call to one variable with a read by another goroutine between them.
func halfDone(moves []*move) *exposed {
	var best *exposed
	if len(moves) > maxStale {
		return nil
	}
	for j, w := range moves {
		if w.obj == nil || w.call == nil || w.call.name == "" || w.does()&writes == 0 {
			continue
		}
		for i := j - 1; i >= 0; i-- {
			m := moves[i]
			if m.G != w.G || m.obj != w.obj || m.call != w.call || m.does()&writes == 0 {
				continue
			}
			if r := readBetween(moves[i+1:j], w); r != nil && (best == nil || w.index-m.index < best.last.index-best.first.index) {
				best = &exposed{m, w, r}
			}
			break
		}
	}
	return best
}

// readBetween is the first read of a write's variable by another goroutine.
func readBetween(moves []*move, w *move) *move {
	for _, m := range moves {
		if m.G != w.G && m.obj == w.obj && m.does()&reads != 0 && !m.failed() {
			return m
		}
	}
	return nil
}

// exposedIn tells of a value that others find and that is not there to stay.
func (s *source) exposedIn(f verdict.Finding, e *exposed, moves []*move) ([]verdict.Finding, view) {
	f.Message = sentenceEnd(f.Message) + fmt.Sprintf(" %s %s and again at %s; in between %s comes to %s and finds what is not there to stay.",
		capital(name(e.first.G)), s.deed(e.first), s.spot0(e.last), name(e.seen.G), s.spot0(e.seen))
	f.At = []verdict.Place{s.at(e.first.name, e.first.Line, "write")}
	f.At = addPlace(f.At, s.at(e.last.name, e.last.Line, "writes again"))
	f.At = addPlace(f.At, s.at(e.seen.name, e.seen.Line, "comes between"))
	f.Hint = "What you take back or complete later others see in the meantime. Decide first, by what you have read, and then make the whole change in one step."
	return []verdict.Finding{f}, view{moves: upTo(moves, []*move{e.last}), marks: []*move{e.seen}, about: []*move{e.first, e.seen, e.last}}
}

// halfWritten finds the closest two writes of one call, to two fields of a struct, with reads of both by another goroutine
// between them.
func (s *source) halfWritten(moves []*move) *exposed {
	var best *exposed
	if len(moves) > maxStale {
		return nil
	}
	for j, w := range moves {
		if w.obj == nil || w.call == nil || w.does()&writes == 0 || s.ownerOf(w) == "" {
			continue
		}
		for i, m := range moves[:j] {
			if m.G != w.G || m.call != w.call || m.obj == w.obj || m.does()&writes == 0 || s.ownerOf(m) != s.ownerOf(w) {
				continue
			}
			a, b := readBetween(moves[i+1:j], m), readBetween(moves[i+1:j], w)
			if a != nil && b != nil && a.G == b.G && (best == nil || w.index-m.index < best.last.index-best.first.index) {
				best = &exposed{m, w, b}
			}
		}
	}
	return best
}

// halfWrittenIn tells of two fields that others find changed one without the other.
func (s *source) halfWrittenIn(f verdict.Finding, e *exposed, moves []*move) ([]verdict.Finding, view) {
	from, to := s.spot0(e.first), s.spot0(e.last)
	f.Message = sentenceEnd(f.Message) + fmt.Sprintf(" %s %s, and %s only at %s; in between %s reads both.",
		capital(name(e.first.G)), s.deed(e.first), e.last.Var, to, name(e.seen.G))
	f.At = []verdict.Place{s.at(e.first.name, e.first.Line, "write")}
	f.At = addPlace(f.At, s.at(e.last.name, e.last.Line, "write"))
	f.At = addPlace(f.At, s.at(e.seen.name, e.seen.Line, "comes between"))
	f.Hint = s.first(fmt.Sprintf("Make %s to %s one step, and the reads of both as well: hold one lock over the writes and over the reads.", from, to), oneAtomicValue, oneOwner)
	return []verdict.Finding{f}, view{moves: upTo(moves, []*move{e.last}), marks: []*move{e.seen}, about: []*move{e.first, e.seen, e.last}}
}
