package semaphore_test

import (
	"math"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"workbook/solutions/kit"
	"workbook/solutions/mutual-exclusion/semaphore"
)

func TestOneGoroutine(t *testing.T) {
	s := semaphore.NewSem(1)
	for range 3 {
		s.Acquire()
		s.Release()
	}
}

// call is a call in a goroutine of its own.
type call struct {
	ended, panicked, got atomic.Bool
}

// start begins a call; f returns what a TryAcquire returned.
func start(f func() bool) *call {
	c := new(call)
	go func() {
		defer c.ended.Store(true)
		defer func() {
			if recover() != nil {
				c.panicked.Store(true)
			}
		}()
		c.got.Store(f())
	}()
	return c
}

// plain turns a method without a result into one for start.
func plain(f func()) func() bool {
	return func() bool { f(); return false }
}

// settle begins a call and returns when it has ended, or nothing moves any more. It must be called in a bubble.
func settle(f func() bool) *call {
	c := start(f)
	synctest.Wait()
	return c
}

// checkTry wants a TryAcquire to return, and to return want.
func checkTry(t *testing.T, s *semaphore.Sem, when string, want bool) {
	t.Helper()
	switch c := settle(s.TryAcquire); {
	case !c.ended.Load():
		t.Fatalf("%s TryAcquire waits: it must return at once, true or false", when)
	case c.panicked.Load():
		t.Fatalf("%s TryAcquire panicked", when)
	case c.got.Load() != want:
		t.Fatalf("%s TryAcquire returned %t, want %t", when, !want, want)
	}
}

// checkAcquire wants an Acquire to return, of a Sem of 2 places of which at most 1 is taken.
func checkAcquire(t *testing.T, s *semaphore.Sem) {
	t.Helper()
	if c := settle(plain(s.Acquire)); !c.ended.Load() {
		t.Fatalf("not concurrent: of 2 places 1 was taken at most, and an Acquire waits: NewSem(2) lets 2 in")
	}
}

// checkPanics wants a Release to panic.
func checkPanics(t *testing.T, s *semaphore.Sem, when string) {
	t.Helper()
	switch c := settle(plain(s.Release)); {
	case !c.ended.Load():
		t.Fatalf("%s Release blocked: a Release without Acquire waits until somebody takes a place, and then takes it away again; it must panic", when)
	case !c.panicked.Load():
		t.Fatalf("%s Release returned: a Release without Acquire must panic, and must not make a place more", when)
	}
}

// checkRelease wants a Release to return.
func checkRelease(t *testing.T, s *semaphore.Sem, when string) {
	t.Helper()
	switch c := settle(plain(s.Release)); {
	case !c.ended.Load():
		t.Fatalf("%s Release waits: whoever has a place can give it back at once", when)
	case c.panicked.Load():
		t.Fatalf("%s Release panicked, although a place was taken", when)
	}
}

func TestTryAcquire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := semaphore.NewSem(2)
		checkTry(t, s, "of 2 places none was taken, and", true)
		checkAcquire(t, s)
		checkTry(t, s, "of 2 places both were taken, one by TryAcquire and one by Acquire, and", false)
		checkTry(t, s, "of 2 places both were taken, and a second", false)
		checkRelease(t, s, "of 2 places both were taken, and")
		checkTry(t, s, "of 2 places both had been taken, and after a Release", true)
		checkTry(t, s, "of 2 places both were taken again, and", false)
	})
}

func TestReleaseTooOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := semaphore.NewSem(2)
		checkPanics(t, s, "of 2 places none was taken, and")
		s.Acquire()
		checkRelease(t, s, "of 2 places 1 was taken, and")
		checkPanics(t, s, "the one place that was taken had been given back, and")
		checkAcquire(t, s)
		checkAcquire(t, s)
		checkTry(t, s, "after two calls of Release that panicked, both places were taken, and", false)
		checkRelease(t, s, "of 2 places both were taken, and")
		checkRelease(t, s, "of 2 places 1 was taken, and")
		checkPanics(t, s, "both places had been given back, and")
	})
}

// TestReleaseTogether has one Release too many at the same moment.
func TestReleaseTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := semaphore.NewSem(2)
		s.Acquire()
		calls := [2]*call{start(plain(s.Release)), start(plain(s.Release))}
		synctest.Wait()
		panics := 0
		for _, c := range calls {
			if !c.ended.Load() {
				t.Fatalf("1 place was taken, and of two Release at once one blocked: a Release without Acquire must panic, and not wait")
			}
			if c.panicked.Load() {
				panics++
			}
		}
		if panics != 1 {
			t.Errorf("1 place was taken, and of two Release at once %d panicked: one gives the place back, and the other must panic", panics)
		}
	})
}

// checkAtOnce has callers come for n places, and holds everybody who gets in.
func checkAtOnce(t *testing.T, n, callers int) {
	synctest.Test(t, func(t *testing.T) {
		s := semaphore.NewSem(n)
		gate := kit.NewOverlap(math.MaxInt, "holders")
		var inside kit.Gauge
		end := make(chan struct{})
		for range callers {
			go func() {
				s.Acquire()
				inside.Enter()
				gate.Inside()
				inside.Leave()
				giveBack(t, s)
				end <- struct{}{}
			}()
		}
		synctest.Wait()
		held := inside.Most()
		gate.Close()
		for range callers {
			<-end
		}
		checkInside(t, n, callers, held)
		if most := inside.Most(); most > int64(n) {
			t.Errorf("%d goroutines were inside at once, and NewSem(%d) lets %d in: a Release let more than one go on", most, n, n)
		}
	})
}

// checkInside compares how many were let in with how many can be.
func checkInside(t *testing.T, n, callers int, held int64) {
	switch want := int64(min(n, callers)); {
	case held > want:
		t.Errorf("%d goroutines were inside at once, and NewSem(%d) lets %d in", held, n, n)
	case held < want:
		t.Errorf("not concurrent: of %d goroutines that called Acquire never more than %d were inside at once, and NewSem(%d) lets %d in", callers, held, n, want)
	}
}

func TestAtOnce(t *testing.T)     { checkAtOnce(t, 2, 3) }
func TestFewerThanN(t *testing.T) { checkAtOnce(t, 3, 2) }
func TestTwoWaiting(t *testing.T) { checkAtOnce(t, 1, 3) }

// TestAcquireWaits has a second Acquire come while the only place is taken.
func TestAcquireWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := semaphore.NewSem(1)
		s.Acquire()
		c := settle(plain(s.Acquire))
		if c.ended.Load() {
			t.Fatalf("the only place was taken, and another Acquire did not wait")
		}
		checkTry(t, s, "one goroutine had the only place and another waited for it, and", false)
		checkRelease(t, s, "one goroutine had the only place and another waited for it, and")
		if !c.ended.Load() || c.panicked.Load() {
			t.Fatalf("the place was given back, and an Acquire that had waited for it still waits")
		}
		checkTry(t, s, "an Acquire that had waited has the only place, and", false)
		checkRelease(t, s, "an Acquire that had waited has the only place, and")
		checkPanics(t, s, "the only place had been given back, and")
	})
}

// TestTwoReleases gives two places back while two goroutines come for them.
func TestTwoReleases(t *testing.T) {
	s := semaphore.NewSem(2)
	for range 2 {
		if !s.TryAcquire() {
			return // TestTryAcquire has said so
		}
	}
	kit.Together(s.Acquire, s.Acquire, func() {
		giveBack(t, s)
		giveBack(t, s)
	})
	giveBack(t, s)
	giveBack(t, s)
}

// TestTryNeverWaits has an Acquire take the last place while TryAcquire looks.
func TestTryNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := semaphore.NewSem(1)
		acquire := start(plain(s.Acquire))
		try := start(s.TryAcquire)
		synctest.Wait()
		switch {
		case !try.ended.Load():
			t.Errorf("an Acquire took the last place, and a TryAcquire at the same time waits: it must return at once, true or false")
		case try.got.Load() == acquire.ended.Load():
			t.Errorf("1 place was free, and of an Acquire and a TryAcquire at once %s got it: exactly one must", map[bool]string{true: "both", false: "neither"}[try.got.Load()])
		}
		settle(plain(s.Release))
		if acquire.ended.Load() && try.got.Load() {
			settle(plain(s.Release)) // one of the two had waited for the place
		}
	})
}

func TestTryTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for n := 1; n <= 2; n++ {
			s := semaphore.NewSem(n)
			a, b := start(s.TryAcquire), start(s.TryAcquire)
			synctest.Wait()
			switch got := a.got.Load() && b.got.Load(); {
			case !a.ended.Load() || !b.ended.Load():
				t.Fatalf("of two TryAcquire at once one waits: it must return at once, true or false")
			case n == 1 && a.got.Load() == b.got.Load():
				t.Errorf("1 place was free, and two TryAcquire at once both returned %t: exactly one must get it", got)
			case n == 2 && !got:
				t.Errorf("2 places were free, and two TryAcquire at once returned %t and %t: both must get one", a.got.Load(), b.got.Load())
			}
		}
	})
}

// TestOrders writes a variable under a Sem of one place: who gets the place sees what was done under it.
func TestOrders(t *testing.T) {
	if checkAtOnce(t, 1, 2); t.Failed() {
		return // two are inside: no wonder if nothing orders them
	}
	s := semaphore.NewSem(1)
	x := 0
	kit.Each(2, func(int) {
		for range 2 {
			s.Acquire()
			x++
			giveBack(t, s)
		}
	})
	if x != 4 {
		t.Errorf("2 goroutines added 1 to a variable 2 times each, under a Sem of 1 place, and it became %d", x)
	}
}

// giveBack calls Release for somebody who has a place.
func giveBack(t *testing.T, s *semaphore.Sem) {
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("a goroutine had got a place, and its Release panicked (%v)", r)
		}
	}()
	s.Release()
}

// TestAnyOrder looks for an order of the calls, as if they had come one after another, that explains every result.
func TestAnyOrder(t *testing.T) {
	s := semaphore.NewSem(1)
	var h kit.History[string, any]
	acquire := func() { h.Do("Acquire", func() any { s.Acquire(); return nil }) }
	release := func() { h.Do("Release", func() any { giveBack(t, s); return nil }) }
	try := func() {
		if h.Do("TryAcquire", func() any { return s.TryAcquire() }) == true {
			release()
		}
	}
	kit.Together(
		func() { acquire(); release() },
		func() { try(); try() },
		func() { try() },
	)
	if !kit.Linearizable(h.Ops(), 1, step) {
		t.Errorf("1 place was free, and no order of these calls explains their results, in brackets when each began and returned: %s", &h)
	}
}

// step is what a Sem does when its calls come one after another; an Acquire gets its place when one is free.
func step(free int, call string, result any) (int, bool) {
	switch {
	case call == "Release":
		return free + 1, true
	case call == "Acquire":
		return free - 1, free > 0
	case free > 0:
		return free - 1, result == true
	default:
		return free, result == false
	}
}

// TestTwoSems takes all places of one, and then one of the other.
func TestTwoSems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := semaphore.NewSem(1), semaphore.NewSem(1)
		a.Acquire()
		checkTry(t, b, "the place of one Sem was taken, and of another one", true)
		checkTry(t, a, "both places of two Sems of 1 were taken, and", false)
	})
}

// TestStressInside has many goroutines come and go, waiting or not.
func TestStressInside(t *testing.T) {
	for range 10 {
		const n = 3
		s := semaphore.NewSem(n)
		var inside kit.Gauge
		kit.Each(8, func(i int) {
			for range 1000 {
				if i%2 == 0 {
					s.Acquire()
				} else if !s.TryAcquire() {
					continue
				}
				inside.Enter()
				inside.Leave()
				giveBack(t, s)
			}
		})
		free := 0
		for free <= n && s.TryAcquire() {
			free++
		}
		if checkMost(t, n, inside.Most()); free != n {
			t.Errorf("8 goroutines took places of NewSem(%d) and gave all of them back, and then %d were free", n, free)
		}
		if t.Failed() {
			return
		}
	}
}

// checkMost wants no more than n to have been inside at once.
func checkMost(t *testing.T, n int, most int64) {
	if most > int64(n) {
		t.Errorf("%d goroutines were inside at once, and NewSem(%d) lets %d in", most, n, n)
	}
}

// TestStressTry has two goroutines want the last place at the same moment.
func TestStressTry(t *testing.T) {
	s := semaphore.NewSem(1)
	var inside kit.Gauge
	kit.Lockstep(2, 5000, func(int, int) {
		if s.TryAcquire() {
			inside.Enter()
			inside.Leave()
			giveBack(t, s)
		}
	})
	checkMost(t, 1, inside.Most())
}
