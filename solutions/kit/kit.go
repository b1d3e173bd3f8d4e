// Package kit helps the hidden tests bring goroutines together.
//
// It works under plain "go test -race", in a testing/synctest bubble and under a controlled
// scheduler alike, because nothing in it sleeps, reads a clock or takes a lock: goroutines wait on
// channels and wait groups, and counts are atomic. Only Lockstep spins; it is for stress tests.
//
// What observes (Overlap, Gauge, History) is invisible to the race detector. An observer that
// shared a counter with everybody would order the goroutines it observes, and so hide the very
// races that the tests are there to find.
//
// It imports the standard library alone: a grading builds it in a module that is made of embedded files, without a
// network. Linearizable is therefore its own; its tests compare it with github.com/anishathalye/porcupine, history
// by history.
package kit

import (
	"sync"
	"sync/atomic"
)

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

// Lockstep runs f(i, round) in n goroutines, round after round: nobody begins a round before all
// have ended the one before, and then all begin within nanoseconds where there are CPUs enough.
// A mistake that needs two goroutines inside the same few instructions shows in some of thousands
// of rounds. Goroutines spin between the rounds, so this is not for a controlled scheduler.
func Lockstep(n, rounds int, f func(i, round int)) {
	gates := make([]gate, rounds)
	for round := range gates {
		gates[round].open = make(chan struct{})
	}
	Each(n, func(i int) {
		for round := range gates {
			unseen(func() { gates[round].pass(int64(n)) })
			f(i, round)
		}
	})
}

// gate lets goroutines pass when all have arrived.
type gate struct {
	arrived atomic.Int64
	open    chan struct{} // closed by the last to arrive
}

// pass waits for n goroutines to arrive. It spins, because waking up takes longer than the
// moments that are to coincide, but not for long, because the others may wait for this CPU.
func (g *gate) pass(n int64) {
	if g.arrived.Add(1) == n {
		close(g.open)
		return
	}
	for range 1000 {
		if g.arrived.Load() == n {
			return
		}
	}
	<-g.open
}
