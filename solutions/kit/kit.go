// Package kit helps the hidden tests bring goroutines together.
//
// It works under plain "go test -race", in a testing/synctest bubble and under a controlled
// scheduler alike, because nothing in it sleeps, reads a clock, spins or takes a lock: goroutines
// wait on channels and wait groups, and counts are atomic.
//
// What observes (Overlap, Gauge, History) is invisible to the race detector. An observer that
// shared a counter with everybody would order the goroutines it observes, and so hide the very
// races that the tests are there to find.
package kit

import "sync"

// Together runs each function in a goroutine of its own and returns when all have returned.
// None starts before all the goroutines exist, so that short functions overlap too.
func Together(fs ...func()) {
	start := make(chan struct{})
	var ready, done sync.WaitGroup
	ready.Add(len(fs))
	for _, f := range fs {
		done.Go(func() {
			ready.Done()
			<-start
			f()
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

// Each runs f(0) to f(n-1) together.
func Each(n int, f func(i int)) {
	fs := make([]func(), n)
	for i := range fs {
		fs[i] = func() { f(i) }
	}
	Together(fs...)
}
