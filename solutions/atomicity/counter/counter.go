// Package counter counts what many goroutines report.
package counter

import "sync/atomic"

// Counter is a count that any number of goroutines may use at the same time.
// The zero Counter is ready to use and stands at 0.
type Counter struct {
	// The type atomic.Int64 has no plain access: nobody can read or write n past its methods by
	// mistake, as they could with an int64 and the functions atomic.AddInt64 and so on.
	n atomic.Int64
}

// Inc adds one.
func (c *Counter) Inc() {
	// The read, the addition and the write are one step. n.Store(n.Load()+1) is two atomic steps,
	// and what others add between the two is overwritten.
	c.n.Add(1)
}

// Add adds delta, which may be negative.
func (c *Counter) Add(delta int64) {
	c.n.Add(delta)
}

// Value returns the count.
func (c *Counter) Value() int64 {
	// A reader takes part in the protocol too. Reading a plain field while another goroutine writes
	// it, even atomically, is a data race.
	return c.n.Load()
}

// Reset sets the count to 0 and returns what it was.
func (c *Counter) Reset() int64 {
	// Swap looks and empties in one step, so that each unit counted is handed out by exactly one
	// Reset. Load and then Store(0) loses what arrives between them.
	return c.n.Swap(0)
}
