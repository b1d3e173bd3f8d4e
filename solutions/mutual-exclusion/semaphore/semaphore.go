// Package semaphore lets a limited number of goroutines in at a time.
package semaphore

// Sem is a semaphore of n places. Any number of goroutines may use it at the same time.
type Sem struct {
	// A value in the channel is a place that is taken. It says nothing and needs no memory; the
	// channel's buffer is a number from 0 to n, and the channel sees to everything else: taking is
	// one step, and who finds no place sleeps in a queue.
	places chan struct{}
}

// NewSem returns a Sem of n places, n ≥ 1, all of them free.
func NewSem(n int) *Sem {
	// The capacity is the limit. Without it a send would wait until somebody receives, and so the
	// first Acquire would wait for a Release that nobody owes.
	return &Sem{places: make(chan struct{}, n)}
}

// Acquire takes a place. While none is free it waits, asleep.
func (s *Sem) Acquire() {
	s.places <- struct{}{}
}

// TryAcquire takes a place and returns true, or returns false if none is free. It never waits.
func (s *Sem) TryAcquire() bool {
	// The select looks and takes in one step. To look at len(s.places) first and send afterwards is
	// check-then-act: somebody takes the last place in between, and then the send waits.
	select {
	case s.places <- struct{}{}:
		return true
	default:
		return false
	}
}

// Release gives a place back. If none is taken it panics, and nothing has changed.
func (s *Sem) Release() {
	// Again one step. A bare receive would wait for somebody else's Acquire and undo it.
	select {
	case <-s.places:
	default:
		panic("semaphore: Release without Acquire")
	}
}
