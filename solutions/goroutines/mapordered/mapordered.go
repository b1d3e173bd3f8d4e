// Package mapordered applies a function to all elements of a slice at once.
package mapordered

import "sync"

// Map calls f for every element of in, all of them at the same time, and returns the results in the
// order of the elements: the result of f(in[i]) is element i. It returns when the last call has ended.
//
// If a call of f panics, Map waits for the other calls, and then panics with the same value.
func Map[T, R any](in []T, f func(T) R) []R {
	// Both slices have their length from the start. Each goroutine writes the elements of its own
	// number and no others, so they need no lock, and it does not matter who is done first.
	out := make([]R, len(in))
	panics := make([]any, len(in))
	var wg sync.WaitGroup
	for i, v := range in {
		wg.Go(func() {
			// Only the goroutine that panics can recover. What it recovers is no more than a value,
			// and stays where Map will look for it. Go takes one off its count after this function has
			// returned, deferred calls included; with Add and Done, a Done deferred last would run
			// first, and Map might look too early.
			defer func() { panics[i] = recover() }()
			out[i] = f(v)
		})
	}
	wg.Wait()
	for _, p := range panics {
		if p != nil {
			// Here, in the goroutine of the caller, who can recover it. Since Go 1.21 nil is never
			// what was recovered from a panic, not even from panic(nil).
			panic(p)
		}
	}
	return out
}
