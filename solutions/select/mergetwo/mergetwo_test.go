package mergetwo_test

import (
	"runtime"
	"strings"
	"testing"

	"workbook/solutions/select/mergetwo"
)

// merge is a Merge2 of two channels without buffers.
type merge struct {
	in  map[string]chan int // "a" and "b"
	out <-chan int
}

// start calls Merge2.
func start(t *testing.T) *merge {
	t.Helper()
	a, b := make(chan int), make(chan int)
	m := &merge{map[string]chan int{"a": a, "b": b}, mergetwo.Merge2(a, b)}
	if m.out == nil {
		t.Fatalf("Merge2 returned a nil channel")
	}
	return m
}

// pass sends a value and receives it. Nothing waits here for quiet: a Merge2 that never sleeps would not let it come.
func (m *merge) pass(t *testing.T, when, name string, v int) {
	t.Helper()
	select {
	case m.in[name] <- v:
	case got, ok := <-m.out:
		unasked(t, when, got, ok)
	}
	switch got, ok := <-m.out; {
	case !ok:
		unasked(t, when, got, ok)
	case got != v:
		t.Fatalf("%s %d was sent on %s, and %d came out of the merged channel", when, v, name, got)
	}
}

// unasked says that something came out of the merged channel where nothing could.
func unasked(t *testing.T, when string, got int, ok bool) {
	t.Helper()
	if !ok {
		t.Fatalf("%s the merged channel is closed: it is to be closed when both inputs are closed and all values have been received", when)
	}
	t.Fatalf("%s %d came out of the merged channel, and nobody has sent it: receiving from a closed channel gives a zero value and false", when, got)
}

// end wants the merged channel to be closed.
func (m *merge) end(t *testing.T, when string) {
	t.Helper()
	if got, ok := <-m.out; ok {
		unasked(t, when, got, ok)
	}
}

// TestEither has values come from one input while the other is silent.
func TestEither(t *testing.T) {
	m := start(t)
	m.pass(t, "while a is silent,", "b", 1)
	m.pass(t, "while a is silent,", "b", 0) // a zero value that somebody has sent
	m.pass(t, "while b is silent,", "a", 2)
	close(m.in["a"])
	close(m.in["b"])
	m.end(t, "when both inputs are closed and all values have been received,")
}

// checkCloses closes one input while the other goes on.
func checkCloses(t *testing.T, closed, other string) {
	m := start(t)
	m.pass(t, "before anything is closed,", closed, 1)
	close(m.in[closed])
	when := "when " + closed + " is closed and " + other + " is not,"
	m.pass(t, when, other, 2)
	m.pass(t, when, other, 0)
	close(m.in[other])
	m.end(t, "when first "+closed+" and then "+other+" has been closed,")
}

func TestClosedA(t *testing.T) { checkCloses(t, "a", "b") }
func TestClosedB(t *testing.T) { checkCloses(t, "b", "a") }

// checkClosedAtOnce has an input that is closed without a value.
func checkClosedAtOnce(t *testing.T, closed, other string) {
	m := start(t)
	close(m.in[closed])
	m.pass(t, "when "+closed+" was closed from the beginning,", other, 5)
	close(m.in[other])
	m.end(t, "when both inputs are closed and all values have been received,")
}

func TestOnlyA(t *testing.T) { checkClosedAtOnce(t, "b", "a") }
func TestOnlyB(t *testing.T) { checkClosedAtOnce(t, "a", "b") }

// closed returns a channel that holds values and is closed.
func closed(values ...int) chan int {
	c := make(chan int, len(values))
	for _, v := range values {
		c <- v
	}
	close(c)
	return c
}

// checkAll receives until the channel is closed. The values of a are 1, 2, 3, …, those of b -1, -2, -3, …
func checkAll(t *testing.T, out <-chan int, a, b int) {
	t.Helper()
	gotA, gotB := 0, 0
	for v := range out {
		switch {
		case v == gotA+1 && gotA < a:
			gotA++
		case v == -gotB-1 && gotB < b:
			gotB++
		default:
			t.Errorf("after %d values of a (they are 1, 2, 3, …) and %d of b (-1, -2, -3, …) %d came out: want the next one of either", gotA, gotB, v)
			return
		}
	}
	if gotA != a || gotB != b {
		t.Errorf("%d values were sent on a and %d on b, and then both were closed: %d and %d have come out", a, b, gotA, gotB)
	}
}

// TestBuffered has inputs that are closed while values lie in them.
func TestBuffered(t *testing.T) {
	checkAll(t, mergetwo.Merge2(closed(1, 2), closed(-1, -2)), 2, 2)
}

func TestBufferedA(t *testing.T) { checkAll(t, mergetwo.Merge2(closed(1, 2), closed()), 2, 0) }
func TestBufferedB(t *testing.T) { checkAll(t, mergetwo.Merge2(closed(), closed(-1, -2)), 0, 2) }

// TestNone has no values at all.
func TestNone(t *testing.T) {
	checkAll(t, mergetwo.Merge2(closed(), closed()), 0, 0)
}

// send sends the first n values of an input and closes it.
func send(c chan<- int, sign, n int) {
	for i := range n {
		c <- sign * (i + 1)
	}
	close(c)
}

// TestBoth has both inputs come at the same time.
func TestBoth(t *testing.T) {
	a, b := make(chan int), make(chan int)
	go send(a, 1, 2)
	go send(b, -1, 2)
	checkAll(t, mergetwo.Merge2(a, b), 2, 2)
}

// TestTwoMerges has two Merge2 at work at the same time.
func TestTwoMerges(t *testing.T) {
	m, other := start(t), start(t)
	m.in["a"] <- 1
	other.pass(t, "when a value has come to another Merge2, and none to this one,", "a", 2)
	if got := <-m.out; got != 1 {
		t.Fatalf("with two Merge2 at work, 1 was sent to one of them, and it gave out %d", got)
	}
	close(m.in["a"])
	close(m.in["b"])
	m.end(t, "when both inputs are closed,")
	close(other.in["a"])
	close(other.in["b"])
	other.end(t, "when both inputs are closed,")
}

// TestStressSleeps wants Merge2 to sleep when nothing comes.
func TestStressSleeps(t *testing.T) {
	old := runtime.GOMAXPROCS(1)
	t.Cleanup(func() { runtime.GOMAXPROCS(old) })
	for _, names := range [][2]string{{"a", "b"}, {"b", "a"}} {
		m := start(t)
		checkAsleep(t, "both inputs are open, and nothing comes")
		close(m.in[names[0]])
		checkAsleep(t, names[0]+" is closed, "+names[1]+" is open, and nothing comes from it")
		close(m.in[names[1]])
		for range m.out {
		}
	}
}

// checkAsleep wants each goroutine of Merge2 to wait for somebody. With one P, whatever can run does so before a
// Gosched of the only other goroutine returns.
func checkAsleep(t *testing.T, when string) {
	t.Helper()
	var line string
	for range 30 {
		runtime.Gosched()
		if line = awake(); line == "" {
			return
		}
	}
	t.Fatalf("%s: there is nothing to do, and a goroutine of Merge2 goes round and round at %s, and keeps a CPU busy; it must sleep until a value comes", when, line)
}

// awake returns where another goroutine with a function of package mergetwo is running, or could run; "" is nowhere.
func awake() string {
	buf := make([]byte, 1<<16)
	buf = buf[:runtime.Stack(buf, true)]
	_, others, _ := strings.Cut(string(buf), "\n\n") // the first one is this goroutine
	for g := range strings.SplitSeq(others, "\n\n") {
		state, stack, _ := strings.Cut(g, "\n")
		if strings.Contains(state, "[run") || strings.Contains(state, "[preempted") {
			if _, at, ok := strings.Cut(stack, "/mergetwo.go:"); ok {
				number, _, _ := strings.Cut(at, "\n")
				number, _, _ = strings.Cut(number, " ")
				return "mergetwo.go:" + number
			}
		}
	}
	return ""
}

func TestStressBoth(t *testing.T) {
	for _, n := range []struct{ a, b, room int }{{5000, 5000, 0}, {5000, 100, 10}, {0, 5000, 1}} {
		a, b := make(chan int, n.room), make(chan int, n.room)
		go send(a, 1, n.a)
		go send(b, -1, n.b)
		checkAll(t, mergetwo.Merge2(a, b), n.a, n.b)
		if t.Failed() {
			return
		}
	}
}
