package countif_test

import (
	"math"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"workbook/solutions/cpus-and-parallelism/countif"
	"workbook/solutions/kit"
)

func even(i int) bool { return i%2 == 0 }

// checkCount compares a count of even numbers with what it must be.
func checkCount(t *testing.T, n, workers, got int) {
	if want := (n + 1) / 2; got != want {
		t.Errorf("CountIf(%d, %d, even) = %d, and %d of the numbers are even", n, workers, got, want)
	}
}

func TestCount(t *testing.T) {
	for _, n := range []int{0, 1, 5} {
		checkCount(t, n, 2, countif.CountIf(n, 2, even))
	}
}

// ask calls CountIf and reports numbers that pred was not asked about exactly once.
func ask(t *testing.T, n, workers int) {
	times := make([]atomic.Int64, n)
	var strange atomic.Pointer[int]
	got := countif.CountIf(n, workers, func(i int) bool {
		if i < 0 || i >= n {
			strange.Store(&i)
			return false
		}
		times[i].Add(1)
		return even(i)
	})
	if i := strange.Load(); i != nil {
		t.Errorf("CountIf(%d, %d, pred) asked pred about %d, and the numbers are 0 to %d", n, workers, *i, n-1)
	}
	for i := range times {
		switch k := times[i].Load(); {
		case k == 0:
			t.Errorf("CountIf(%d, %d, pred) did not ask pred about %d before it returned", n, workers, i)
		case k > 1:
			t.Errorf("CountIf(%d, %d, pred) asked pred %d times about %d", n, workers, k, i)
		}
		if t.Failed() {
			return
		}
	}
	checkCount(t, n, workers, got)
}

func TestEachNumberOnce(t *testing.T) {
	ask(t, 4, 2)
}

func TestFewNumbers(t *testing.T) {
	ask(t, 1, 3)
	ask(t, 0, 2)
}

func TestOneWorker(t *testing.T) {
	ask(t, 3, 1)
}

func TestTwoCalls(t *testing.T) {
	var a, b int
	kit.Together(
		func() { a = countif.CountIf(2, 2, even) },
		func() { b = countif.CountIf(3, 1, even) },
	)
	checkCount(t, 2, 2, a)
	checkCount(t, 3, 1, b)
}

// held is what a CountIf had done when nothing moved any more.
type held struct {
	n, workers int
	asked      int64 // numbers that pred was asked about
	inside     int64 // calls that were held
	early      bool  // CountIf had returned
}

// holdSome runs CountIf with a pred that holds the calls about some numbers until nothing moves any
// more. It must be called in a bubble.
func holdSome(n, workers int, some func(int) bool) held {
	hold := kit.NewOverlap(math.MaxInt, "calls of pred")
	var asked atomic.Int64
	var inside kit.Gauge
	var returned atomic.Bool
	end := make(chan struct{})
	go func() {
		defer close(end)
		countif.CountIf(n, workers, func(i int) bool {
			asked.Add(1)
			if some(i) {
				inside.Enter()
				hold.Inside()
			}
			return even(i)
		})
		returned.Store(true)
	}()
	synctest.Wait()
	h := held{n, workers, asked.Load(), inside.Most(), returned.Load()}
	hold.Close()
	<-end
	return h
}

// checkAtOnce holds all calls of pred.
func checkAtOnce(t *testing.T, n, workers int) {
	synctest.Test(t, func(t *testing.T) {
		h := holdSome(n, workers, func(int) bool { return true })
		switch want := int64(min(n, workers)); {
		case h.early:
			t.Errorf("CountIf(%d, %d, pred) returned while %d calls of pred were still running", n, workers, h.inside)
		case h.inside > want:
			t.Errorf("%d calls of pred were running at once, and CountIf(%d, %d, pred) has %d workers", h.inside, n, workers, workers)
		case h.inside < want:
			t.Errorf("not concurrent: of the calls of pred by CountIf(%d, %d, pred) never more than %d ran at the same time, and %d could have",
				n, workers, h.inside, want)
		}
	})
}

func TestAtOnce(t *testing.T) {
	checkAtOnce(t, 4, 2)
}

func TestStressAtOnce(t *testing.T) {
	checkAtOnce(t, 1000, 4)
	checkAtOnce(t, 100, 9)
}

// checkBalance holds the call about one number.
func checkBalance(t *testing.T, n, workers, slow int) {
	synctest.Test(t, func(t *testing.T) {
		h := holdSome(n, workers, func(i int) bool { return i == slow })
		left := int64(h.n) - h.asked
		switch {
		case h.early && h.inside > 0:
			t.Errorf("CountIf(%d, %d, pred) returned while pred was still being asked about %d", n, workers, slow)
		case h.inside == 0:
			t.Errorf("CountIf(%d, %d, pred) did not ask pred about %d", n, workers, slow)
		case left == int64(n-1):
			t.Errorf("not concurrent: while pred was asked about %d, CountIf(%d, %d, pred) asked about no other number", slow, n, workers)
		case left > int64(n/10):
			t.Errorf("pred(%d) took long, and meanwhile the other workers of CountIf(%d, %d, pred) ran out of work although %d of the numbers were still waiting: hand out smaller parts",
				slow, n, workers, left)
		}
	})
}

func TestBalance(t *testing.T) {
	checkBalance(t, 10, 2, 0)
}

func TestStressBalance(t *testing.T) {
	for _, test := range []struct{ n, workers, slow int }{
		{100, 2, 0}, {100, 2, 50}, {100, 2, 98}, {1000, 2, 0}, {1000, 8, 500},
	} {
		if checkBalance(t, test.n, test.workers, test.slow); t.Failed() {
			return
		}
	}
}

func TestStressEachNumberOnce(t *testing.T) {
	for range 10 {
		if ask(t, 5000, 8); t.Failed() {
			return
		}
	}
}

// TestStressTheLastNumber makes workers meet where the numbers end.
func TestStressTheLastNumber(t *testing.T) {
	for range 2000 {
		if ask(t, 3, 4); t.Failed() {
			return
		}
	}
}
