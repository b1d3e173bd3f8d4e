package packagestate

import "sync"

type conn struct{}

var (
	mu     sync.Mutex
	shared *conn
	opened int
)

func current() *conn {
	mu.Lock()
	defer mu.Unlock()
	return shared
}

func open() *conn {
	mu.Lock()
	defer mu.Unlock()
	opened++
	shared = new(conn)
	return shared
}

// Connection returns the connection that everybody uses.
func Connection() *conn {
	if c := current(); c != nil {
		return c
	}
	return open()
}
