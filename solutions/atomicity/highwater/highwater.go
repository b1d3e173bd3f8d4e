// Package highwater remembers the largest value that many goroutines have seen.
package highwater

import "sync/atomic"

// Max is the largest value observed so far. Any number of goroutines may use it at the same time.
// The zero Max is ready to use and has observed nothing.
type Max struct {
	// "Nothing yet" and "the largest is v" are one fact, so they live in one word: a nil pointer or
	// a pointer to a value that nobody changes any more. A flag beside a number would be two
	// atomics, and a reader could meet the one without the other.
	max atomic.Pointer[int64]
}

// Observe raises the maximum to v if v is larger, or the first.
func (m *Max) Observe(v int64) {
	for {
		old := m.max.Load()
		if old != nil && *old >= v {
			return // v changes nothing, and by now the maximum can only be larger
		}
		// The decision above holds for old only. CompareAndSwap stores if old is still there, and
		// otherwise says so; then everything is done again, the comparison included.
		if m.max.CompareAndSwap(old, &v) {
			return
		}
	}
}

// Value returns the largest value observed, or 0 if nothing was observed.
func (m *Max) Value() int64 {
	if p := m.max.Load(); p != nil {
		return *p
	}
	return 0
}
