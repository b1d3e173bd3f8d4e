package hbgraph_test

import (
	"strconv"
	"strings"
	"testing"

	"workbook/solutions/memory-synchronization/hbgraph"
)

// rule is a trace whose accesses A and B are ordered, or not, and the reason.
type rule struct {
	trace string
	want  bool // A happens before B
	why   string
}

// TestOneGoroutine and the others have traces like "0:A 0:go1 1:lock.m 1:B": the goroutine, then
// A or B for the access that is asked about, or x for another one. A channel is written with its
// capacity: "0:send.c/1".
func TestOneGoroutine(t *testing.T) {
	check(t,
		rule{"0:A 0:B", true, "a goroutine's own events are ordered as they came"},
		rule{"0:B 0:A", false, "the other way round: B came first"},
		rule{"0:A 0:lock.m 0:x 0:unlock.m 0:B", true, "a goroutine's own events are ordered, whatever is between them"},
	)
}

func TestGo(t *testing.T) {
	check(t,
		rule{"0:A 0:go1 1:B", true, "a go statement, and all before it, comes before what the new goroutine does"},
		rule{"0:go1 0:A 1:B", false, "A comes after the go statement, and nothing orders it before B in the new goroutine"},
		rule{"0:go1 1:A 0:B", false, "the end of a goroutine orders nothing: B came later by chance"},
		rule{"0:go1 0:go2 1:A 2:B", false, "two new goroutines have a common beginning, and no order among themselves"},
		rule{"0:A 0:go1 0:x 0:go2 1:B", true, "a go statement comes before all of the new goroutine, also if others take a step before it does"},
		rule{"0:A 0:go1 1:go2 2:B", true, "happens-before goes on from one go statement to the next: it is transitive"},
	)
}

func TestLock(t *testing.T) {
	check(t,
		rule{"0:go1 0:go2 1:lock.m 1:A 1:unlock.m 2:lock.m 2:B 2:unlock.m", true, "an Unlock is synchronized before each later Lock of the same mutex"},
		rule{"0:go1 0:go2 1:lock.m 1:A 1:unlock.m 2:lock.n 2:B 2:unlock.n", false, "Unlock of m orders nothing for Lock of n"},
		rule{"0:go1 0:go2 2:lock.m 2:B 2:unlock.m 1:lock.m 1:A 1:unlock.m", false, "goroutine 2 had the mutex first, so B is before A"},
		rule{"0:go1 0:go2 1:lock.m 1:unlock.m 1:A 2:lock.m 2:B 2:unlock.m", false, "A comes after the Unlock, and nothing orders it before the Lock"},
		rule{"0:go1 0:go2 1:lock.m 1:A 1:unlock.m 2:B 2:lock.m 2:unlock.m", false, "B does not wait for the Lock, which comes after it"},
	)
}

func TestLockChain(t *testing.T) {
	check(t,
		rule{"0:go1 0:go2 0:go3 1:lock.m 1:A 1:unlock.m 2:lock.m 2:unlock.m 3:lock.m 3:B 3:unlock.m", true, "an Unlock is synchronized before all later Locks of the same mutex, not only the next one"},
		rule{"0:go1 0:go2 0:go3 1:A 1:lock.m 1:unlock.m 2:lock.m 2:unlock.m 2:lock.n 2:unlock.n 3:lock.n 3:B 3:unlock.n", true, "m leads from goroutine 1 to 2 and n from 2 to 3: happens-before is transitive"},
		rule{"0:go1 0:go2 0:go3 1:A 1:lock.m 1:unlock.m 2:lock.n 2:unlock.n 2:lock.m 2:unlock.m 3:lock.n 3:B 3:unlock.n", false, "goroutine 2 had unlocked n before it learnt of goroutine 1 through m"},
	)
}

func TestBufferedChannel(t *testing.T) {
	check(t,
		rule{"0:go1 1:A 1:send.c/1 0:recv.c/1 0:B", true, "a send is synchronized before the receive of its value"},
		rule{"0:go1 0:send.c/1 1:A 1:recv.c/1 0:B", false, "with a buffer the sender waits for nobody: the receive orders nothing for it"},
		rule{"0:go1 1:send.c/1 1:A 0:recv.c/1 0:B", false, "A comes after the send, and nothing orders it before the receive"},
		rule{"0:go1 0:go2 1:A 1:send.c/1 2:send.d/1 0:recv.d/1 0:B", false, "a send on c orders nothing for a receive from d"},
		rule{"0:go1 0:go2 1:send.c/2 2:A 2:send.c/2 0:recv.c/2 0:B", false, "a channel is a queue: the first receive gets the value of the first send, not of the one after A"},
		rule{"0:go1 0:go2 0:go3 1:A 1:send.c/2 2:send.c/2 0:recv.c/2 3:recv.c/2 3:B", false, "goroutine 3 got the second value, and A comes before the send of the first: a send orders nothing for later receives"},
		rule{"0:go1 0:go2 1:send.c/2 2:A 2:send.c/2 0:recv.c/2 0:recv.c/2 0:B", true, "a channel is a queue: the second receive gets the value of the second send, the one after A"},
	)
}

func TestUnbufferedChannel(t *testing.T) {
	check(t,
		rule{"0:go1 1:A 1:send.c/0 0:recv.c/0 0:B", true, "a send is synchronized before the receive of its value"},
		rule{"0:go1 1:A 0:send.c/0 1:recv.c/0 0:B", true, "without a buffer a receive is synchronized before the end of its send"},
		rule{"0:go1 0:A 1:recv.c/0 0:send.c/0 1:B", true, "a send is synchronized before the receive of its value, also if the trace has the receive first"},
		rule{"0:go1 0:send.c/0 1:recv.c/0 1:A 0:B", false, "A comes after the receive, and nothing orders it before what the sender does next"},
	)
}

func TestFullBuffer(t *testing.T) {
	check(t,
		rule{"0:go1 0:send.c/1 1:A 1:recv.c/1 0:send.c/1 0:B", true, "with a buffer of 1 the first receive makes room for the second send"},
		rule{"0:go1 0:send.c/2 1:A 1:recv.c/2 0:send.c/2 0:B", false, "with a buffer of 2 there is room for the second send without a receive"},
		rule{"0:go1 0:send.c/2 0:send.c/2 1:A 1:recv.c/2 0:send.c/2 0:B", true, "with a buffer of 2 the first receive makes room for the third send"},
		rule{"0:go1 0:go2 0:go3 0:send.c/2 0:send.c/2 1:A 1:recv.c/2 2:recv.c/2 0:send.c/2 3:send.c/2 3:B", false, "the first receive makes room for the third send, the one of goroutine 0, and not for the fourth"},
		rule{"0:go1 0:send.c/1 1:recv.c/1 0:send.c/1 1:A 1:recv.c/1 0:B", false, "the second receive makes room for a third send, and there is none"},
	)
}

func TestMixedChain(t *testing.T) {
	check(t,
		rule{"0:go2 0:go3 0:A 0:go1 1:lock.m 1:unlock.m 2:lock.m 2:send.c/1 2:unlock.m 3:recv.c/1 3:B", true, "go, mutex and channel lead from A to B: happens-before is transitive over all rules"},
		rule{"0:go1 0:go2 1:A 0:lock.m 0:send.c/0 1:recv.c/0 0:unlock.m 2:lock.m 2:B", true, "the receive orders A before the end of the send, and the mutex all that before B"},
		rule{"0:go1 0:go2 1:A 1:lock.m 1:unlock.m 0:send.c/1 2:recv.c/1 2:B", false, "no Lock of m follows, and the channel leads from goroutine 0, which has learnt nothing of A"},
	)
}

// check asks about the traces, also with A and B exchanged where they are ordered.
func check(t *testing.T, rules ...rule) {
	t.Helper()
	for _, r := range rules {
		trace, a, b := parse(r.trace)
		if got := hbgraph.HappensBefore(trace, a, b); got != r.want {
			t.Errorf("HappensBefore says %t of A and B in %s, want %t: %s", got, r.trace, r.want, r.why)
		}
		if r.want && hbgraph.HappensBefore(trace, b, a) {
			t.Errorf("HappensBefore says true of B and A in %s, want false: A happens before B", r.trace)
		}
	}
}

// parse reads a trace and returns it with the indexes of A and B.
func parse(text string) (trace []hbgraph.Event, a, b int) {
	ops := map[string]hbgraph.Op{"lock": hbgraph.Lock, "unlock": hbgraph.Unlock, "send": hbgraph.Send, "recv": hbgraph.Recv}
	for i, word := range strings.Fields(text) {
		g, what, _ := strings.Cut(word, ":")
		e := hbgraph.Event{G: number(g)}
		op, on, _ := strings.Cut(what, ".")
		switch {
		case what == "A":
			a = i
		case what == "B":
			b = i
		case strings.HasPrefix(what, "go"):
			e.Op, e.New = hbgraph.Go, number(what[2:])
		case ops[op] != hbgraph.Access:
			name, size, _ := strings.Cut(on, "/")
			e.Op, e.On, e.Cap = ops[op], name, number(size)
		}
		trace = append(trace, e)
	}
	return trace, a, b
}

// number returns the number in text, 0 if there is none.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
