// Package lazy loads a value when it is first needed.
package lazy

import (
	"sync"
	"sync/atomic"
)

// Lazy is a value that is loaded by the first Get. Any number of goroutines may use it.
type Lazy[T any] struct {
	load func() (T, error)

	// value is nil until a load has succeeded, and is stored once: the flag and the value in one
	// word, so that nobody can find the one without the other.
	value atomic.Pointer[T]
	mu    sync.Mutex // held while load runs, so that there is one load at a time
}

// NewLazy returns a Lazy that loads its value by calling load. It does not call load yet.
func NewLazy[T any](load func() (T, error)) *Lazy[T] {
	return &Lazy[T]{load: load}
}

// Get returns the value, which it loads if no Get has succeeded yet. At most one load runs at a
// time, and none after one that has returned without an error. If load returns an error or panics,
// so does the Get that called it, and a later Get loads again.
func (l *Lazy[T]) Get() (T, error) {
	if v := l.value.Load(); v != nil {
		return *v, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock() // also when load panics: the next Get finds the lock free and no value
	if v := l.value.Load(); v != nil {
		return *v, nil // loaded by whom we have waited for
	}
	v, err := l.load()
	// Only success is remembered. That is what sync.Once cannot do: to it, a call is a call.
	if err == nil {
		l.value.Store(&v)
	}
	return v, err
}
