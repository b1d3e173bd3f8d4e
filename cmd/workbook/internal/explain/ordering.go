package explain

import (
	"fmt"
	"go/types"
	"path"
	"slices"

	"workbook/cmd/workbook/internal/verdict"
)

// A race between two accesses of the test is about memory of its own, that the learner's code had to bring in
// order, or memory that the learner's code gave away. What the test's lines say is never shown.

// testsOwn reports whether neither access is in the learner's file.
func (r *race) testsOwn() bool {
	return r.a.origin != fromLearner && r.b.origin != fromLearner
}

// testsClause is the first sentence of a race between two accesses of the test, without its full stop.
func (r *race) testsClause() string {
	if r.a.how == waitGroup && r.b.how == waitGroup {
		return "one goroutine calls Add on a WaitGroup while another calls Wait on it: a data race on the WaitGroup"
	}
	a, b := r.a, r.b
	if !a.called {
		a, b = b, a
	}
	switch {
	case a.called && b.called && r.callLine(a) == r.callLine(b):
		return fmt.Sprintf("two calls that %s makes at %s access the same memory without order: a data race on memory of the test", r.functionAt(a.frame).label(), r.callLine(a))
	case a.called && b.called:
		return fmt.Sprintf("what %s calls at %s and what %s calls at %s access the same memory without order: a data race on memory of the test",
			r.functionAt(a.frame).label(), r.callLine(a), r.functionAt(b.frame).label(), r.callLine(b))
	case a.called:
		return fmt.Sprintf("what %s calls at %s accesses memory of the test that another goroutine of the test accesses too, without order: a data race", r.functionAt(a.frame).label(), r.callLine(a))
	}
	if len(r.returned(nil)) > 0 {
		return "the test's goroutines access the same memory without order, in a value that your code gave them: a data race"
	}
	return "the test's goroutines access the same memory without order: a data race"
}

func (r *race) callLine(p *spot) string { return r.lineName(r.relative(p.frame.file), p.frame.line) }

// calledWithoutOrder explains a race of which an access of the test is in a function that the learner's code calls.
func (r *race) calledWithoutOrder() (cause, bool) {
	a, b := r.a, r.b
	if !a.called {
		a, b = b, a
	}
	if !r.testsOwn() || !a.called {
		return cause{}, false
	}
	c := cause{lesson: secWaiting, at: []verdict.Place{r.place(a.frame, "calls")}}
	if b.called {
		c.at = addPlace(c.at, r.place(b.frame, "calls"))
		c.lesson = secRaces
		c.why = "Nothing makes one of the calls wait for the end of the other."
		c.hint = r.first("Where the calls are to follow one another, hold one lock around them, or wait for one with a WaitGroup or a channel before the next begins.",
			"Where the calls are to follow one another, wait for one over a channel before the next begins.")
		return c, true
	}
	c.hint = r.first("Wait for the call with a WaitGroup or a channel before anything goes on that comes after it.",
		"Wait for the call over a channel before anything goes on that comes after it.")
	line := r.callLine(a)
	if start, i := r.startedByLearner(a); i >= 0 {
		if add, ok := r.addedInside(start); ok {
			return r.addTooLate(add, start, c.at), true
		}
		c.why = fmt.Sprintf("The call is made in the goroutine started at %s, and nothing makes your function wait for its end.", r.lineName(r.relative(start.file), start.line))
		return c, true
	}
	c.why = fmt.Sprintf("Nothing makes the other goroutine, when it comes out of your code, wait for the end of the call at %s.", line)
	return c, true
}

// addedInside finds the call of Add by which the goroutine that the learner's line starts adds itself to a WaitGroup
// that another function waits for.
func (r *race) addedInside(start frame) (op, bool) {
	started := r.startedFunction(start)
	for _, o := range r.ops {
		if o.verb != "Add" || o.obj == nil || o.fn == nil || o.fn != started {
			continue
		}
		if slices.ContainsFunc(r.ops, func(w op) bool {
			return w.verb == "Wait" && w.obj != nil && w.fn != o.fn && r.same(w.obj) == r.same(o.obj)
		}) {
			return o, true
		}
	}
	return op{}, false
}

// addTooLate is the cause that addedInside has found.
func (r *race) addTooLate(add op, start frame, at []verdict.Place) cause {
	return cause{
		why: fmt.Sprintf("Add is not ordered before Wait: the goroutine started at %s calls %s.Add itself, at %s, and Wait may find the counter 0 before and return at once.",
			r.lineName(r.relative(start.file), start.line), types.ExprString(add.expr), r.lineName(add.file, add.line)),
		hint:   "Call Add before the go statement, in the goroutine that calls Wait, or use wg.Go.",
		lesson: secWaiting,
		at:     addPlace(at, r.at(add.file, add.line, "adds")),
	}
}

// startedByLearner is the learner's line that started the goroutine of an access; the index is -1 where there is none.
func (r *race) startedByLearner(p *spot) (frame, int) {
	if p.birth == nil {
		return frame{}, -1
	}
	return r.learner(p.birth.stack)
}

// notOrdered explains a race between two accesses of the test by what its goroutines called of the learner's
// code around them.
func (r *race) notOrdered() (cause, bool) {
	if !r.testsOwn() {
		return cause{}, false
	}
	c := cause{
		why:    "Neither access is in your file: your code was to order the two, or it gave away what it still uses.",
		hint:   "Look at what each goroutine of the test calls before and after: one has to wait there until the other is through, and a plain variable makes nobody wait.",
		lesson: secRaces,
	}
	first, next := r.earlier, r.later
	if first == nil || next == nil {
		return c, true
	}
	if next.came == nil {
		return c, true
	}
	c.at = addPlace(c.at, r.at(next.came.name, next.came.Line, "passed"))
	c.why = fmt.Sprintf("%s has come through %s before its access", capital(name(next.access.G)), r.doing(next.came))
	if first.went == nil {
		c.why += fmt.Sprintf(", and %s has not called your code since its own: nothing made the one wait for the other.", name(first.access.G))
		return c, true
	}
	c.at = addPlace(c.at, r.at(first.went.name, first.went.Line, "after the access"))
	if first.went.index > next.came.index {
		c.why += fmt.Sprintf(", and %s came to %s only after that: nothing made the one wait for the other.", name(first.access.G), r.doing(first.went))
		return c, true
	}
	c.why += fmt.Sprintf(", %s through %s after its own, and these do not order the two.", name(first.access.G), r.doing(first.went))
	c.hint = r.first("What comes before in one goroutine is seen after in another only if both use the same lock, channel, WaitGroup or atomic variable in between.",
		"What comes before in one goroutine is seen after in another only if both use the same lock, channel or WaitGroup in between.",
		"What comes before in one goroutine is seen after in another only if both use the same channel or atomic variable in between.",
		"What comes before in one goroutine is seen after in another only if both use the same channel in between.")
	return c, true
}

// doing names a step: "Enter (line 12)".
func (r *race) doing(m *move) string {
	if m.fn == nil {
		return r.spot0(m)
	}
	return fmt.Sprintf("%s (%s)", m.fn.declName(), r.spot0(m))
}

// around is an access of the test in a schedule, with the learner's step that came before it in its goroutine and,
// until the other access, the first one after it; nil where there is none.
type around struct {
	access, came, went *move
}

// testSteps finds the accesses of the test among the steps of the schedule, as moves that say no more than that.
func (r *race) testSteps(x *exploration, moves []*move) []*move {
	first, last := r.a, r.b
	if first.latest {
		first, last = last, first
	}
	i, j := -1, -1
	latest := map[int32]int{} // each goroutine's latest step that may be the first access
	for at := range x.Steps {
		st := &x.Steps[at]
		if r.madeAtTest(last, st) {
			before := -1
			for g, l := range latest {
				if g != st.G {
					before = max(before, l)
				}
			}
			if before >= 0 {
				i, j = before, at
			}
		}
		if r.madeAtTest(first, st) {
			latest[st.G] = at
		}
	}
	if j < 0 {
		return nil
	}
	r.earlier, r.later = first.around(x, moves, i, j), last.around(x, moves, j, j)
	return []*move{r.earlier.access, r.later.access}
}

// madeAtTest reports whether a step may have made the test's access p.
func (r *race) madeAtTest(p *spot, st *step) bool {
	return p.origin == fromTest && p.test.line == st.Line && path.Base(p.test.file) == path.Base(slashed(st.File))
}

// around is the access at step i, with the steps before it and those after it until step end.
func (p *spot) around(x *exploration, moves []*move, i, end int) *around {
	st := &x.Steps[i]
	w := &around{access: &move{step: st, index: i, said: "the test reads"}}
	if p.write {
		w.access.said = "the test writes"
	}
	for _, m := range moves {
		if m.G != st.G {
			continue
		}
		if m.index < i {
			w.came = m
		} else if m.index < end && w.went == nil {
			w.went = m
		}
	}
	return w
}

// withAccesses are the learner's steps and the test's accesses, in order.
func withAccesses(moves, accesses []*move) []*move {
	all := slices.Concat(moves, accesses)
	slices.SortStableFunc(all, func(a, b *move) int { return a.index - b.index })
	return all
}
