package counter

// Counter counts.
type Counter struct{ n int }

// New returns a Counter at 0.
func New() *Counter { return &Counter{} }

// Inc adds one.
func (c *Counter) Inc() {
	c.n++ // TODO: for many goroutines
}

// Value returns the count.
func (c *Counter) Value() int { return c.n }
