// Package requestid lets every part of a request find out which request it works for.
package requestid

import (
	"context"
	"sync"
)

// key is the type of the one key that this package uses in a context. A context compares keys with
// ==, which looks at the type too: no other package can make a value of this type, so none can find
// or hide the ID by accident. A string such as "id" is equal to everybody else's "id".
type key struct{}

// WithID returns a context that carries the request's ID, and everything that ctx carries.
func WithID(ctx context.Context, id string) context.Context {
	// The parent is not changed. Two requests that are made from the same context have an ID each,
	// and who still holds the parent sees neither.
	return context.WithValue(ctx, key{}, id)
}

// ID returns the ID that ctx carries, or "" if it carries none.
func ID(ctx context.Context) string {
	// The assertion with ok turns the nil of a context without ID into "".
	id, _ := ctx.Value(key{}).(string)
	return id
}

// Handle calls all parts, each in a goroutine of its own, and returns when all have returned. Each
// part gets a context that carries the request's ID and ends when ctx ends.
func Handle(ctx context.Context, parts []func(context.Context)) {
	var wg sync.WaitGroup
	for _, part := range parts {
		// The request's identity is an argument. So it does not matter which goroutine a part runs
		// on, nor which goroutines it starts in turn.
		wg.Go(func() { part(ctx) })
	}
	wg.Wait()
}
