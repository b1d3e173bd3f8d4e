// Package tokens hands out a limited number of tokens.
package tokens

import "sync/atomic"

// Tokens is a number of free tokens. Any number of goroutines may use it at the same time.
type Tokens struct {
	free atomic.Int64 // never below 0, not even for a moment
}

// New returns Tokens with n free ones, n ≥ 0.
func New(n int64) *Tokens {
	t := new(Tokens)
	t.free.Store(n)
	return t
}

// TryTake takes k tokens, k ≥ 1, and returns true, or takes none and returns false if fewer than
// k are free. It never waits.
func (t *Tokens) TryTake(k int64) bool {
	for {
		free := t.free.Load()
		if free < k {
			return false // nothing was changed, so nobody was disturbed
		}
		// Enough were free when we looked. Take them only if that is still the number; if not,
		// others were here in between, and it must be looked again: a failed swap is no reason to
		// return false, for there may be plenty left.
		if t.free.CompareAndSwap(free, free-k) {
			return true
		}
	}
}

// Put makes k more tokens free, k ≥ 1.
func (t *Tokens) Put(k int64) {
	// Nothing has to be decided, so one Add is enough; a loop would be right too.
	t.free.Add(k)
}
