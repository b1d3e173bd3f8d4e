// Package semaphore lets a limited number of goroutines in at a time.
package semaphore

// Sem is a semaphore of n places. Any number of goroutines may use it at the same time.
type Sem struct {
	places chan struct{} // a value in it is a place that is taken
}

// TODO: How many values does this channel hold? And what does Release do when there are none?

// NewSem returns a Sem of n places, n ≥ 1, all of them free.
func NewSem(n int) *Sem {
	return &Sem{places: make(chan struct{})}
}

// Acquire takes a place. While none is free it waits, asleep.
func (s *Sem) Acquire() {
	s.places <- struct{}{}
}

// TryAcquire takes a place and returns true, or returns false if none is free. It never waits.
func (s *Sem) TryAcquire() bool {
	s.places <- struct{}{}
	return true
}

// Release gives a place back. If none is taken it panics, and nothing has changed.
func (s *Sem) Release() {
	<-s.places
}
