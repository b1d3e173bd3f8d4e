package counter_test

import (
	"sync"
	"testing"

	"workbook/solutions/attacked/counter"
)

func TestZero(t *testing.T) {
	if got := counter.New().Value(); got != 0 {
		t.Fatalf("the Value of a new Counter is %d, want 0", got)
	}
}

func TestSequential(t *testing.T) {
	c := counter.New()
	for range 20 {
		c.Inc()
	}
	if got := c.Value(); got != 20 {
		t.Fatalf("after 20 Inc Value is %d", got)
	}
}

// TestTwo has two counters in one process: what they share by mistake shows.
func TestTwo(t *testing.T) {
	a, b := counter.New(), counter.New()
	var wg sync.WaitGroup
	wg.Go(a.Inc)
	wg.Go(b.Inc)
	wg.Wait()
	if x, y := a.Value(), b.Value(); x != 1 || y != 1 {
		t.Fatalf("after one Inc of each of two Counters their Values are %d and %d", x, y)
	}
}

func TestConcurrent(t *testing.T) { run(t, 2, 2) }

// TestStressConcurrent is large enough for a lost update to show in every run: 8 goroutines of 10000
// found one in 30 of 30 runs, where 1000 each found it in 14.
func TestStressConcurrent(t *testing.T) { run(t, 8, 10000) }

func run(t *testing.T, workers, n int) {
	c := counter.New()
	start := make(chan bool)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			<-start
			for range n {
				c.Inc()
			}
		})
	}
	close(start)
	wg.Wait()
	if got := c.Value(); got != workers*n {
		t.Fatalf("after %d Inc by %d goroutines Value is %d", workers*n, workers, got)
	}
}
