package explain

import (
	"cmp"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// exactHeld are locks as the scheduler recorded them. Those that were not taken in the learner's source
// are left out.
func (s *source) exactHeld(locks []lock) []held {
	var all []held
	for _, l := range locks {
		h := held{id: l.Object, text: l.Name, read: l.Read, line: l.Taken.Line}
		name := s.relative(l.Taken.File)
		h.fn = s.functionAt(frame{file: l.Taken.File, line: l.Taken.Line, fn: "statement"})
		for _, o := range s.ops {
			if o.file == name && o.line == l.Taken.Line && o.obj != nil && slices.Contains([]string{"Lock", "RLock", "TryLock", "TryRLock", "Wait"}, o.verb) &&
				(h.obj == nil || types.ExprString(o.expr) == l.Name) {
				h.obj = o.obj
				if h.text == "" {
					h.text = types.ExprString(o.expr)
				}
			}
		}
		if h.fn == nil || h.obj == nil || slices.ContainsFunc(all, func(o held) bool { return o.id == h.id && h.id != 0 }) {
			continue
		}
		all = append(all, h)
	}
	return all
}

// locksAtEnd are the locks that a goroutine holds when the schedule ends.
func locksAtEnd(x *exploration, w waiting) []lock {
	var all []lock
	if i := lastStep(x, w.G); i >= 0 && w.For != "cond" { // which gives its own back
		all = append(all, x.Steps[i].Locks...)
	}
	for _, o := range x.Waits {
		for _, l := range o.Holders {
			if l.By == w.G {
				all = append(all, l)
			}
		}
	}
	return all
}

// exactWaiters are the goroutines that are in the learner's code at the end of a schedule: with the
// stacks of the dump, the numbers of the schedule, and the locks that they really hold.
func (s *source) exactWaiters(x *exploration) []*waiter {
	var all []*waiter
	stacks := s.stacksOf(x)
	test := s.testState(stacks)
	for i, wait := range x.Waits {
		g := stacks[i] // without a state nobody knows what it waits for
		g.id = int(wait.G)
		w := s.waiter(g)
		if w == nil || g.state == "" || slices.Contains(x.daemons(), wait.G) && x.Class == string(verdict.Leak) {
			continue
		}
		if w.verb == "Lock" || w.verb == "RLock" {
			w.on = wait.Object
			w.left, w.ended = leftLocked(x, wait)
		}
		w.test, w.ends = test, s.closedByTest(x)
		w.alone = len(x.Started) == 1
		w.idle = slices.Contains(x.daemons(), wait.G) && slices.Contains([]string{"receive", "range", "select"}, w.verb) && s.outermost(w)
		if held := s.exactHeld(locksAtEnd(x, wait)); len(held) > 0 || x.Steps != nil {
			w.holds = held
		}
		all = addWaiter(all, w)
	}
	return all
}

// testState is what a goroutine of the test's, of some that wait, waits in at a channel; "" where there is none.
func (s *source) testState(stacks []goroutine) string {
	for _, g := range stacks {
		if _, mine := s.learner(g.stack); mine < 0 && slices.Contains([]string{"chan receive", "chan send", "select"}, g.state) {
			return g.state
		}
	}
	return ""
}

// closedByTest counts the channels that the test has closed in a schedule.
func (s *source) closedByTest(x *exploration) int {
	n := 0
	for _, st := range x.Steps {
		if st.Op == "close" && s.files[s.relative(st.File)] == nil {
			n++
		}
	}
	return n
}

// outermost reports whether a goroutine waits in the function that it was started with.
func (s *source) outermost(w *waiter) bool {
	return !slices.ContainsFunc(w.stack[w.index+1:], func(f frame) bool { return s.origin(f) == fromLearner })
}

// leftLocked is the lock that a goroutine waits for as one holds it that does not wait itself, and whether that one has
// ended.
func leftLocked(x *exploration, w waiting) (*lock, bool) {
	for i := range w.Holders {
		l := &w.Holders[i]
		if slices.ContainsFunc(x.Waits, func(o waiting) bool { return o.G == l.By }) {
			continue
		}
		return l, slices.ContainsFunc(x.Started, func(o started) bool { return o.Num == l.By && o.Ended })
	}
	return nil, false
}

// daemons are the goroutines that the package's initialisation has started.
func (x *exploration) daemons() []int32 {
	var all []int32
	for _, g := range x.Started {
		if g.Daemon {
			all = append(all, g.Num)
		}
	}
	return all
}

// stacksOf finds each waiting goroutine's stack in the dump: by the place where it waits, then, for one that has gone
// on from its last place to where no step was recorded, by what is left. Where the dump has none, it makes one.
func (s *source) stacksOf(x *exploration) []goroutine {
	dump := parseDump(x.Dump)
	all := make([]goroutine, len(x.Waits))
	take := func(i int, is func(goroutine) bool) bool {
		k := slices.IndexFunc(dump, is)
		if k >= 0 {
			all[i] = dump[k]
			dump = slices.Delete(dump, k, k+1)
		}
		return k >= 0
	}
	var moved []int
	for i, w := range x.Waits {
		name := s.relative(w.File)
		if take(i, func(g goroutine) bool {
			return slices.ContainsFunc(g.stack, func(f frame) bool { return f.line == w.Line && s.relative(f.file) == name })
		}) {
			continue
		}
		if all[i] = w.stack(); all[i].state == "" {
			moved = append(moved, i)
		}
	}
	for _, i := range moved {
		first := x.Waits[i].G == 1
		take(i, func(g goroutine) bool {
			return first == slices.ContainsFunc(g.stack, func(f frame) bool { return f.calls("testing.tRunner") })
		})
	}
	return all
}

// stack is a goroutine made of what the schedule tells of one that waits, without a state where that does not tell.
func (w waiting) stack() goroutine {
	states := map[string]string{
		"mutex": "sync.Mutex.Lock", "lock": "sync.RWMutex.Lock", "read lock": "sync.RWMutex.RLock", "cond": "sync.Cond.Wait", "wait group": "sync.WaitGroup.Wait",
	}
	byOp := map[string]string{"send": "chan send", "recv": "chan receive", "select": "select", "sleep": "sleep", "wait": "sync.WaitGroup.Wait"}
	return goroutine{state: cmp.Or(states[w.For], byOp[w.Op]), stack: []frame{{file: w.File, line: w.Line}}}
}

// exactCycle finds the goroutines that wait for each other's locks in a circle, from w on.
func (s *source) exactCycle(w *waiter, all []*waiter) (reason, bool) {
	var path []*waiter
	for next := w; next != nil && next.on != 0; {
		if i := slices.Index(path, next); i >= 0 {
			if path = path[i:]; len(path) < 2 || path[0] != w {
				return reason{}, false
			}
			return s.cycleReason(path), true
		}
		path = append(path, next)
		i := slices.IndexFunc(all, func(o *waiter) bool {
			return o.on != 0 && slices.ContainsFunc(o.holds, func(h held) bool { return h.is(next) })
		})
		if i < 0 {
			return reason{}, false
		}
		next = all[i]
	}
	return reason{}, false
}

// cycleReason tells a circle of waiting goroutines: each holds what the one before it waits for.
func (s *source) cycleReason(circle []*waiter) reason {
	var parts []string
	var at []verdict.Place
	for i, w := range circle {
		before := circle[(i+len(circle)-1)%len(circle)]
		h := w.holds[slices.IndexFunc(w.holds, func(h held) bool { return h.is(before) })]
		holds := fmt.Sprintf("holds %s (%s)", h.text, s.lockedAt(h))
		wants := before.object(h.text)
		if i > 0 && wants != h.text {
			holds = fmt.Sprintf("holds that one as %s (%s)", h.text, s.lockedAt(h))
		}
		part := fmt.Sprintf("%s (%s) %s and waits for %s (%s)", name(int32(w.id)), w.subject(), holds, w.object("a lock"), s.lineOf(w))
		if i == len(circle)-1 {
			if first := circle[0].holds[slices.IndexFunc(circle[0].holds, func(h held) bool { return h.is(w) })]; first.text != w.object("") {
				part += fmt.Sprintf(", which is %s's %s", name(int32(circle[0].id)), first.text)
			}
		}
		parts = append(parts, part)
		at = addPlace(at, s.at(h.fn.file, h.line, "holds"))
		at = addPlace(at, s.place(w.frame, "blocked"))
	}
	return reason{weight: 11, message: strings.Join(parts, "; ") + ".", lesson: secDeadlock, at: at,
		hint: "Take the locks in the same order everywhere, for example by a number that each value has, whoever asks."}
}
