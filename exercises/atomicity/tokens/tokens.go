// Package tokens hands out a limited number of tokens.
package tokens

import "sync/atomic"

// Tokens is a number of free tokens. Any number of goroutines may use it at the same time.
type Tokens struct {
	free atomic.Int64
}

// New returns Tokens with n free ones, n ≥ 0.
func New(n int64) *Tokens {
	t := new(Tokens)
	t.free.Store(n)
	return t
}

// TODO: While a TryTake that will fail has its k tokens, others find too few.

// TryTake takes k tokens, k ≥ 1, and returns true, or takes none and returns false if fewer than
// k are free. It never waits.
func (t *Tokens) TryTake(k int64) bool {
	if t.free.Add(-k) < 0 {
		t.free.Add(k) // too many: give them back
		return false
	}
	return true
}

// Put makes k more tokens free, k ≥ 1.
func (t *Tokens) Put(k int64) {
	t.free.Add(k)
}
