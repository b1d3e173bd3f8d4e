package run

import (
	"bytes"
	"sync"
)

const (
	headBytes  = 48 << 10
	tailBytes  = 16 << 10
	floodBytes = 1 << 20 // a program that prints more is ended
)

// capped keeps the beginning and the end of what is written to it.
type capped struct {
	flood func() // called once, when too much has come

	mu    sync.Mutex // guards what follows: standard output and error share one capped
	head  []byte
	tail  []byte // the last tailBytes of the rest, or a little more
	total int
}

// Write implements io.Writer. It never fails: a program is not to notice.
func (c *capped) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.total
	c.total += len(p)
	rest := p
	if n := min(headBytes-len(c.head), len(rest)); n > 0 {
		c.head = append(c.head, rest[:n]...)
		rest = rest[n:]
	}
	c.tail = append(c.tail, rest...)
	if len(c.tail) > 4*tailBytes {
		c.tail = append(c.tail[:0], c.tail[len(c.tail)-tailBytes:]...)
	}
	if before <= floodBytes && c.total > floodBytes {
		c.flood()
	}
	return len(p), nil
}

// text returns what was kept and how many bytes were dropped in its middle. Where something was, only whole
// lines are kept: half a name of a file or a package would be taken for another one.
func (c *capped) text() (text string, dropped int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	tail := c.tail[max(0, len(c.tail)-tailBytes):]
	dropped = c.total - len(c.head) - len(tail)
	if dropped == 0 {
		return string(c.head) + string(tail), 0
	}
	head, end := c.head, "\n"
	if i := bytes.LastIndexByte(head, '\n'); i >= 0 {
		head, end = head[:i+1], ""
	}
	if _, whole, ok := bytes.Cut(tail, []byte("\n")); ok {
		tail = whole
	}
	return string(head) + end + "…\n" + string(tail), c.total - len(head) - len(tail)
}
