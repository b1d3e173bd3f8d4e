package packagestate

import "sync"

type conn struct{}

var opened int

// Connection returns the connection that everybody uses.
var Connection = sync.OnceValue(func() *conn {
	opened++
	return new(conn)
})
