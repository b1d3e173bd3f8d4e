// Package limiter bounds how many functions run at the same time.
package limiter

import "sync"

// Limiter runs functions in goroutines, at most n of them at the same time, however many CPUs there
// are and whatever GOMAXPROCS is.
type Limiter struct {
	// A buffered channel counts: a value in it is a function that is running, and where all n places
	// are taken the next send waits.
	running chan struct{}
	wg      sync.WaitGroup
}

// NewLimiter returns a Limiter of n functions at a time, n ≥ 1.
func NewLimiter(n int) *Limiter {
	return &Limiter{running: make(chan struct{}, n)}
}

// Go has f run in a goroutine as soon as fewer than n functions are running. Until then it may wait,
// or keep f for later and return, but it lets no goroutine wait for each f: with a million functions
// there are not a million goroutines. Any number of goroutines may call Go at the same time, though
// not a function that the Limiter runs. A function that ends with runtime.Goexit is no longer running
// either, and with n = 1 each function sees what those before it have written.
func (l *Limiter) Go(f func()) {
	// The place is taken before there is a goroutine. Inside it would be too late: there would be as
	// many goroutines as functions, and only their f would be limited.
	l.running <- struct{}{}
	l.wg.Go(func() {
		// Deferred, since f may end in other ways than by returning. The receive lets the next send
		// go on, and orders everything that f has done before it.
		defer func() { <-l.running }()
		f()
	})
}

// Wait returns when all functions have ended that were given to Go, and leaves no goroutine behind. Then
// the Limiter can be used again.
func (l *Limiter) Wait() {
	l.wg.Wait()
}
