// Package myonce has a Once of your own.
package myonce

import (
	"sync"
	"sync/atomic"
)

// Once calls one function once. The zero Once is ready to use.
type Once struct {
	// done says that f has ended, not that it was begun: that is the whole difference between this
	// and a Once that lets callers go on with what is not there yet.
	done atomic.Bool
	mu   sync.Mutex // held while f runs; whoever comes too early waits here
}

// Do calls f if it is the first Do of this Once. Each Do returns when the call of f has ended.
// It has ended too if f panics. f does not call Do of the same Once.
func (o *Once) Do(f func()) {
	// For all but the first few calls this one load is everything. A Load that sees the Store of
	// true comes after it, and so after all that f has done.
	if !o.done.Load() {
		o.slow(f)
	}
}

// slow is a function of its own so that Do is small enough to be inlined.
func (o *Once) slow(f func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	// Between our look and our lock another goroutine may have done it all: look again.
	if o.done.Load() {
		return
	}
	// Deferred, so that it happens after f, also when f panics or ends its goroutine. Deferred calls
	// run last in, first out: done is set before the lock is free for the next goroutine.
	defer o.done.Store(true)
	f()
}
