package gate_test

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"workbook/solutions/channels/gate"
	"workbook/solutions/kit"
)

// What C returns can be received from, and no more.
var _ func(*gate.Gate) <-chan struct{} = (*gate.Gate).C

// isOpen looks at the channel of a gate without waiting.
func isOpen(g *gate.Gate) bool {
	select {
	case _, sent := <-g.C():
		return !sent
	default:
		return false
	}
}

// checkClosed wants a gate that nobody has opened. Without an Open nothing can change that, so one look is enough.
func checkClosed(t *testing.T, when string, g *gate.Gate) {
	t.Helper()
	if g.C() == nil {
		t.Fatalf("C of a new gate returned a nil channel, which can never be closed")
	}
	select {
	case <-g.C():
		t.Errorf("%s, and from the channel of C something can be received: the gate must be closed", when)
	default:
	}
}

// checkOpen wants an open gate.
func checkOpen(t *testing.T, when string, g *gate.Gate) {
	t.Helper()
	select {
	case _, sent := <-g.C():
		if sent {
			t.Errorf("%s, and on the channel of C a value was sent: it must be closed, which all receivers see", when)
		}
	default:
		t.Errorf("%s, and the channel of C is not closed: the gate must be open when Open has returned", when)
	}
}

// party is a gate with goroutines that want to pass. Whoever is at the channel of C and not in Wait is let go by giveUp,
// so that the test ends even if the channel is never closed.
type party struct {
	t      *testing.T
	g      *gate.Gate
	called atomic.Bool   // set before Open is called
	giveUp chan struct{} // closed if Open has returned and the channel is not closed
}

func newParty(t *testing.T) *party {
	return &party{t: t, g: gate.NewGate(), giveUp: make(chan struct{})}
}

// open opens the gate, and looks whether it is open.
func (p *party) open() {
	p.called.Store(true)
	p.g.Open()
	if !isOpen(p.g) {
		p.t.Errorf("Open has returned, and the channel of C is not closed: all who receive from it go on waiting")
		close(p.giveUp)
	}
}

func (p *party) wait() {
	p.g.Wait()
	if !p.called.Load() {
		p.t.Errorf("Wait returned before the gate was opened")
	}
}

// receive receives from a channel that C has returned.
func (p *party) receive(c <-chan struct{}) {
	select {
	case _, sent := <-c:
		if sent {
			p.t.Errorf("on the channel of C a value was sent: it must be closed, which all receivers see")
		} else if !p.called.Load() {
			p.t.Errorf("the channel of C was closed before the gate was opened")
		}
	case <-p.giveUp:
	}
}

// TestTwoWaiters has two wait, and one who is late.
func TestTwoWaiters(t *testing.T) {
	p := newParty(t)
	kit.Together(p.wait, p.wait, p.open)
	p.wait()
}

func TestOneGoroutine(t *testing.T) {
	g := gate.NewGate()
	checkClosed(t, "a gate is new", g)
	g.Open()
	checkOpen(t, "Open has returned", g)
	g.Wait() // at once
	g.Wait() // and again
	checkOpen(t, "Open and two Wait have returned", g)
}

func TestOpenTwice(t *testing.T) {
	g := gate.NewGate()
	g.Open()
	g.Open()
	checkOpen(t, "two Open have returned", g)
	g.Wait()
}

// TestOneWaiter has a Wait before or after Open.
func TestOneWaiter(t *testing.T) {
	p := newParty(t)
	kit.Together(p.open, p.wait)
}

// TestReceivers has two receive from the channel of C, which they asked for before the gate was opened.
func TestReceivers(t *testing.T) {
	p := newParty(t)
	c := p.g.C()
	kit.Together(func() { p.receive(c) }, func() { p.receive(c) }, p.open)
	p.receive(c)
}

// TestReceiversAsk has two ask for the channel while the gate is opened.
func TestReceiversAsk(t *testing.T) {
	p := newParty(t)
	receive := func() { p.receive(p.g.C()) }
	kit.Together(receive, receive, p.open)
	receive()
}

// TestWaitAndReceive has one in Wait and one at the channel.
func TestWaitAndReceive(t *testing.T) {
	p := newParty(t)
	kit.Together(p.wait, func() { p.receive(p.g.C()) }, p.open)
}

// TestNeverOpened has a gate that nobody opens: nothing of it may stay behind.
func TestNeverOpened(t *testing.T) {
	checkClosed(t, "nobody has opened a gate", gate.NewGate())
}

// TestTwoOpen has two open the gate at once. Whoever returns leaves it open.
func TestTwoOpen(t *testing.T) {
	g := gate.NewGate()
	open := func() {
		g.Open()
		if !isOpen(g) {
			t.Errorf("two goroutines called Open at once, and when one of the calls had returned the gate was not open yet: whoever returns from Open must leave an open gate behind, even if another has opened it")
		}
	}
	kit.Together(open, open)
	g.Wait()
}

// TestTwoOpenOneWaits has somebody wait meanwhile.
func TestTwoOpenOneWaits(t *testing.T) {
	g := gate.NewGate()
	kit.Together(g.Open, g.Open, g.Wait)
	checkOpen(t, "two Open at once have returned", g)
}

// TestTwoGates opens one of two gates.
func TestTwoGates(t *testing.T) {
	a, b := gate.NewGate(), gate.NewGate()
	a.Open()
	checkOpen(t, "there are two gates, and Open of the first has returned", a)
	checkClosed(t, "there are two gates, and only the first has been opened", b)
	b.Open()
	checkOpen(t, "there are two gates, and Open of the second has returned", b)
}

// TestGateAfterGate has two goroutines take turns with the help of two gates.
func TestGateAfterGate(t *testing.T) {
	first, second := gate.NewGate(), gate.NewGate()
	var turn atomic.Int64
	step := func(want int64) {
		if got := turn.Add(1); got != want {
			t.Errorf("two goroutines take turns with the help of two gates, and what should be step %d came as step %d", want, got)
		}
	}
	kit.Together(
		func() { step(1); first.Open(); second.Wait(); step(3) },
		func() { first.Wait(); step(2); second.Open() },
	)
}

func TestStressWaiters(t *testing.T) {
	const waiters, late = 1000, 20_000
	p := newParty(t)
	kit.Each(waiters+1, func(i int) {
		switch {
		case i == waiters/2:
			p.open()
		case i%2 == 0:
			p.wait()
		default:
			p.receive(p.g.C())
		}
	})
	for range late {
		p.wait()
	}
	checkOpen(t, "Open, and 20,000 Wait after it, have returned", p.g)
}

// TestStressOpen has several goroutines open each of many gates in the same moment.
func TestStressOpen(t *testing.T) {
	gates := make([]*gate.Gate, 2000)
	for i := range gates {
		gates[i] = gate.NewGate()
	}
	var shut atomic.Int64
	kit.Lockstep(4, len(gates), func(i, round int) {
		gates[round].Open()
		if !isOpen(gates[round]) {
			shut.Add(1)
		}
	})
	if n := shut.Load(); n > 0 {
		t.Errorf("4 goroutines opened each of %d gates, and %d times a call of Open had returned when the gate was not open yet", len(gates), n)
	}
}

// TestStressAsleep wants a goroutine in Wait to be asleep, so it waits for that. If Wait looks again and again whether
// the gate is open, this never ends.
func TestStressAsleep(t *testing.T) {
	g := gate.NewGate()
	kit.Together(
		func() { inWait(g) },
		func() {
			for looks := 0; looks < 30; looks++ { // one after the other, or it only rests between two looks of its own
				if !asleep() {
					looks = 0
				}
				runtime.Gosched()
			}
			g.Open()
		},
	)
}

// inWait calls Wait. Its name marks the goroutine in a list of stacks.
//
//go:noinline
func inWait(g *gate.Gate) { g.Wait() }

// asleep reports whether the goroutine in inWait waits for something: its state is then neither running nor runnable.
func asleep() bool {
	stacks := make([]byte, 1<<16)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		if state, calls, _ := strings.Cut(stack, "\n"); strings.Contains(calls, "gate_test.inWait(") && strings.Contains(calls, ".Wait(") {
			return !strings.Contains(state, "running") && !strings.Contains(state, "runnable")
		}
	}
	return false
}
