package explain

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// reason is why a goroutine waits for ever. The one with the highest weight is told first: a goroutine
// that waits for one that waits itself is only a consequence.
type reason struct {
	weight  int
	message string // replaces the waiter's own sentence where it says all
	why     string
	hint    string
	lesson  string
	at      []verdict.Place
	detail  []string
}

// stuck turns the dump of a test that does not end into a finding.
func (s *source) stuck(dump string, class verdict.Class) (verdict.Finding, bool) {
	return s.stuckIn(s.waiters(dump), class)
}

// stuckIn makes a finding of the goroutines that wait.
func (s *source) stuckIn(ws []*waiter, class verdict.Class) (verdict.Finding, bool) {
	if len(ws) == 0 {
		return verdict.Finding{}, false
	}
	var best reason
	var root *waiter
	for _, w := range ws {
		r := s.reason(w, ws)
		if w.idle {
			r.weight = 1 // others wait for what it was never asked for
		}
		if root == nil || r.weight > best.weight {
			best, root = r, w
		}
	}
	lead := "Deadlock: "
	if class == verdict.Timeout {
		lead = "The test did not end in time: "
	}
	f := verdict.Finding{Class: class, Hint: best.hint, Lesson: best.lesson, At: s.places(root)}
	f.Message = lead + best.message
	if best.message == "" {
		f.Message = lead + s.sentence(root, "") + ". " + best.why
	}
	for _, p := range best.at {
		f.At = addPlace(f.At, p)
	}
	f.Detail = best.detail
	for _, w := range ws[:min(len(ws), 6)] {
		f.Detail = append(f.Detail, s.waitLine(w))
	}
	if len(ws) > 6 {
		f.Detail = append(f.Detail, fmt.Sprintf("… and %d more.", len(ws)-6))
	}
	return f, true
}

// waitLine is a waiter's line in the list of who waits for whom.
func (s *source) waitLine(w *waiter) string {
	l := fmt.Sprintf("%s: %s, %s", w.ids(), w.subject(), s.lineOf(w))
	if w.count() > 1 {
		l = fmt.Sprintf("%s%s, %s", w.ids(), w.of(), s.lineOf(w))
	}
	l += ": " + w.doing()
	var has []string
	for _, h := range w.holds {
		has = append(has, fmt.Sprintf("%s (%s)", h.text, s.lineName(h.fn.file, h.line)))
	}
	if len(has) > 0 {
		l += ", holds " + and(has)
	}
	return l
}

// reason finds why one goroutine waits for ever.
func (s *source) reason(w *waiter, all []*waiter) reason {
	switch w.verb {
	case "Lock", "RLock":
		return s.lockReason(w, all)
	case "send":
		return s.sendReason(w, all)
	case "receive", "range":
		return s.receiveReason(w, all)
	case "Wait":
		return s.groupReason(w, all)
	case "cond":
		return s.condReason(w)
	case "select":
		if r, ok := s.heldBack(w); ok {
			return r
		}
		return reason{weight: 3, why: s.selectReason(w), lesson: secLeaks,
			hint: s.first("Ask of every case who was to send, receive or close, and whether it still runs; a done channel or a context is a case that always can.",
				"Ask of every case who was to send, receive or close, and whether it still runs; a done channel is a case that always can.")}
	case "call":
		if w.fn.goroutine() == nil {
			return reason{weight: 2, lesson: secOverlap,
				why:  fmt.Sprintf("%s makes such calls one after another, and this one waits for what only a later one can do.", capital(w.subject())),
				hint: ownGoroutines}
		}
		return reason{weight: 2, lesson: secOverlap,
			why:  "That call waits for something that only another goroutine can do, and the one that would do it was not started or waits too.",
			hint: ownGoroutines}
	case "run":
		return s.loopReason(w)
	case "Do":
		return reason{weight: 6, why: "The function that Do runs has not returned: it waits for this goroutine, or it calls Do of the same Once again.", lesson: secOnce,
			hint: "The function given to Do must not call Do of the same Once, nor wait for another goroutine that does."}
	}
	return reason{weight: 1, why: "It sleeps instead of waiting for an event.", lesson: secSleep,
		hint: "Replace the sleep by a wait for what has to happen: a receive, for example, from a channel that is closed then."}
}

// ownGoroutines is for calls that wait for each other.
const ownGoroutines = "Calls that have to run at the same time each need a goroutine of their own, and nothing around them that lets only one in."

// polls reports whether a goroutine waits for a mutex in a loop of a function that unlocks it as well.
func (s *source) polls(w *waiter) bool {
	return s.inLoop(w.op.node, w.fn) && slices.ContainsFunc(s.opsOn(w.op.obj, "Unlock", "RUnlock"), func(o op) bool {
		return o.fn == w.fn && s.inLoop(o.node, o.fn)
	})
}

// lockReason finds who holds the mutex that a goroutine waits for.
func (s *source) lockReason(w *waiter, all []*waiter) reason {
	if w.op.obj == nil {
		return reason{weight: 2, why: "Nobody unlocks it.", lesson: secDeadlock, hint: "Find who locked it last and why it does not unlock."}
	}
	if r, ok := s.exactCycle(w, all); ok {
		return r
	}
	if r, ok := s.lockCycle(w, all); ok && w.on == 0 {
		return r
	}
	if r, ok := s.lockedTwice(w); ok {
		return r
	}
	for _, o := range all {
		if o == w || !slices.ContainsFunc(o.holds, func(h held) bool { return h.is(w) }) {
			continue
		}
		if o.verb == "Lock" || o.verb == "RLock" {
			continue // it is told by that one's own reason
		}
		if o.verb == "run" && s.loops(o) {
			continue // so is this, and that it holds the lock at this moment says nothing
		}
		return reason{weight: 9, lesson: secDeadlock,
			why: fmt.Sprintf("%s is held by %s, which is %s at %s and unlocks only after that.",
				w.object("The mutex"), o.subject(), o.doing(), s.lineOf(o)),
			hint: fmt.Sprintf("Never wait for another goroutine while you hold a lock that it needs: unlock %s before %s.", w.object("it"), s.lineOf(o)),
			at:   []verdict.Place{s.place(o.frame, "holds")}}
	}
	if r, ok := s.neverUnlocked(w); ok {
		return r
	}
	if l := w.left; l != nil && s.files[s.relative(l.Taken.File)] != nil {
		at := s.lineName(s.relative(l.Taken.File), l.Taken.Line)
		why := fmt.Sprintf("%s locked it at %s and has not unlocked it.", capital(name(l.By)), at)
		if w.ended {
			why = fmt.Sprintf("%s locked it at %s and has ended without unlocking it.", capital(name(l.By)), at)
		}
		return reason{weight: 9, lesson: secUnlock, why: why, hint: deferHint(w.object("mu"), "Unlock"),
			at: []verdict.Place{s.at(s.relative(l.Taken.File), l.Taken.Line, "holds")}}
	}
	if s.polls(w) {
		return reason{weight: 4, why: fmt.Sprintf("The loop there locks and unlocks %s over and over, and does not end.", w.object("it")), lesson: secWaiting, hint: loopHint}
	}
	return reason{weight: 2, why: fmt.Sprintf("Nobody unlocks %s.", w.object("it")), lesson: secUnlock,
		hint: "Find who locked it last and why it does not unlock."}
}

// lockCycle finds two goroutines that each hold what the other one waits for.
func (s *source) lockCycle(w *waiter, all []*waiter) (reason, bool) {
	others := all
	if w.count() > 1 { // two goroutines at one line, locking two values in opposite order
		others = append(slices.Clone(all), w)
	}
	for i, o := range others {
		if o == w && i < len(all) || o.verb != "Lock" && o.verb != "RLock" {
			continue
		}
		mine, ok1 := holding(w, o)
		theirs, ok2 := holding(o, w)
		if !ok1 || !ok2 {
			continue
		}
		message := fmt.Sprintf("%s holds %s (%s) and waits for %s at %s, while %s holds %s (%s) and waits for %s at %s.",
			capital(w.subject()), mine.text, s.lockedAt(mine), w.object("it"), s.lineOf(w),
			other(w, o), theirs.text, s.lockedAt(theirs), o.object("it"), s.lineOf(o))
		return reason{weight: 10, message: message, lesson: secDeadlock,
			hint: "Take the locks in the same order everywhere, for example by a number that each value has, whoever asks.",
			at: []verdict.Place{s.at(mine.fn.file, mine.line, "holds"), s.place(o.frame, "blocked"),
				s.at(theirs.fn.file, theirs.line, "holds")}}, true
	}
	return reason{}, false
}

func other(w, o *waiter) string {
	if w.fn == o.fn {
		return "another call of " + strings.TrimPrefix(o.subject(), "the ")
	}
	return o.subject()
}

func (s *source) lockedAt(h held) string { return s.lineName(h.fn.file, h.line) }

// holding finds a lock that w holds and o waits for. Where both are the same field, of two values,
// the names must differ.
func holding(w, o *waiter) (held, bool) {
	for _, h := range w.holds {
		if h.obj != o.op.obj {
			continue
		}
		if h.obj == w.op.obj && h.text == w.object("") {
			continue
		}
		return h, true
	}
	return held{}, false
}

// lockedTwice finds the mutex that a goroutine waits for among those it holds itself.
func (s *source) lockedTwice(w *waiter) (reason, bool) {
	i := slices.IndexFunc(w.holds, func(h held) bool { return h.is(w) })
	if i < 0 {
		return reason{}, false
	}
	h := w.holds[i]
	at := []verdict.Place{s.at(h.fn.file, h.line, "holds")}
	name, here, there := w.object("it"), s.lineOf(w), s.lockedAt(h)
	switch {
	case h.read && w.verb == "Lock":
		return reason{weight: 10, at: at, lesson: secRWMutex,
			message: fmt.Sprintf("%s calls %s.Lock() at %s while it still holds %s for reading (RLock at %s): Lock waits for all readers, itself among them.",
				capital(w.subject()), name, here, h.text, there),
			hint: "Release the read lock first, take the write lock, and check the condition again: it may have changed in between."}, true
	case h.read:
		return reason{weight: 9, at: at, lesson: secRWMutex,
			message: fmt.Sprintf("%s calls %s.RLock() at %s while it already holds it (RLock at %s): a writer that waits in between blocks the second RLock, and is blocked by the first.",
				capital(w.subject()), name, here, there),
			hint: "Take a read lock once; split off a function that expects it to be held."}, true
	case h.text != name && h.fn == w.fn:
		return reason{weight: 8, at: at, lesson: secDeadlock,
			message: fmt.Sprintf("%s locks %s twice: it holds %s (%s) and waits for %s at %s, and the two are the same mutex.",
				capital(w.subject()), name, h.text, there, name, here),
			hint: "Handle the case where both are the same value before you lock."}, true
	case slices.ContainsFunc(s.opsOn(h.obj, unlockOf(h)), func(o op) bool { return o.fn == w.fn && s.deferred(o) && s.inLoop(o.node, o.fn) }):
		return reason{weight: 10, at: at, lesson: secUnlock,
			message: fmt.Sprintf("%s locks %s twice: it holds it since an earlier round of the loop (%s) when it calls %s.%s() at %s.",
				capital(w.subject()), name, there, name, w.verb, here),
			hint: "A deferred call runs when its function returns, not at the end of a round: unlock at the end of each round, or put the round into a function of its own."}, true
	case !s.onStack(w, h.fn):
		if r, ok := s.neverUnlocked(w); ok {
			r.weight, r.message = 10, fmt.Sprintf("%s So the same goroutine waits for itself when it calls %s.%s() at %s.", r.why, name, w.verb, here)
			r.why, r.at = "", append(at, r.at...)
			return r, true
		}
		fallthrough
	case s.earlierCall(w, h):
		return reason{weight: 10, at: at, lesson: secUnlock,
			message: fmt.Sprintf("A call of %s, which is over, locked %s at %s and did not unlock it. So the same goroutine waits for itself when it calls %s.%s() at %s.",
				h.fn.declName(), h.text, there, name, w.verb, here),
			hint: deferHint(h.text, unlockOf(h))}, true
	case s.shared(w, h):
		return reason{weight: 10, at: at, lesson: secDeadlock,
			message: fmt.Sprintf("%s locks %s twice: it holds it already (%s) when it calls %s.%s() at %s. %s belongs to the package, so it is the same one for all values.",
				capital(w.subject()), name, there, name, w.verb, here, name),
			hint: fmt.Sprintf("Give each value a lock of its own: make %s a field of the type.", name)}, true
	}
	return reason{weight: 10, at: at, lesson: secDeadlock,
		message: fmt.Sprintf("%s locks %s twice: it holds it already (%s) when it calls %s.%s() at %s. A Go mutex cannot be locked again, not even by the goroutine that holds it.",
			capital(w.subject()), name, there, name, w.verb, here),
		hint: "Split off a function that expects the lock to be held, and call that one from both places."}, true
}

// deferHint says how to unlock on every way out.
func deferHint(lock, unlock string) string {
	return fmt.Sprintf("Write defer %s.%s() right after the lock: then every way out unlocks, an early return and a panic too.", lock, unlock)
}

// earlierCall reports whether a goroutine has locked the mutex that it waits for in an earlier call of the function that
// it is in: it is in one call of that only, and has not come to the line of the lock in it.
func (s *source) earlierCall(w *waiter, h held) bool {
	calls := 0
	for _, f := range w.stack {
		if s.origin(f) == fromLearner && s.functionAt(f).decl() == h.fn.decl() {
			calls++
		}
	}
	return len(w.stack) > 1 && calls == 1 && h.fn == w.fn && h.line >= w.frame.line && w.op.node != nil && !s.inLoop(w.op.node, w.fn)
}

// shared reports whether a method waits for a mutex of the package that another call of a method holds.
func (s *source) shared(w *waiter, h held) bool {
	v, ok := h.obj.(*types.Var)
	return ok && !v.IsField() && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() && w.fn.decl() != nil && w.fn.decl().Recv != nil
}

// onStack reports whether a goroutine still is in a call of a function, as far as is known.
func (s *source) onStack(w *waiter, fn *function) bool {
	return len(w.stack) < 2 || slices.ContainsFunc(w.stack, func(f frame) bool {
		return s.origin(f) == fromLearner && s.functionAt(f).decl() == fn.decl()
	})
}

// neverUnlocked finds a function that comes to an end with the mutex locked.
func (s *source) neverUnlocked(w *waiter) (reason, bool) {
	for _, fn := range s.funcs {
		for _, e := range s.exits(fn) {
			for _, h := range e.holds {
				if h.deferred || h.obj != w.op.obj || h.fn != fn {
					continue
				}
				return reason{weight: 9, lesson: secUnlock,
					why: fmt.Sprintf("%s locks %s at %s and %s at %s without unlocking it.", capital(fn.label()), h.text,
						s.lockedAt(h), map[bool]string{false: "returns", true: "panics"}[e.panics], s.lineName(fn.file, e.line)),
					hint: deferHint(h.text, unlockOf(h)),
					at:   []verdict.Place{s.at(fn.file, e.line, map[bool]string{false: "returns", true: "panics"}[e.panics]+" locked")}}, true
			}
		}
	}
	return reason{}, false
}

func unlockOf(h held) string {
	if h.read {
		return "RUnlock"
	}
	return "Unlock"
}
