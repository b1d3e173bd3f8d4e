// Package publish hands a value from one goroutine to many.
package publish

import "sync/atomic"

// Box holds a value that is put in once. Any number of goroutines may use it at the same time.
// The zero Box is ready to use and empty.
type Box[T any] struct {
	// value is nil as long as the box is empty. One word is the flag and leads to the value, so
	// there is no second thing that could be seen too early or too late.
	value atomic.Pointer[T]
}

// Put puts v into the box. It panics if the box is full, and leaves it as it is.
func (b *Box[T]) Put(v T) {
	// v is a variable of this call, complete and known to nobody else. The swap publishes it. It is
	// sequenced after all that this goroutine has done so far; a Load that sees it is synchronized
	// after it; so all of that happens before what the reader does next.
	//
	// A Load and then a Store would let two Puts find the box empty.
	if !b.value.CompareAndSwap(nil, &v) {
		panic("publish: the box is full")
	}
}

// Get returns the value and true, or the zero value and false if the box is empty. It never waits
// for a Put. Whoever gets the value sees all that was done before the Put.
func (b *Box[T]) Get() (T, bool) {
	p := b.value.Load()
	if p == nil {
		// No edge here: who finds the box empty has learnt nothing about the goroutine that will
		// fill it, and must not touch what that one is preparing.
		var zero T
		return zero, false
	}
	return *p, true
}
