package explain

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// waiter is a goroutine of a dump that is in the learner's code, and what it waits for.
type waiter struct {
	goroutine
	frame frame // the learner's line
	index int   // of frame in the stack
	fn    *function
	verb  string // "send", "receive", "range", "select", "Lock", "RLock", "Wait", "cond", "sleep", "call", "run"
	op    op     // op.expr is nil where the line does not show it
	holds []held
	where string // the waiting object's address, where the dump shows it
	more  []int  // the ids of equal goroutines
	on    int    // the number of the lock it waits for, where the scheduler tells
	left  *lock  // that lock, where a goroutine has taken it that does not wait itself
	ended bool   // that goroutine has ended
	alone bool   // there is no second goroutine
	idle  bool   // the package keeps it running, and it waits for requests
	test  string // what the test waits in meanwhile, "chan receive", "chan send" or "select", as far as is known
	ends  int    // how many channels the test has closed
}

// waiters finds the goroutines that are in the learner's code, equal ones as one.
func (s *source) waiters(dump string) []*waiter {
	var all []*waiter
	for _, g := range parseDump(dump) {
		if w := s.waiter(g); w != nil {
			all = addWaiter(all, w)
		}
	}
	return all
}

// addWaiter adds a waiter, or counts it where an equal one is known.
func addWaiter(all []*waiter, w *waiter) []*waiter {
	for _, o := range all {
		if o.verb == w.verb && o.frame.file == w.frame.file && o.frame.line == w.frame.line && o.on == w.on &&
			slices.EqualFunc(o.holds, w.holds, func(a, b held) bool { return a.id == b.id }) {
			o.more = append(o.more, w.id)
			return all
		}
	}
	return append(all, w)
}

func (s *source) waiter(g goroutine) *waiter {
	f, i := s.learner(g.stack)
	if i < 0 {
		return nil
	}
	w := &waiter{goroutine: g, frame: f, index: i, fn: s.functionAt(f)}
	w.verb = s.waitVerb(g, i)
	switch w.verb {
	case "receive":
		if o, ok := s.opAt(f, "receive", "range"); ok {
			w.op, w.verb = o, o.verb
		}
	case "cond":
		w.op, _ = s.opAt(f, "Wait")
	case "select", "sleep", "call", "run":
	default:
		w.op, _ = s.opAt(f, w.verb)
	}
	w.where = g.address("(*Mutex).lockSlow", "(*Mutex).Lock", "(*RWMutex).Lock", "(*RWMutex).RLock", "(*WaitGroup).Wait", "(*Cond).Wait")
	if pos := s.waitPos(w); pos != nil {
		w.holds = s.heldAt(pos.Pos())
	}
	w.holds = append(w.holds, s.heldByCallers(g.stack, i)...)
	return w
}

// waitPos is the node whose position the waiter is at.
func (s *source) waitPos(w *waiter) ast.Node {
	if w.op.node != nil {
		return w.op.node
	}
	for _, n := range s.nodes(s.relative(w.frame.file), w.frame.line) {
		if _, ok := n.(ast.Stmt); ok {
			return n
		}
	}
	return nil
}

// waitVerb says what a goroutine waits for: by the call that the learner's line makes, since a lock
// may be one that stands in for package sync's, else by the state.
func (s *source) waitVerb(g goroutine, i int) string {
	if slices.ContainsFunc(g.stack[:i], func(f frame) bool { return s.origin(f) == fromTest }) {
		return "call"
	}
	if i > 0 {
		f := g.stack[i-1]
		for _, m := range []struct{ call, verb string }{
			{"(*RWMutex).RLock", "RLock"}, {"(*RWMutex).Lock", "Lock"}, {"(*Mutex).Lock", "Lock"},
			{"(*WaitGroup).Wait", "Wait"}, {"(*Cond).Wait", "cond"}, {"(*Once).Do", "Do"},
		} {
			if f.calls(m.call) {
				return m.verb
			}
		}
	}
	switch g.state {
	case "chan send":
		return "send"
	case "chan receive":
		return "receive"
	case "select", "select (no cases)":
		return "select"
	case "sleep":
		return "sleep"
	case "sync.Mutex.Lock", "sync.RWMutex.Lock":
		return "Lock"
	case "sync.RWMutex.RLock":
		return "RLock"
	case "sync.WaitGroup.Wait":
		return "Wait"
	case "sync.Cond.Wait":
		return "cond"
	}
	return "run"
}

// count is how many goroutines the waiter stands for.
func (w *waiter) count() int { return 1 + len(w.more) }

// object is the text of what it waits for, or other.
func (w *waiter) object(other string) string {
	if w.op.expr == nil {
		return other
	}
	return types.ExprString(w.op.expr)
}

// doing says what the goroutine is at: "blocked in ch <- v".
func (w *waiter) doing() string {
	switch w.verb {
	case "send":
		if st, ok := w.op.node.(*ast.SendStmt); ok {
			return "blocked in " + types.ExprString(st.Chan) + " <- " + clip(types.ExprString(st.Value), 40)
		}
		return "blocked in a send"
	case "receive":
		return "blocked in <-" + w.object("ch")
	case "range":
		return "blocked in range " + w.object("ch")
	case "select":
		return "blocked in select"
	case "Lock", "RLock":
		return "blocked in " + w.object("a mutex") + "." + w.verb + "()"
	case "Wait", "cond":
		return "blocked in " + w.object("wg") + ".Wait()"
	case "Do":
		return "blocked in " + w.object("once") + ".Do"
	case "sleep":
		return "asleep"
	case "call":
		return "waiting inside a function that the test gave it"
	}
	return "running"
}

// subject names the goroutine by its function: "Count", "the goroutine started in Count".
func (w *waiter) subject() string {
	return w.fn.label()
}

// sentence is "Count is blocked in ch <- i at line 8".
func (s *source) sentence(w *waiter, still string) string {
	at := " at " + s.lineName(s.relative(w.frame.file), w.frame.line)
	if w.count() == 1 {
		return capital(w.subject()) + s.calledBy(w) + " is " + still + w.doing() + at
	}
	return capital(fmt.Sprintf("%d goroutines%s are %s%s%s", w.count(), w.of(), still, w.doing(), at))
}

// calledBy names the learner's function that called the one that waits, as a clause.
func (s *source) calledBy(w *waiter) string {
	for _, f := range w.stack[w.index+1:] {
		switch s.origin(f) {
		case fromTest:
			return ""
		case fromLearner:
			fn := s.functionAt(f)
			if fn == nil || fn.decl() == nil || fn == w.fn || fn.inline {
				return ""
			}
			return fmt.Sprintf(", called by %s at %s,", fn.declName(), s.lineName(fn.file, f.line))
		}
	}
	return ""
}

// of names the function of several goroutines.
func (w *waiter) of() string {
	switch {
	case w.fn == nil || w.fn.decl() == nil:
		return ""
	case w.fn.goroutine() != nil:
		return " started in " + w.fn.decl().Name.Name
	}
	return " of " + w.fn.decl().Name.Name
}

// places are the waiter's lines: where it waits, and where it was started.
func (s *source) places(w *waiter) []verdict.Place {
	role := "blocked"
	switch w.verb {
	case "run", "sleep":
		role = "running"
	case "call":
		role = "calls"
	}
	at := []verdict.Place{s.place(w.frame, role)}
	if f, i := s.learner(w.start); i >= 0 {
		at = addPlace(at, s.place(f, "started"))
	} else if fn := w.fn.goroutine(); fn != nil {
		at = addPlace(at, s.at(fn.file, s.line(fn.started.Pos()), "started"))
	}
	return at
}

// lineOf is a waiter's line in words.
func (s *source) lineOf(w *waiter) string {
	return s.lineName(s.relative(w.frame.file), w.frame.line)
}

// ids names the goroutines: "goroutine 7", "goroutines 7, 8 and 9".
func (w *waiter) ids() string {
	if w.count() == 1 {
		return fmt.Sprintf("goroutine %d", w.id)
	}
	words := []string{fmt.Sprint(w.id)}
	for _, id := range w.more[:min(len(w.more), 3)] {
		words = append(words, fmt.Sprint(id))
	}
	if len(w.more) > 3 {
		return "goroutines " + strings.Join(words, ", ") + fmt.Sprintf(" and %d more", len(w.more)-3)
	}
	return "goroutines " + and(words)
}
