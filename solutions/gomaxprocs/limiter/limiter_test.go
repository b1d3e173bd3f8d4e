package limiter_test

import (
	"math"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"workbook/solutions/gomaxprocs/limiter"
	"workbook/solutions/kit"
)

func TestAllRun(t *testing.T) {
	l := limiter.NewLimiter(2)
	var ran [3]atomic.Int64
	for i := range ran {
		l.Go(func() { ran[i].Add(1) })
	}
	l.Wait()
	checkRan(t, ran[:])
}

// checkRan wants each function to have run once.
func checkRan(t *testing.T, ran []atomic.Int64) {
	for i := range ran {
		switch n := ran[i].Load(); {
		case n == 0:
			t.Errorf("Wait returned, and function %d of %d had not ended", i, len(ran))
		case n > 1:
			t.Errorf("function %d of %d ran %d times", i, len(ran), n)
		}
		if t.Failed() {
			return
		}
	}
}

// crowd is what a Limiter made of many functions when nothing moved any more.
type crowd struct {
	inside     int64 // functions that were running
	goroutines int   // that were there for their sake
	early      bool  // Wait had returned
}

// hold gives a Limiter so many functions that none of them ends before nothing moves any more. It
// must be called in a bubble.
func hold(n, functions int) crowd {
	gate := kit.NewOverlap(math.MaxInt, "functions")
	var inside kit.Gauge
	var waited atomic.Bool
	end := make(chan struct{})
	before := runtime.NumGoroutine()
	go func() {
		defer close(end)
		l := limiter.NewLimiter(n)
		for range functions {
			l.Go(func() {
				inside.Enter()
				gate.Inside()
			})
		}
		l.Wait()
		waited.Store(true)
	}()
	synctest.Wait()
	c := crowd{inside.Most(), runtime.NumGoroutine() - before, waited.Load()}
	gate.Close()
	<-end
	return c
}

// checkAtOnce holds all of the functions.
func checkAtOnce(t *testing.T, n, functions int) {
	synctest.Test(t, func(t *testing.T) {
		c := hold(n, functions)
		switch want := int64(min(n, functions)); {
		case c.early:
			t.Errorf("Wait returned, and not all of the %d functions had ended", functions)
		case c.inside > want:
			t.Errorf("%d ran at once, and the Limiter is of %d", c.inside, n)
		case c.inside < want:
			t.Errorf("not concurrent: of %d functions never more than %d ran at the same time, and NewLimiter(%d) allows %d", functions, c.inside, n, want)
		}
	})
}

func TestAtOnce(t *testing.T) {
	checkAtOnce(t, 2, 3)
}

func TestFewerThanN(t *testing.T) {
	checkAtOnce(t, 3, 2)
}

func TestStressAtOnce(t *testing.T) {
	for n := 1; n <= 9; n++ {
		if checkAtOnce(t, n, 20); t.Failed() {
			return
		}
	}
}

// TestOneProc has fewer Ps than functions are allowed.
func TestStressOneProc(t *testing.T) {
	old := runtime.GOMAXPROCS(1)
	t.Cleanup(func() { runtime.GOMAXPROCS(old) })
	checkAtOnce(t, 4, 6)
	if procs := runtime.GOMAXPROCS(0); procs != 1 {
		t.Errorf("a Limiter of 4 set GOMAXPROCS from 1 to %d: that number belongs to the whole program", procs)
	}
}

func TestStressCrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, functions, spare = 3, 1000, 20
		c := hold(n, functions)
		if c.inside <= n && c.goroutines > n+spare {
			t.Errorf("the Limiter is of %d, and for %d functions it had %d goroutines: most of them only wait for their turn", n, functions, c.goroutines)
		}
	})
}

// TestOneAfterTheOther has functions that write the same variable: a Limiter of 1 orders them.
func TestOneAfterTheOther(t *testing.T) {
	if checkAtOnce(t, 1, 2); t.Failed() {
		return
	}
	l := limiter.NewLimiter(1)
	x := 0
	add := func() { x++ }
	for range 3 {
		l.Go(add)
	}
	l.Wait()
	if x != 3 {
		t.Errorf("3 functions added 1 to a variable, under a Limiter of 1, and after Wait it was %d", x)
	}
}

// TestGoexit has functions that end as t.FailNow does. What comes after them waits for ever where that end
// goes unnoticed, and the test says so before anybody looks for a reason in the channels and locks.
func TestGoexit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limiter.NewLimiter(1)
		var ran [2]atomic.Int64
		var waited atomic.Bool
		end := make(chan struct{})
		go func() {
			defer close(end)
			for i := range ran {
				l.Go(func() {
					ran[i].Add(1)
					runtime.Goexit()
				})
			}
			l.Wait()
			waited.Store(true)
		}()
		synctest.Wait()
		if !waited.Load() {
			t.Fatalf("of 2 functions that end with runtime.Goexit %d ran, and then Go or Wait waited for ever: a function that ends so has ended, and must give its place back", ran[0].Load()+ran[1].Load())
		}
		<-end
		checkRan(t, ran[:])
	})
}

func TestUsedAgain(t *testing.T) {
	l := limiter.NewLimiter(1)
	l.Wait() // nothing was started, so there is nothing to wait for
	for range 2 {
		var ran [2]atomic.Int64
		for i := range ran {
			l.Go(func() { ran[i].Add(1) })
		}
		l.Wait()
		if checkRan(t, ran[:]); t.Failed() {
			return
		}
	}
}

// TestTwoLimiters holds a function of each.
func TestTwoLimiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := kit.NewOverlap(math.MaxInt, "functions")
		var inside kit.Gauge
		end := make(chan struct{}, 2)
		for _, l := range []*limiter.Limiter{limiter.NewLimiter(1), limiter.NewLimiter(1)} {
			go func() {
				l.Go(func() {
					inside.Enter()
					gate.Inside()
				})
				l.Wait()
				end <- struct{}{}
			}()
		}
		synctest.Wait()
		most := inside.Most()
		gate.Close()
		<-end
		<-end
		if most != 2 {
			t.Errorf("not concurrent: two Limiters of 1 ran %d functions at the same time, and 2 could have run: each has a limit of its own", most)
		}
	})
}

// TestTwoWaiting has two callers of Go that wait for the same place.
func TestTwoWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limiter.NewLimiter(1)
		var gates [3]*kit.Overlap
		for i := range gates {
			gates[i] = kit.NewOverlap(math.MaxInt, "functions")
		}
		var inside kit.Gauge
		end := make(chan struct{}, len(gates))
		for _, gate := range gates {
			go func() {
				l.Go(func() {
					inside.Enter()
					gate.Inside()
					inside.Leave()
				})
				end <- struct{}{}
			}()
		}
		for _, gate := range gates {
			synctest.Wait() // one function is held, the others wait for their turn
			gate.Close()
		}
		for range gates {
			<-end
		}
		l.Wait()
		if most := inside.Most(); most > 1 {
			t.Errorf("%d ran at once, and the Limiter is of 1: after the first had ended, two that had waited both went on", most)
		}
	})
}

func TestStressMany(t *testing.T) {
	for range 20 {
		const n = 3
		l := limiter.NewLimiter(n)
		var ran [400]atomic.Int64
		var inside kit.Gauge
		kit.Each(4, func(k int) {
			for i := k; i < len(ran); i += 4 {
				l.Go(func() {
					inside.Enter()
					defer inside.Leave()
					runtime.Gosched()
					ran[i].Add(1)
				})
			}
		})
		l.Wait()
		if most := inside.Most(); most > n {
			t.Fatalf("%d ran at once, and the Limiter is of %d", most, n)
		}
		if checkRan(t, ran[:]); t.Failed() {
			return
		}
	}
}
