package explain

import "workbook/cmd/workbook/internal/verdict"

// scheduleRace finds the two accesses of a race among the steps of the schedule that showed it, so that the
// locks held are those that were really held, and draws the schedule for f.
func (s *source) scheduleRace(r *race, x *exploration, f *verdict.Finding) {
	moves := s.moves(x)
	i, j := r.accesses(moves)
	var marks []*move
	if accesses := r.testSteps(x, moves); accesses != nil {
		marks, moves = accesses, withAccesses(moves, accesses)
	}
	if j >= 0 {
		marks = append(marks, moves[j])
	}
	if i >= 0 {
		marks = append(marks, moves[i])
		a, b := moves[i], moves[j]
		if !r.made(r.a, a) || !r.made(r.b, b) {
			a, b = b, a
		}
		r.a.move, r.b.move = a, b
	}
	if f.Timeline == nil {
		finish(f, x, view{moves: upTo(moves, marks), marks: marks, about: marks})
	}
}

// accesses are the steps that made the race's two accesses: the pair that comes first to its end. Where
// one of them is not the learner's, i is -1.
func (r *race) accesses(moves []*move) (i, j int) {
	type made struct{ a, b int } // a goroutine's latest steps that may be the accesses a and b, counted from 1
	latest, last := map[int32]made{}, -1
	for j, m := range moves {
		a, b := r.made(r.a, m), r.made(r.b, m)
		if !a && !b {
			continue
		}
		i := 0
		for g, l := range latest {
			if g != m.G && b {
				i = max(i, l.a)
			}
			if g != m.G && a {
				i = max(i, l.b)
			}
		}
		if i > 0 {
			return i - 1, j
		}
		l := latest[m.G]
		if a {
			l.a = j + 1
		}
		if b {
			l.b = j + 1
		}
		latest[m.G], last = l, j
	}
	return -1, last
}

// made reports whether a step may have made an access.
func (r *race) made(p *spot, m *move) bool {
	if p.origin != fromLearner || p.created || m.Line != p.frame.line || m.name != r.relative(p.frame.file) {
		return false
	}
	if p.how == waitGroup {
		return p.write == (m.Op == "wait")
	}
	if p.ref == nil || m.obj == nil || m.obj != any(p.ref.obj) {
		return true
	}
	if p.write {
		return m.does()&writes != 0
	}
	return m.does()&reads != 0
}
