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
type History[I, O any] struct {
	clock atomic.Int64
	last  atomic.Pointer[entry[I, O]]
}

// entry is a recorded call in a list, newest first.
type entry[I, O any] struct {
	op   Op[I, O]
	next *entry[I, O]
}

// Do calls f and records what it returned.
func (h *History[I, O]) Do(in I, f func() O) O {
	call := h.tick()
	out := f()
	e := &entry[I, O]{op: Op[I, O]{In: in, Out: out, Call: call, Return: h.tick()}}
	unseen(func() {
		for {
			e.next = h.last.Load()
			if h.last.CompareAndSwap(e.next, e) {
				return
			}
		}
	})
	return out
}

// Ops returns the calls in the order in which they began. All of them must have returned.
func (h *History[I, O]) Ops() []Op[I, O] {
	var ops []Op[I, O]
	for e := h.last.Load(); e != nil; e = e.next {
		ops = append(ops, e.op)
		for i := len(ops) - 1; i > 0 && ops[i].Call < ops[i-1].Call; i-- {
			ops[i], ops[i-1] = ops[i-1], ops[i]
		}
	}
	return ops
}

// String lists the calls in the order in which they began: "TryTake(1) = true [1-4], Put(1) [2-3]",
// each with the moments of its call and its return. An Out of nil or struct{}{} is left out.
func (h *History[I, O]) String() string {
	var texts []string
	for _, op := range h.Ops() {
		text := fmt.Sprint(op.In)
		switch out := any(op.Out).(type) {
		case nil, struct{}:
		default:
			text += fmt.Sprintf(" = %v", out)
		}
		texts = append(texts, fmt.Sprintf("%s [%d-%d]", text, op.Call, op.Return))
	}
	return strings.Join(texts, ", ")
}

// tick returns the next moment.
func (h *History[I, O]) tick() (moment int64) {
	unseen(func() { moment = h.clock.Add(1) })
	return moment
}

// Linearizable reports whether the calls can be put in one order that explains them all: an order
// that keeps a before b where a returned before b began, and in which step, called from the
// state start on, finds every result right. step returns the state after a call and whether the
// call may return out in the state before it.
//
// The search takes exponential time in the worst case; histories of a dozen calls are instant.
func Linearizable[S comparable, I, O any](ops []Op[I, O], start S, step func(state S, in I, out O) (S, bool)) bool {
	s := search[S, I, O]{ops: ops, step: step, done: make([]byte, len(ops)), dead: map[position[S]]bool{}}
	return s.from(start, len(ops))
}

// search is the state of a search for an order.
type search[S comparable, I, O any] struct {
	ops  []Op[I, O]
	step func(S, I, O) (S, bool)
	done []byte               // 1 where the call has its place in the order
	dead map[position[S]]bool // from where no order was found
}

// position is a set of placed calls with the state after them.
type position[S comparable] struct {
	done  string
	state S
}

// from reports whether the left calls that have no place yet can follow in the given state.
func (s *search[S, I, O]) from(state S, left int) bool {
	here := position[S]{string(s.done), state}
	if left == 0 || s.dead[here] {
		return left == 0
	}
	first := s.firstReturn()
	for i, op := range s.ops {
		if s.done[i] == 1 || op.Call > first {
			continue
		}
		if next, ok := s.step(state, op.In, op.Out); ok {
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
func (s *search[S, I, O]) firstReturn() int64 {
	var first int64 = -1
	for i, op := range s.ops {
		if s.done[i] == 0 && (first < 0 || op.Return < first) {
			first = op.Return
		}
	}
	return first
}
