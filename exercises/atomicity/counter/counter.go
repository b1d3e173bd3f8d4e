// Package counter counts what many goroutines report.
package counter

// Counter is a count that any number of goroutines may use at the same time.
// The zero Counter is ready to use and stands at 0.
type Counter struct {
	n int64
}

// TODO: Right for one goroutine, wrong for two. Make every method one indivisible step.

// Inc adds one.
func (c *Counter) Inc() {
	c.n++
}

// Add adds delta, which may be negative.
func (c *Counter) Add(delta int64) {
	c.n += delta
}

// Value returns the count.
func (c *Counter) Value() int64 {
	return c.n
}

// Reset sets the count to 0 and returns what it was.
func (c *Counter) Reset() int64 {
	old := c.n
	c.n = 0
	return old
}
