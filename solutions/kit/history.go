package kit

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// Op is one call: what went in, what came out, and when it began and returned. The moments are
// numbers of a common count, so that a.Return < b.Call says that a was over before b began.
type Op[I, O any] struct {
	In           I
	Out          O
	Call, Return int64
}

// History records the calls of several goroutines. The zero History is ready to use.
type History[I, O any] struct{ log log }

// log is what a History is without its types: every package that uses a generic type compiles it again.
type log struct {
	clock atomic.Int64
	last  atomic.Pointer[entry]
}

// entry is a recorded call in a list, newest first.
type entry struct {
	op   Op[any, any]
	next *entry
}

// Do calls f and records what it returned.
func (h *History[I, O]) Do(in I, f func() O) O {
	call := h.log.tick()
	out := f()
	h.log.add(Op[any, any]{In: in, Out: out, Call: call, Return: h.log.tick()})
	return out
}

// Ops returns the calls in the order in which they began. All of them must have returned.
func (h *History[I, O]) Ops() []Op[I, O] {
	var ops []Op[I, O]
	for _, op := range h.log.ops() {
		in, _ := op.In.(I) // not ok for the nil of an interface type
		out, _ := op.Out.(O)
		ops = append(ops, Op[I, O]{In: in, Out: out, Call: op.Call, Return: op.Return})
	}
	return ops
}

// String lists the calls in the order in which they began: "TryTake(1) = true [1-4], Put(1) [2-3]",
// each with the moments of its call and its return. An Out of nil or struct{}{} is left out.
func (h *History[I, O]) String() string { return h.log.String() }

func (l *log) add(op Op[any, any]) {
	e := &entry{op: op}
	unseen(func() {
		for {
			e.next = l.last.Load()
			if l.last.CompareAndSwap(e.next, e) {
				return
			}
		}
	})
}

func (l *log) ops() []Op[any, any] {
	var ops []Op[any, any]
	for e := l.last.Load(); e != nil; e = e.next {
		ops = append(ops, e.op)
		for i := len(ops) - 1; i > 0 && ops[i].Call < ops[i-1].Call; i-- {
			ops[i], ops[i-1] = ops[i-1], ops[i]
		}
	}
	return ops
}

// String is History.String.
func (l *log) String() string {
	var texts []string
	for _, op := range l.ops() {
		text := fmt.Sprint(op.In)
		switch op.Out.(type) {
		case nil, struct{}:
		default:
			text += fmt.Sprintf(" = %v", op.Out)
		}
		texts = append(texts, fmt.Sprintf("%s [%d-%d]", text, op.Call, op.Return))
	}
	return strings.Join(texts, ", ")
}

// tick returns the next moment.
func (l *log) tick() (moment int64) {
	unseen(func() { moment = l.clock.Add(1) })
	return moment
}

// Linearizable reports whether the calls can be put in one order that explains them all: an order
// that keeps a before b where a returned before b began, and in which step, called from the
// state start on, finds every result right. step returns the state after a call and whether the
// call may return out in the state before it.
//
// The search takes exponential time in the worst case; histories of a dozen calls are instant.
func Linearizable[S comparable, I, O any](ops []Op[I, O], start S, step func(state S, in I, out O) (S, bool)) bool {
	calls := make([]interval, len(ops))
	for i, op := range ops {
		calls[i] = interval{op.Call, op.Return}
	}
	s := search{calls: calls, done: make([]byte, len(ops)), dead: map[position]bool{}, step: func(state any, call int) (any, bool) {
		now, _ := state.(S) // not ok for the nil of an interface type
		return step(now, ops[call].In, ops[call].Out)
	}}
	return s.from(start, len(ops))
}

// interval is when a call began and returned.
type interval struct{ call, ret int64 }

// search is the state of a search for an order.
type search struct {
	calls []interval
	step  func(state any, call int) (any, bool)
	done  []byte            // 1 where the call has its place in the order
	dead  map[position]bool // from where no order was found
}

// position is a set of placed calls with the state after them.
type position struct {
	done  string
	state any
}

// from reports whether the left calls that have no place yet can follow in the given state.
func (s *search) from(state any, left int) bool {
	here := position{string(s.done), state}
	if left == 0 || s.dead[here] {
		return left == 0
	}
	first := s.firstReturn()
	for i, call := range s.calls {
		if s.done[i] == 1 || call.call > first {
			continue
		}
		if next, ok := s.step(state, i); ok {
			s.done[i] = 1
			if s.from(next, left-1) {
				return true
			}
			s.done[i] = 0
		}
	}
	s.dead[here] = true
	return false
}

// firstReturn returns the earliest moment at which a call without a place returned.
func (s *search) firstReturn() int64 {
	var first int64 = -1
	for i, call := range s.calls {
		if s.done[i] == 0 && (first < 0 || call.ret < first) {
			first = call.ret
		}
	}
	return first
}
