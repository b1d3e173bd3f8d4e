// Package limiter bounds how many functions run at the same time.
package limiter

import "sync"

// Limiter runs functions in goroutines, at most n of them at the same time, however many CPUs there
// are and whatever GOMAXPROCS is.
type Limiter struct {
	n  int
	wg sync.WaitGroup
}

// NewLimiter returns a Limiter of n functions at a time, n ≥ 1.
func NewLimiter(n int) *Limiter {
	return &Limiter{n: n}
}

// TODO: GOMAXPROCS limits what runs in the same instant, not what is under way. Who looks at n?

// Go has f run in a goroutine as soon as fewer than n functions are running. Until then it may wait,
// or keep f for later and return, but it lets no goroutine wait for each f: with a million functions
// there are not a million goroutines. Any number of goroutines may call Go at the same time, though
// not a function that the Limiter runs. A function that ends with runtime.Goexit is no longer running
// either, and with n = 1 each function sees what those before it have written.
func (l *Limiter) Go(f func()) {
	l.wg.Go(f)
}

// Wait returns when all functions have ended that were given to Go, and leaves no goroutine behind. Then
// the Limiter can be used again.
func (l *Limiter) Wait() {
	l.wg.Wait()
}
