package first_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"

	"workbook/solutions/select/first"
)

// call is a call of First in a goroutine of its own. Its functions wait until they are let go.
type call struct {
	let             []chan struct{} // let[i] is closed to have function i return
	calls           []atomic.Int64  // how often function i was called
	got             atomic.Int64    // what First has returned
	ended, panicked atomic.Bool
}

// begin calls First with n functions, of which function i returns base+i, and returns when nothing moves
// any more. It must be called in a bubble.
func begin(n, base int) *call {
	c := &call{let: make([]chan struct{}, n), calls: make([]atomic.Int64, n)}
	var fs []func() int
	for i := range n {
		c.let[i] = make(chan struct{})
		fs = append(fs, func() int {
			c.calls[i].Add(1)
			<-c.let[i]
			return base + i
		})
	}
	c.start(fs)
	return c
}

// start calls First.
func (c *call) start(fs []func() int) {
	go func() {
		defer c.ended.Store(true)
		defer func() {
			if recover() != nil {
				c.panicked.Store(true)
			}
		}()
		c.got.Store(int64(first.First(fs...)))
	}()
	synctest.Wait()
}

// checkBegun wants all functions to have been called, and First to wait.
func (c *call) checkBegun(t *testing.T) {
	t.Helper()
	begun := 0
	for i := range c.calls {
		switch c.calls[i].Load() {
		case 0:
		case 1:
			begun++
		default:
			t.Fatalf("function %d of %d was called %d times, want once", i, len(c.calls), c.calls[i].Load())
		}
	}
	switch {
	case c.panicked.Load():
		t.Fatalf("First panicked, and it was called with %d functions", len(c.calls))
	case c.ended.Load():
		t.Fatalf("First returned %d, and none of its %d functions had returned: it must wait for one of them", c.got.Load(), len(c.calls))
	case begun < len(c.calls):
		t.Fatalf("not concurrent: of %d functions %d had been called when none had returned yet, and First waits: it must start them all", len(c.calls), begun)
	}
}

// checkFirst lets function i go and wants its result, although no other function has returned.
func (c *call) checkFirst(t *testing.T, i int, want int64) {
	t.Helper()
	close(c.let[i])
	synctest.Wait()
	switch {
	case !c.ended.Load() && len(c.let) == 1:
		t.Fatalf("First was called with one function, which has returned, and First still waits")
	case !c.ended.Load():
		t.Fatalf("of %d functions number %d has returned, and First still waits: the first result is enough", len(c.let), i)
	case c.panicked.Load():
		t.Fatalf("of %d functions number %d has returned, and First panicked", len(c.let), i)
	case c.got.Load() != want:
		t.Fatalf("of %d functions number %d was the first to return, with %d, and First returned %d", len(c.let), i, want, c.got.Load())
	}
}

// checkFinished lets all functions but i go, one after the other. Their goroutines must end.
func (c *call) checkFinished(t *testing.T, i int) {
	t.Helper()
	for other := range c.let {
		if other != i {
			close(c.let[other])
			synctest.Wait()
		}
	}
	for i := range c.calls {
		if n := c.calls[i].Load(); n != 1 {
			t.Errorf("function %d of %d was called %d times, want once", i, len(c.calls), n)
		}
	}
}

// checkWinner has function i return first of n.
func checkWinner(t *testing.T, n, i int) {
	synctest.Test(t, func(t *testing.T) {
		c := begin(n, 0)
		c.checkBegun(t)
		c.checkFirst(t, i, int64(i))
		c.checkFinished(t, i)
	})
}

func TestOneFunction(t *testing.T)  { checkWinner(t, 1, 0) }
func TestFirstWins(t *testing.T)    { checkWinner(t, 3, 0) } // with 0, which is a result like any other
func TestMiddleWins(t *testing.T)   { checkWinner(t, 3, 1) }
func TestLastWins(t *testing.T)     { checkWinner(t, 3, 2) }
func TestOneOfTwoWins(t *testing.T) { checkWinner(t, 2, 1) }

func TestNoFunctions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, none := range [][]func() int{nil, {}} {
			c := new(call)
			c.start(none)
			switch {
			case !c.ended.Load():
				t.Fatalf("First was called without a function, and waits for ever: it must panic")
			case !c.panicked.Load():
				t.Fatalf("First was called without a function, and returned %d: it must panic", c.got.Load())
			}
		}
	})
}

// TestAtOnce has functions that return at once: any of them may be the first. What the function has written
// before its return is there to be read.
func TestAtOnce(t *testing.T) {
	f := func(i int) func() *int {
		return func() *int {
			result := new(int)
			*result = i
			return result
		}
	}
	switch got := first.First(f(1), f(2), f(3)); {
	case got == nil:
		t.Errorf("three functions returned pointers that are not nil, and First returned nil")
	case *got < 1 || *got > 3:
		t.Errorf("three functions returned pointers to 1, 2 and 3, and First returned one to %d", *got)
	}
}

// TestNil has a result that is nil.
func TestNil(t *testing.T) {
	nothing := func() error { return nil }
	if err := first.First(nothing, nothing); err != nil {
		t.Errorf("two functions returned a nil error, and First returned %v", err)
	}
}

// TestTwoCalls has one First wait while another one gets its result.
func TestTwoCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := begin(2, 10), begin(2, 20)
		b.checkBegun(t)
		b.checkFirst(t, 1, 21)
		if a.ended.Load() {
			t.Fatalf("a call of First returned %d, and none of its own functions had returned: a function of another call had", a.got.Load())
		}
		b.checkFinished(t, 1)
		a.checkFirst(t, 0, 10)
		a.checkFinished(t, 0)
	})
}

// TestTwoCallsAtOnce has two First at work at the same time, with functions that return at once.
func TestTwoCallsAtOnce(t *testing.T) {
	ten := func() int { return 10 }
	twenty := func() int { return 20 }
	other := make(chan int)
	go func() { other <- first.First(ten, ten) }()
	if got := first.First(twenty, twenty); got != 20 {
		t.Errorf("all functions of a First returned 20, those of another one 10, and the first one returned %d", got)
	}
	if got := <-other; got != 10 {
		t.Errorf("all functions of a First returned 10, those of another one 20, and the first one returned %d", got)
	}
}

// TestStressManyAtOnce has many functions wait at the same time.
func TestStressManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, winner = 300, 222
		c := begin(n, 0)
		begun := 0
		for i := range c.calls {
			begun += int(c.calls[i].Load())
		}
		if begun < n {
			t.Errorf("not concurrent: of %d functions %d had been called when none had returned yet, and First waits: it must start them all", n, begun)
			for _, let := range c.let { // so that nobody is left
				close(let)
			}
			synctest.Wait()
			return
		}
		c.checkBegun(t)
		c.checkFirst(t, winner, winner)
		c.checkFinished(t, winner)
	})
}

func TestStressMany(t *testing.T) {
	for _, n := range []int{10, 100, 2500} {
		fs := make([]func() int, n)
		for i := range fs {
			fs[i] = func() int { return i }
		}
		if got := first.First(fs...); got < 0 || got >= n {
			t.Fatalf("%d functions returned the numbers from 0 on, and First returned %d", n, got)
		}
	}
}
