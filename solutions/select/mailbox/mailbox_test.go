package mailbox_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"workbook/solutions/kit"
	"workbook/solutions/select/mailbox"
)

// box is a Mailbox of numbers.
type box = mailbox.Mailbox[int]

// open returns a Mailbox with room for cap values that holds some.
func open(t *testing.T, cap int, values ...int) *box {
	t.Helper()
	m := mailbox.NewMailbox[int](cap)
	for _, v := range values {
		if !m.TryPut(v) {
			t.Fatalf("%s returned false, and of %d places %d were taken", call{put, v}, cap, v-1)
		}
	}
	return m
}

// checkHolds takes all values out, and wants them to be certain ones.
func checkHolds(t *testing.T, m *box, when string, want ...int) {
	t.Helper()
	var got []int
	for range len(want) + 3 {
		v, ok := m.TryTake()
		if !ok {
			if v != 0 {
				t.Errorf("%s the box was empty, and TryTake returned %d, false: want the zero value, 0, false", when, v)
			}
			break
		}
		got = append(got, v)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s the box should hold %v, and TryTake took out %v", when, want, got)
	}
}

func TestOneGoroutine(t *testing.T) {
	m := open(t, 2)
	checkHolds(t, m, "at the beginning")
	for i, want := range []bool{true, true, false} {
		if got := m.TryPut(i); got != want {
			t.Fatalf("with room for 2 TryPut was called for the values 0, 1 and 2, and for %d it returned %t, want %t", i, got, want)
		}
	}
	if v, ok := m.TryTake(); v != 0 || !ok {
		t.Fatalf("0 and 1 had been put in, in this order, and TryTake returned %d, %t: want the oldest, 0, true", v, ok)
	}
	if !m.TryPut(3) {
		t.Fatalf("of 2 places one was taken, and TryPut returned false")
	}
	checkHolds(t, m, "when 0, 1 and 3 had been put in and 0 taken out,", 1, 3)
	checkHolds(t, m, "when all had been taken out")
}

func TestPutLatest(t *testing.T) {
	for room := 1; room <= 3; room++ {
		m := open(t, room)
		var want []int
		for v := 1; v <= 4; v++ {
			m.PutLatest(v)
			want = append(want, v)
		}
		checkHolds(t, m, fmt.Sprintf("when there was room for %d, and PutLatest was called for 1, 2, 3 and 4,", room), want[4-room:]...)
	}
	m := open(t, 2, 1, 2)
	m.PutLatest(3)
	if m.TryPut(4) {
		t.Errorf("PutLatest had been called on a full box, which is full again, and TryPut returned true")
	}
	checkHolds(t, m, "when 1 and 2 were in a box with room for 2, and PutLatest(3) was called,", 2, 3)
}

// TestTwoBoxes fills one.
func TestTwoBoxes(t *testing.T) {
	full, empty := open(t, 1, 1), open(t, 1)
	checkHolds(t, empty, "when a value was put into another box,")
	checkHolds(t, full, "when another box is empty", 1)
}

// TestOtherTypes has values that are structs, and some that are nil.
func TestOtherTypes(t *testing.T) {
	type letter struct{ from, text string }
	letters := mailbox.NewMailbox[letter](1)
	letters.PutLatest(letter{"me", "old"})
	letters.PutLatest(letter{"me", "new"})
	if got, ok := letters.TryTake(); !ok || got.text != "new" {
		t.Errorf("PutLatest put in a letter that says new, and TryTake returned %+v, %t", got, ok)
	}
	errs := mailbox.NewMailbox[error](1)
	if !errs.TryPut(nil) || errs.TryPut(nil) {
		t.Errorf("with room for 1 TryPut(nil) must return true, and a second one false: nil is a value like any other")
	}
	if err, ok := errs.TryTake(); !ok || err != nil {
		t.Errorf("nil was put in, and TryTake returned %v, %t, want nil, true", err, ok)
	}
}

// The methods, as they are named in messages.
const (
	put    = "TryPut"
	take   = "TryTake"
	latest = "PutLatest"
)

// call is a call of a method.
type call struct {
	method string
	v      int
}

func (c call) String() string {
	if c.method == take {
		return "TryTake()"
	}
	return fmt.Sprintf("%s(%d)", c.method, c.v)
}

// answer is what a call returned: a value for TryTake, and for TryPut only whether it was put in.
type answer struct {
	v  int
	ok bool
}

func (a answer) String() string { return fmt.Sprintf("%d, %t", a.v, a.ok) }

// do makes the call.
func (c call) do(m *box) (a answer) {
	switch c.method {
	case put:
		a.ok = m.TryPut(c.v)
	case take:
		a.v, a.ok = m.TryTake()
	case latest:
		m.PutLatest(c.v)
		a.ok = true
	}
	return a
}

// scene has several goroutines make calls at the same time.
type scene struct {
	room   int
	holds  int      // the values in the box at first: 1, 2, …
	actors [][]call // the calls of each goroutine, in order
}

// play makes the calls, wants none of them to wait, and looks for an order of them that explains their results
// and what is left in the box.
func (s scene) play(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var first []int
		for v := 1; v <= s.holds; v++ {
			first = append(first, v)
		}
		m := open(t, s.room, first...)
		var h kit.History[call, answer]
		at := make([]atomic.Int64, len(s.actors)) // the call that each actor makes
		for i, calls := range s.actors {
			go func() {
				for _, c := range calls {
					h.Do(c, func() answer { return c.do(m) })
					at[i].Add(1)
				}
			}()
		}
		synctest.Wait()
		for i, calls := range s.actors {
			if n := at[i].Load(); n < int64(len(calls)) {
				t.Fatalf("the box had room for %d and held %v; of the calls %s at the same time %s waits: it must return at once", s.room, first, s, calls[n])
			}
		}
		for range s.room + 1 { // what is left
			h.Do(call{method: take}, func() answer { return call{method: take}.do(m) })
		}
		if o := (order{room: s.room, ops: h.Ops()}); !o.found(first) {
			t.Errorf("the box had room for %d and held %v, and no order of these calls explains their results, in brackets when each began and returned; the last %d calls only look at what is left: %s", s.room, first, s.room+1, &h)
		}
	})
}

// String lists the calls.
func (s scene) String() (text string) {
	for i, calls := range s.actors {
		if i > 0 {
			text += " and "
		}
		for k, c := range calls {
			if k > 0 {
				text += ", then "
			}
			text += c.String()
		}
	}
	return text
}

// order looks for an order of calls as if each were one step, but for a PutLatest: each time that it finds the box
// full, throws the oldest away and tries again, others may come in between.
type order struct {
	room int
	ops  []kit.Op[call, answer]
	full []bool // a PutLatest that has found the box full
	done []bool
}

// found reports whether there is one that begins with these values in the box.
func (o *order) found(values []int) bool {
	o.full, o.done = make([]bool, len(o.ops)), make([]bool, len(o.ops))
	return o.from(values)
}

// from reports whether the calls that have no place yet can follow.
func (o *order) from(values []int) bool {
	first, left := int64(-1), 0
	for i, op := range o.ops {
		if !o.done[i] {
			if left++; first < 0 || op.Return < first {
				first = op.Return
			}
		}
	}
	for i, op := range o.ops {
		if !o.done[i] && op.Call <= first && o.step(i, values) {
			return true
		}
	}
	return left == 0
}

// step has call i take its step, or its next one, and goes on from there.
func (o *order) step(i int, values []int) bool {
	c, a := o.ops[i].In, o.ops[i].Out
	switch room := len(values) < o.room; {
	case c.method == put && a.ok != room:
		return false
	case c.method == put && !room:
		return o.finish(i, values)
	case c.method == take && len(values) == 0:
		return a == answer{} && o.finish(i, values)
	case c.method == take:
		return a == answer{values[0], true} && o.finish(i, values[1:])
	case c.method == latest && o.full[i]: // throw the oldest away, if somebody else has not taken it
		o.full[i] = false
		ok := o.from(values[min(1, len(values)):])
		o.full[i] = true
		return ok
	case c.method == latest && !room:
		o.full[i] = true
		ok := o.from(values)
		o.full[i] = false
		return ok
	}
	return o.finish(i, append(slices.Clone(values), c.v))
}

// finish has call i end.
func (o *order) finish(i int, values []int) bool {
	o.done[i] = true
	ok := o.from(values)
	o.done[i] = false
	return ok
}

// The scenes. Each value is put in once, so that it is known where a value comes from.

func TestLastPlace(t *testing.T) {
	scene{room: 2, holds: 1, actors: [][]call{{{put, 11}}, {{put, 12}}}}.play(t)
}

func TestLastValue(t *testing.T) {
	scene{room: 2, holds: 1, actors: [][]call{{{take, 0}}, {{take, 0}}}}.play(t)
}

func TestPutAndTake(t *testing.T) {
	scene{room: 1, holds: 0, actors: [][]call{{{put, 11}, {put, 12}}, {{take, 0}, {take, 0}}}}.play(t)
}

// TestEmptyThenFull has one goroutine look and put, while another one takes.
func TestEmptyThenFull(t *testing.T) {
	scene{room: 1, holds: 1, actors: [][]call{{{take, 0}}, {{take, 0}, {put, 11}}}}.play(t)
}

func TestTwoLatest(t *testing.T) {
	scene{room: 1, holds: 1, actors: [][]call{{{latest, 11}}, {{latest, 12}}}}.play(t)
}

func TestTwoLatestInTwo(t *testing.T) {
	scene{room: 2, holds: 2, actors: [][]call{{{latest, 11}}, {{latest, 12}}}}.play(t)
}

func TestLatestAndPut(t *testing.T) {
	scene{room: 1, holds: 1, actors: [][]call{{{latest, 11}}, {{put, 12}}}}.play(t)
}

func TestLatestAndPuts(t *testing.T) {
	scene{room: 1, holds: 1, actors: [][]call{{{latest, 11}}, {{put, 12}, {put, 13}}}}.play(t)
}

func TestLatestAndTake(t *testing.T) {
	scene{room: 1, holds: 1, actors: [][]call{{{latest, 11}}, {{take, 0}}}}.play(t)
}

func TestThree(t *testing.T) {
	scene{room: 1, holds: 0, actors: [][]call{{{latest, 11}}, {{put, 12}}, {{take, 0}}}}.play(t)
}

// returns wants f to return. It must be called in a bubble.
func returns(t *testing.T, when string, f func()) {
	t.Helper()
	var ended atomic.Bool
	go func() {
		f()
		ended.Store(true)
	}()
	synctest.Wait()
	if !ended.Load() {
		t.Fatalf("%s a call waits, and nothing moves any more: each must return at once", when)
	}
}

// TestHandsOver writes before it puts a pointer in, and reads after it has taken one out.
func TestHandsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := mailbox.NewMailbox[*int](1)
		send := func(v int) *int { p := new(int); *p = v; return p }
		look := func() {
			if p, ok := m.TryTake(); ok && (p == nil || *p < 1 || *p > 2) {
				t.Errorf("pointers to 1 and to 2 were put in, and TryTake returned another one, and true")
			}
		}
		returns(t, "of TryPut, PutLatest and TryTake at the same time", func() {
			kit.Together(func() { m.TryPut(send(1)) }, func() { m.PutLatest(send(2)) }, look)
		})
		look()
	})
}

// TestStressRoom fills a large box.
func TestStressRoom(t *testing.T) {
	const room = 1000
	m := mailbox.NewMailbox[int](room)
	for v := range room {
		if !m.TryPut(v) {
			t.Fatalf("of %d places %d were taken, and TryPut returned false", room, v)
		}
	}
	if m.TryPut(room) {
		t.Fatalf("of %d places all were taken, and TryPut returned true", room)
	}
}

// TestStressNothingLost has all that was put in taken out once.
func TestStressNothingLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const putters, each = 4, 2000
		m := mailbox.NewMailbox[int](3)
		var putIn, takenOut [putters * each]atomic.Int64
		count := func() {
			if v, ok := m.TryTake(); ok && v >= 0 && v < len(takenOut) {
				takenOut[v].Add(1)
			}
		}
		returns(t, "of many TryPut and TryTake", func() {
			kit.Each(putters+2, func(g int) {
				for i := range each {
					if v := g*each + i; g >= putters {
						count()
					} else if m.TryPut(v) {
						putIn[v].Add(1)
					}
				}
			})
		})
		for range 3 {
			count()
		}
		for v := range putIn {
			if p, o := putIn[v].Load(), takenOut[v].Load(); p != o {
				t.Fatalf("many goroutines called TryPut and TryTake: a value was put in %d times, and taken out %d times", p, o)
			}
		}
	})
}

// TestStressLatest has one goroutine put in ever newer values, while another one takes them out.
func TestStressLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const newest = 20_000
		m := mailbox.NewMailbox[int](2)
		last := 0
		look := func() bool {
			v, ok := m.TryTake()
			if ok && v <= last {
				t.Errorf("PutLatest put in 1, 2, 3, …, and after %d TryTake took out %d: the order is to be kept", last, v)
				return false
			}
			if ok {
				last = v
			}
			return ok
		}
		returns(t, "of many PutLatest and TryTake", func() {
			kit.Together(
				func() {
					for v := 1; v <= newest; v++ {
						m.PutLatest(v)
					}
				},
				func() {
					for range newest {
						if look(); t.Failed() {
							return
						}
					}
				},
			)
		})
		for look() {
		}
		if !t.Failed() && last != newest {
			t.Errorf("PutLatest put in 1, 2, 3, … up to %d, and the last one that TryTake took out was %d: the latest value must not get lost", newest, last)
		}
	})
}

// TestStressLatestStays has nobody take but the goroutine that calls PutLatest: what it has put in, it finds.
func TestStressLatestStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const newest = 5000
		m := mailbox.NewMailbox[int](1)
		lost := 0
		returns(t, "of many TryPut and PutLatest", func() {
			kit.Each(4, func(g int) {
				for i := 1; i <= newest; i++ {
					if g > 0 {
						m.TryPut(-i)
						continue
					}
					m.PutLatest(i)
					if v, ok := m.TryTake(); v != i || !ok {
						lost++
					}
				}
			})
		})
		if lost > 0 {
			t.Errorf("one goroutine called PutLatest and then TryTake, others only TryPut, and %d times it did not find the value that it had put in: the latest value must not get lost", lost)
		}
	})
}

// TestStressAll has all methods at work, of which none may wait.
func TestStressAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := mailbox.NewMailbox[int](1)
		returns(t, "of many TryPut, TryTake and PutLatest", func() {
			kit.Each(6, func(g int) {
				for i := range 2000 {
					switch g % 3 {
					case 0:
						m.TryPut(i)
					case 1:
						m.TryTake()
					default:
						m.PutLatest(i)
					}
				}
			})
		})
		m.PutLatest(-1)
		checkHolds(t, m, "when six goroutines had used the box, with room for 1, and then PutLatest(-1) was called,", -1)
	})
}
