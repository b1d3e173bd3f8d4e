// Package highwater remembers the largest value that many goroutines have seen.
package highwater

import "sync/atomic"

// Max is the largest value observed so far. Any number of goroutines may use it at the same time.
// The zero Max is ready to use and has observed nothing.
type Max struct {
	max atomic.Pointer[int64] // nil as long as nothing was observed
}

// TODO: Each line is atomic, the method is not: between the look and the Store, Max may change.

// Observe raises the maximum to v if v is larger, or the first.
func (m *Max) Observe(v int64) {
	old := m.max.Load()
	if old == nil || v > *old {
		m.max.Store(&v)
	}
}

// Value returns the largest value observed, or 0 if nothing was observed.
func (m *Max) Value() int64 {
	if p := m.max.Load(); p != nil {
		return *p
	}
	return 0
}
