package counter

import "sync"

// Counter counts.
type Counter struct {
	mu sync.Mutex
	n  int
}

// New returns a Counter at 0.
func New() *Counter { return &Counter{} }

// Inc adds one.
func (c *Counter) Inc() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
}

// Value returns the count.
func (c *Counter) Value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}
