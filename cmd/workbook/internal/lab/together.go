package lab

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how often a barrier looks before it gives its core away. That takes longer than to wake
// from the sleep: if it did not, each goroutine would come to find the other asleep, time after time.
const patience = 200_000

// meet is a spin barrier: it lets go within nanoseconds of the last arrival, which blocking would not.
// Where the last is late, because the system runs something else, it sleeps instead of keeping the core.
func meet(arrived *atomic.Int32, all int32) {
	arrived.Add(1)
	single := runtime.GOMAXPROCS(0) == 1
	for spins := 1; arrived.Load() < all; spins++ {
		switch {
		case single:
			runtime.Gosched()
		case spins%patience == 0:
			time.Sleep(time.Microsecond)
		}
	}
}

// together runs f in n goroutines that begin at the same moment, and returns the time from the first
// one's begin to the last one's end.
func together(n int, f func(i int)) time.Duration {
	var arrived atomic.Int32
	var wg sync.WaitGroup
	starts, ends := make([]time.Time, n), make([]time.Time, n)
	for i := range n {
		wg.Go(func() {
			meet(&arrived, int32(n))
			start := time.Now()
			f(i)
			starts[i], ends[i] = start, time.Now()
		})
	}
	wg.Wait()
	first, last := starts[0], ends[0]
	for i := range n {
		if starts[i].Before(first) {
			first = starts[i]
		}
		if ends[i].After(last) {
			last = ends[i]
		}
	}
	return last.Sub(first)
}
