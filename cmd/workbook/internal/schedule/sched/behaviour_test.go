package sched_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// TestSpinLock: a goroutine that spins makes way in time, so that right programs that spin end.
func TestSpinLock(t *testing.T) {
	for _, polite := range []bool{true, false} {
		rep := explore(t, sched.Job{Bound: 1}, func(t *testing.T) {
			var l atomic.Bool
			n := 0
			both(func(int) {
				for {
					if sched.P(3); l.CompareAndSwap(false, true) {
						break
					}
					if polite {
						sched.Gosched()
					}
				}
				sched.P(4)
				n++
				sched.P(5)
				l.Store(false)
			})
			if n != 2 {
				t.Error(n)
			}
		})
		if rep.Found || rep.Inconclusive != 0 || rep.Exhausted != 1 {
			t.Errorf("polite %v: %s, %d inconclusive, exhausted %d, longest %d steps", polite, rep.Class, rep.Inconclusive, rep.Exhausted, rep.MaxSteps)
		}
	}
}

func TestStepCap(t *testing.T) {
	before := runtime.NumGoroutine()
	rep := explore(t, sched.Job{StepCap: 500}, func(*testing.T) {
		for {
			sched.P(3)
		}
	})
	if rep.Found || rep.Stopped != "inconclusive" || rep.Inconclusive != rep.Schedules || rep.Exhausted != -1 {
		t.Errorf("found %s, stopped %s, %d of %d inconclusive, exhausted %d", rep.Class, rep.Stopped, rep.Inconclusive, rep.Schedules, rep.Exhausted)
	}
	if n := runtime.NumGoroutine() - before; n != rep.Abandoned {
		t.Errorf("%d goroutines are left, %d abandoned", n, rep.Abandoned)
	}
}

// TestLeaks tells goroutines that end late from those that never do.
func TestLeaks(t *testing.T) {
	for name, c := range map[string]struct {
		f    func(*testing.T)
		want string
	}{
		"late": {func(*testing.T) {
			spawn(func() {
				sched.P(noisy)
				time.Sleep(20 * time.Second)
			})
		}, ""},
		"busy": {func(*testing.T) {
			spawn(func() {
				for range 1500 {
					sched.P(3)
				}
			})
		}, ""},
		"ticker": {func(*testing.T) {
			spawn(func() {
				for range time.NewTicker(time.Millisecond).C {
					sched.P(noisy)
				}
			})
		}, sched.Leak},
		"channel": {func(*testing.T) {
			spawn(func() {
				sched.P(noisy)
				<-make(chan int)
			})
		}, sched.Leak},
		"mutex": {func(*testing.T) {
			var mu sched.Mutex
			mu.Lock()
			spawn(func() {
				sched.P(1)
				mu.Lock()
			})
		}, sched.Leak},
		"context": {func(*testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			spawn(func() {
				sched.P(noisy)
				<-ctx.Done()
			})
			sched.P(noisy)
			cancel()
		}, ""},
		"unnamed": {func(*testing.T) {
			sched.P(noisy)
			go func() { sched.P(3) }()
		}, ""},
		"cleanup": {func(t *testing.T) {
			stop := make(chan bool)
			t.Cleanup(func() { sched.P(noisy); close(stop) })
			spawn(func() { sched.P(noisy); <-stop })
		}, ""},
	} {
		rep := explore(t, sched.Job{PCT: 5, Random: 5, Bound: 1}, c.f)
		if rep.Class != c.want || rep.Cannot != "" || c.want == "" && rep.Exhausted != 1 {
			t.Errorf("%s: %q (%s), exhausted %d, stopped %s %s", name, rep.Class, rep.Message, rep.Exhausted, rep.Stopped, rep.Cannot)
		}
	}
}

// TestEndings: a test may skip itself, fail fatally anywhere, end its goroutines, and use what a
// bubble forbids.
func TestEndings(t *testing.T) {
	for name, c := range map[string]struct {
		f           func(*testing.T)
		class, stop string
	}{
		"skip":          {func(t *testing.T) { t.Skip("not here") }, "", "skipped"},
		"fatal":         {func(t *testing.T) { sched.P(3); t.Fatal("x") }, sched.Wrong, "found"},
		"fatal outside": {func(t *testing.T) { both(func(int) { t.Fail(); runtime.Goexit() }) }, sched.Wrong, "found"},
		"goexit":        {func(t *testing.T) { both(func(int) { sched.P(3); runtime.Goexit() }) }, "", "exhausted"},
		"recovered":     {func(t *testing.T) { both(func(int) { defer func() { recover() }(); panic("x") }) }, "", "exhausted"},
		"panic":         {func(t *testing.T) { var p *account; sched.P(3); p.bal = 1 }, sched.Panic, "found"},
		"subtest":       {func(t *testing.T) { t.Run("x", func(*testing.T) {}) }, "", "cannot"},
		"parallel":      {func(t *testing.T) { t.Parallel() }, "", "cannot"},
		"nothing":       {func(*testing.T) {}, "", "exhausted"},
	} {
		rep := explore(t, sched.Job{}, c.f)
		if rep.Class != c.class || rep.Stopped != c.stop || rep.Skipped != (c.stop == "skipped") {
			t.Errorf("%s: %q (%s), stopped %s %s", name, rep.Class, rep.Message, rep.Stopped, rep.Cannot)
		}
	}
}

// TestWaitGroupReused needs a schedule in which the waiter is late.
func TestWaitGroupReused(t *testing.T) {
	if runJob(t, sched.Job{}, func(*testing.T) {}).RaceDetector {
		t.Skip("it is a data race, too")
	}
	rep := explore(t, sched.Job{Seed: 1}, func(*testing.T) {
		var wg sched.WaitGroup
		wg.Add(1)
		for range 2 {
			spawn(func() {
				sched.P(3)
				wg.Wait()
			})
		}
		sched.P(4)
		wg.Done()
		sched.P(5)
		wg.Add(1)
		sched.P(6)
		wg.Done()
	})
	if want := "sync: WaitGroup is reused before previous Wait has returned"; rep.Class != sched.Panic || rep.Message != want {
		t.Errorf("%s: %q, want %q", rep.Class, rep.Message, want)
	}
}

// TestSelectFair: with several cases always ready, each is taken in turn.
func TestSelectFair(t *testing.T) {
	rep := explore(t, sched.Job{PCT: 5, Random: 5, Bound: 1, StepCap: 400}, func(t *testing.T) {
		a, quit := make(chan bool), make(chan bool)
		close(a)
		close(quit)
		for {
			r0, r1 := sched.Recv(a), sched.Recv(quit)
			sched.Select(noisy, false, r0, r1)
			select {
			case <-r0.C():
			case <-r1.C():
				return
			}
		}
	})
	if rep.Found || rep.Inconclusive > 0 || rep.Exhausted != 1 {
		t.Errorf("%s, %d inconclusive, exhausted %d", rep.Class, rep.Inconclusive, rep.Exhausted)
	}
}

// selectEverything takes each kind of case, and says which; in free mode it is the plain statement.
func selectEverything(full, empty, closed, none chan int, wait bool) string {
	var nothing chan int
	r0, r1, s2, s3 := sched.Recv(nothing), sched.Recv(empty), sched.Send(full).Of(1), sched.Send(none).Of(5)
	r4 := sched.Recv(closed)
	sched.Select(noisy, !wait, r0, r1, s2, s3, r4)
	if wait {
		select {
		case v := <-r0.C():
			return fmt.Sprint("nil ", v)
		case v := <-r1.C():
			return fmt.Sprint("received ", v)
		case s2.C() <- s2.V:
			return "sent to full"
		case s3.C() <- s3.V:
			return "sent"
		case v, ok := <-r4.C():
			return fmt.Sprint("closed ", v, ok)
		}
	}
	select {
	case v := <-r0.C():
		return fmt.Sprint("nil ", v)
	case v := <-r1.C():
		return fmt.Sprint("received ", v)
	case s2.C() <- s2.V:
		return "sent to full"
	case s3.C() <- s3.V:
		return "sent"
	case v, ok := <-r4.C():
		return fmt.Sprint("closed ", v, ok)
	default:
		return "default"
	}
}

func TestSelectCases(t *testing.T) {
	program := func(say func(string)) {
		full, empty := make(chan int, 1), make(chan int)
		full <- 1
		say(selectEverything(full, empty, nil, nil, false))
		closed := make(chan int)
		close(closed)
		say(selectEverything(full, empty, closed, nil, true))
		one := make(chan int, 1)
		say(selectEverything(full, empty, nil, one, true))
		say(fmt.Sprint(<-one))
		spawn(func() { sched.P(noisy); empty <- 9 })
		say(selectEverything(full, empty, nil, nil, true)) // blocks
		spawn(func() { sched.P(noisy); <-full })
		say(selectEverything(full, empty, nil, nil, true)) // blocks
	}
	const want = "default|closed 0 false|sent|5|received 9|sent to full|"
	got := ""
	program(func(s string) { got += s + "|" })
	if got != want {
		t.Errorf("free: %q, want %q", got, want)
	}
	rep := explore(t, sched.Job{PCT: 10, Random: 10, Bound: 1}, func(t *testing.T) {
		got := ""
		program(func(s string) { got += s + "|" })
		if got != want {
			panic(fmt.Sprintf("explored: %q, want %q", got, want))
		}
	})
	if rep.Found || rep.Exhausted != 1 {
		t.Errorf("%s: %s, exhausted %d %s", rep.Class, rep.Message, rep.Exhausted, rep.Cannot)
	}
}

// bubbled uses the fake clock as a test with synctest does.
func bubbled(t *testing.T) {
	sched.SynctestTest(t, func(t *testing.T) {
		start := time.Now()
		var n atomic.Int64
		spawn(func() {
			sched.P(noisy)
			time.Sleep(time.Hour)
			sched.P(3)
			n.Store(1)
		})
		sched.SynctestWait()
		if n.Load() != 0 {
			t.Error("it did not sleep")
		}
		time.Sleep(2 * time.Hour)
		sched.SynctestWait()
		if n.Load() != 1 || time.Since(start) < 2*time.Hour {
			t.Error("it slept on")
		}
	})
}

func TestSynctest(t *testing.T) {
	bubbled(t)
	rep := explore(t, sched.Job{}, bubbled)
	if rep.Found || rep.Exhausted != 2 {
		t.Errorf("%s (%s), exhausted %d %s", rep.Class, rep.Message, rep.Exhausted, rep.Cannot)
	}
	// Package sched notices a bubble that is not its own.
	synctest.Test(t, func(t *testing.T) {
		sched.P(3)
		sched.SynctestWait()
	})
}

func TestFreeMode(t *testing.T) {
	calls := 0
	rep := runJob(t, sched.Job{}, func(*testing.T) {
		calls++
		withdrawOK(t)
	})
	if calls != 1 || rep.Found || rep.Schedules != 1 {
		t.Errorf("%d calls, %+v", calls, rep)
	}
	n := 7
	if sched.Zero(&n); n != 0 || !sched.B(1) || sched.N(1, 5) != 5 || sched.V(1, "x") != "x" {
		t.Error("Zero, B, N or V")
	}
}

type adder struct{ n atomic.Int64 }

func (a *adder) add(ns ...int) {
	for _, n := range ns {
		a.n.Add(int64(n))
	}
}

// TestGo: go statements of functions that are no literals.
func TestGo(t *testing.T) {
	program := func(t *testing.T) {
		var a adder
		var wg sched.WaitGroup
		wg.Add(2)
		sched.P(noisy)
		go sched.Go(noisy, 3, a.add)(1, 2, 3)
		sched.P(noisy)
		go sched.Go(noisy, 0, wg.Done)()
		sched.P(noisy)
		go sched.Go(noisy, 3, func(a *adder, f func()) { a.add(4); f() })(&a, wg.Done)
		sched.P(4)
		wg.Wait()
		for a.n.Load() < 10 {
			sched.Gosched()
		}
	}
	program(t)
	rep := explore(t, sched.Job{Bound: 1}, program)
	if rep.Found || rep.Exhausted != 1 {
		t.Errorf("%s (%s), exhausted %d %s", rep.Class, rep.Message, rep.Exhausted, rep.Cannot)
	}
	rep = explore(t, sched.Job{}, func(*testing.T) {
		var f func()
		sched.P(noisy)
		go sched.Go(noisy, 0, func() { f() })()
	})
	if rep.Class != sched.Panic || !strings.Contains(rep.Message, "nil pointer") {
		t.Errorf("a panic in it: %s (%s)", rep.Class, rep.Message)
	}
}

// TestOtherOrders tells what fails in every order from what fails in the first one only.
func TestOtherOrders(t *testing.T) {
	for name, c := range map[string]struct {
		always bool
		f      func(*testing.T)
	}{
		"always": {true, func(t *testing.T) {
			both(func(int) { sched.P(3) })
			t.Error("wrong")
		}},
		"not awaited": {false, func(t *testing.T) {
			var n atomic.Int32
			spawn(func() { sched.P(3); n.Add(1); sched.P(4); n.Add(1) })
			if sched.P(5); n.Load() < 2 {
				t.Error("wrong")
			}
		}},
	} {
		rep := explore(t, sched.Job{}, c.f)
		if rep.Class != sched.Wrong || rep.Number != 1 || rep.Tried == 0 || rep.Alike == rep.Tried != c.always {
			t.Errorf("%s: %s in schedule %d, and %d of %d others", name, rep.Class, rep.Number, rep.Alike, rep.Tried)
		}
	}
}
