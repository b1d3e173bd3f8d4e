// Package parfor spreads a loop over several workers.
package parfor

import "sync"

// TODO: A goroutine for every single index is far too much of it. Make as many as there are workers.

// ParallelFor does the indices 0 to n-1: it calls body(lo, hi) for parts lo ≤ i < hi that together
// are all of them, each index once. There are as many parts as workers, all of them under way at the
// same time and as equal as they can be: no two differ by more than one index. Only where there are
// fewer indices than workers there are fewer parts, of one index each; no part is empty.
//
// It returns when all the calls have returned. workers is at least 1, n at least 0.
func ParallelFor(n, workers int, body func(lo, hi int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { body(i, i+1) })
	}
	wg.Wait()
}
