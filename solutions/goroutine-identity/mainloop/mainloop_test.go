package mainloop_test

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"workbook/solutions/goroutine-identity/mainloop"
	"workbook/solutions/kit"
)

// place is where a function ran, as the runtime prints it for people: "goroutine 7 [running, locked
// to thread]". To tell two goroutines apart in a test is what the number is good for.
type place struct {
	goroutine string
	locked    bool
}

// here returns the place of its caller.
func here() place {
	buf := make([]byte, 256)
	return readPlace(buf[:runtime.Stack(buf, false)])
}

func readPlace(stack []byte) place {
	line, _, _ := bytes.Cut(stack, []byte("\n"))
	goroutine, state, _ := strings.Cut(string(line), " [")
	return place{goroutine, strings.Contains(state, "locked to thread")}
}

// loop is a Loop with the goroutine that runs it.
type loop struct {
	*mainloop.Loop
	runs  atomic.Value // its place
	ended atomic.Bool
}

// with runs a Loop in a goroutine and the users in others. The Loop is stopped when they are done.
func with(users ...func(l *loop)) *loop {
	l := &loop{Loop: mainloop.New()}
	kit.Together(
		func() {
			l.runs.Store(here())
			l.Run()
			l.ended.Store(true)
		},
		func() {
			kit.Each(len(users), func(i int) { users[i](l) })
			l.Stop()
		},
	)
	return l
}

// check compares where a function ran with where Run did.
func (l *loop) check(t *testing.T, ran place) {
	runs := l.runs.Load().(place)
	switch {
	case ran.goroutine == "":
		t.Errorf("Do returned and had not called its function")
	case ran.goroutine != runs.goroutine:
		t.Errorf("Do had its function called on another goroutine than the one in Run")
	case !ran.locked:
		t.Errorf("the goroutine in Run was not locked to its thread while it called a function: the next call may be on another thread")
	}
}

// cell holds a place that one goroutine writes and another reads, ordered or not.
type cell struct{ v atomic.Value }

func (c *cell) set() { c.v.Store(here()) }

func (c *cell) get() place {
	p, _ := c.v.Load().(place)
	return p
}

func TestOneCaller(t *testing.T) {
	var first, second cell
	l := with(func(l *loop) {
		l.Do(first.set)
		l.Do(second.set)
	})
	l.check(t, first.get())
	l.check(t, second.get())
}

func TestTwoCallers(t *testing.T) {
	var ran [2]cell
	l := with(
		func(l *loop) { l.Do(ran[0].set) },
		func(l *loop) { l.Do(ran[1].set) },
	)
	l.check(t, ran[0].get())
	l.check(t, ran[1].get())
}

func TestDoWaits(t *testing.T) {
	checkWaits(t, 1)
}

// checkWaits wants a function of some steps to be over when Do returns.
func checkWaits(t *testing.T, steps int) {
	var over, seen atomic.Bool
	with(func(l *loop) {
		l.Do(func() {
			for range steps {
				runtime.Gosched()
			}
			over.Store(true)
		})
		seen.Store(over.Load())
	})
	if !seen.Load() {
		t.Errorf("Do returned before its function had ended")
	}
}

// catch calls f and returns what it panicked with.
func catch(f func()) (got any) {
	defer func() { got = recover() }()
	f()
	return nil
}

var errBoom = errors.New("boom")

func TestPanic(t *testing.T) {
	var got any
	var after cell
	l := with(func(l *loop) {
		got = catch(func() { l.Do(func() { panic(errBoom) }) })
		l.Do(after.set)
	})
	if got == nil {
		t.Fatalf("a function panicked, and Do returned to its caller as if nothing had happened")
	}
	if got != errBoom {
		t.Errorf("a function panicked with %v, and Do with %v: want the same value", errBoom, got)
	}
	l.check(t, after.get())
}

// TestStopUnblocks has nobody in Run: only Stop can end the Do.
func TestStopUnblocks(t *testing.T) {
	l := mainloop.New()
	var called atomic.Bool
	kit.Together(
		func() { l.Do(func() { called.Store(true) }) },
		func() { l.Stop() },
	)
	if called.Load() {
		t.Errorf("nobody was in Run, and Do had its function called")
	}
	l.Run() // returns at once
}

func TestAfterStop(t *testing.T) {
	var called atomic.Bool
	l := with(func(l *loop) { l.Stop(); l.Do(func() { called.Store(true) }) })
	l.Do(func() { called.Store(true) })
	if called.Load() {
		t.Errorf("Do was called when Stop had returned, and yet its function was called")
	}
}

func TestStopInside(t *testing.T) {
	var ran cell
	l := with(func(l *loop) {
		l.Do(func() {
			l.Stop()
			ran.set()
		})
	})
	l.check(t, ran.get())
}

// TestStopBeforeOthers has a function call Stop while another Do waits for its turn, or has ended, or is yet
// to come.
func TestStopBeforeOthers(t *testing.T) {
	var stopped, after atomic.Bool
	with(
		func(l *loop) {
			l.Do(func() {
				l.Stop()
				stopped.Store(true)
			})
		},
		func(l *loop) { l.Do(func() { after.Store(stopped.Load()) }) },
	)
	if after.Load() {
		t.Errorf("Do had its function called after Stop had returned: whoever still waits then, or comes later, must not get a turn")
	}
}

// TestStopTogether has Stop called by two goroutines, and again.
func TestStopTogether(t *testing.T) {
	l := with(
		func(l *loop) { l.Stop() },
		func(l *loop) { l.Stop() },
	)
	l.Stop()
	if !l.ended.Load() {
		t.Errorf("Stop was called, and Run goes on")
	}
}

func TestStopDuringCall(t *testing.T) {
	checkStopDuring(t, 1)
}

// checkStopDuring calls Stop while a function is at work, and wants its Do to wait all the same.
func checkStopDuring(t *testing.T, steps int) {
	var over, seen atomic.Bool
	begun, stopped := make(chan struct{}), make(chan struct{})
	with(
		func(l *loop) {
			l.Do(func() {
				close(begun)
				<-stopped
				for range steps {
					runtime.Gosched()
				}
				over.Store(true)
			})
			seen.Store(over.Load())
		},
		func(l *loop) {
			<-begun
			l.Stop()
			close(stopped)
		},
	)
	if !seen.Load() {
		t.Errorf("Do returned before its function had ended: Stop came while that was at work")
	}
}

func TestUnlocked(t *testing.T) {
	var after place
	l := mainloop.New()
	kit.Together(
		func() {
			l.Run()
			after = here()
		},
		l.Stop,
	)
	if after.locked {
		t.Errorf("Run has returned and left its goroutine locked to the thread")
	}
}

// TestNoneAfterReturn lets Stop and Do meet: a function is called before Do returns, or never.
func TestNoneAfterReturn(t *testing.T) {
	checkNoneAfter(t)
}

// The states of a function given to Do.
const (
	notBegun = iota
	atWork
	ended
)

func checkNoneAfter(t *testing.T) {
	var state [2]atomic.Int32
	var seen [2]int32
	do := func(i int) func(l *loop) {
		return func(l *loop) {
			l.Do(func() {
				state[i].Store(atWork)
				runtime.Gosched()
				state[i].Store(ended)
			})
			seen[i] = state[i].Load()
		}
	}
	with(do(0), do(1), func(l *loop) { l.Stop() })
	for i := range seen {
		switch last := state[i].Load(); {
		case seen[i] == atWork:
			t.Errorf("Do returned while its function was at work: Stop came, but the function had begun")
		case seen[i] != last:
			t.Errorf("Do returned without having had its function called, because of Stop, and then it was called all the same")
		}
	}
}

func TestStressDoWaits(t *testing.T) {
	for range 200 {
		checkWaits(t, 20)
		checkStopDuring(t, 20)
		if t.Failed() {
			return
		}
	}
}

func TestStressNoneAfterReturn(t *testing.T) {
	for range 2000 {
		checkNoneAfter(t)
		if t.Failed() {
			return
		}
	}
}

// TestStressCallers has many callers, and each function in a place that is written down.
func TestStressCallers(t *testing.T) {
	const callers, calls = 8, 200
	var ran [callers][calls]cell
	users := make([]func(*loop), callers)
	for i := range users {
		users[i] = func(l *loop) {
			for j := range calls {
				l.Do(ran[i][j].set)
			}
		}
	}
	l := with(users...)
	for i := range ran {
		for j := range ran[i] {
			l.check(t, ran[i][j].get())
			if t.Failed() {
				return
			}
		}
	}
}

// TestStressStaysLocked looks at the goroutine in Run between two calls.
func TestStressStaysLocked(t *testing.T) {
	var unlocked atomic.Bool
	with(func(l *loop) {
		var ran cell
		l.Do(ran.set)
		prefix := ran.get().goroutine + " ["
		for range 200 {
			buf := make([]byte, 64<<10)
			buf = buf[:runtime.Stack(buf, true)]
			for text := range strings.SplitSeq(string(buf), "\n\n") {
				if strings.HasPrefix(text, prefix) && !readPlace([]byte(text)).locked {
					unlocked.Store(true)
				}
			}
			runtime.Gosched()
		}
	})
	if unlocked.Load() {
		t.Errorf("between two calls the goroutine in Run was not locked to its thread: it may wake up on another one")
	}
}
