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
		finish(f, x, view{upTo(moves, marks), marks, marks})
	}
}

// accesses are the steps that made the race's two accesses: the pair that comes first to its end. Where
// one of them is not the learner's, i is -1.
func (r *race) accesses(moves []*move) (i, j int) {
	for j, b := range moves {
		for i := j - 1; i >= 0; i-- {
			a := moves[i]
			if a.G != b.G && (r.made(r.a, a) && r.made(r.b, b) || r.made(r.a, b) && r.made(r.b, a)) {
				return i, j
			}
		}
	}
	for j := len(moves) - 1; j >= 0; j-- {
		if r.made(r.a, moves[j]) || r.made(r.b, moves[j]) {
			return -1, j
		}
	}
	return -1, -1
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
