// Package mapordered applies a function to all elements of a slice at once.
package mapordered

import "sync"

// TODO: Two things. The results stand in the order in which the calls ended: give every one its place.
// And a panic of f ends the whole program: let it come out of Map instead, where it can be recovered.

// Map calls f for every element of in, all of them at the same time, and returns the results in the
// order of the elements: the result of f(in[i]) is element i. It returns when the last call has ended.
//
// If a call of f panics, Map waits for the other calls, and then panics with the same value.
func Map[T, R any](in []T, f func(T) R) []R {
	var mu sync.Mutex
	var out []R // guarded by mu
	var wg sync.WaitGroup
	for _, v := range in {
		wg.Go(func() {
			r := f(v)
			mu.Lock()
			defer mu.Unlock()
			out = append(out, r)
		})
	}
	wg.Wait()
	return out
}
