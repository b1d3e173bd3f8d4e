// Package lazy loads a value when it is first needed.
package lazy

import "sync"

// Lazy is a value that is loaded by the first Get. Any number of goroutines may use it.
type Lazy[T any] struct {
	get func() (T, error)
}

// TODO: One failure, and the Lazy has failed for ever.

// NewLazy returns a Lazy that loads its value by calling load. It does not call load yet.
func NewLazy[T any](load func() (T, error)) *Lazy[T] {
	return &Lazy[T]{get: sync.OnceValues(load)}
}

// Get returns the value, which it loads if no Get has succeeded yet. At most one load runs at a
// time, and none after one that has returned without an error. If load returns an error or panics,
// so does the Get that called it, and a later Get loads again.
func (l *Lazy[T]) Get() (T, error) {
	return l.get()
}
