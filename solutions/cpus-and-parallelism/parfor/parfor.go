// Package parfor spreads a loop over several workers.
package parfor

import "sync"

// ParallelFor does the indices 0 to n-1: it calls body(lo, hi) for parts lo ≤ i < hi that together
// are all of them, each index once. There are as many parts as workers, all of them under way at the
// same time and as equal as they can be: no two differ by more than one index. Only where there are
// fewer indices than workers there are fewer parts, of one index each; no part is empty.
//
// It returns when all the calls have returned. workers is at least 1, n at least 0.
func ParallelFor(n, workers int, body func(lo, hi int)) {
	// A worker without an index would get an empty part.
	workers = min(workers, n)
	var wg sync.WaitGroup
	lo := 0
	for w := range workers {
		// What is left is shared evenly by the workers that are left. So the remainder of n/workers,
		// which a plain division drops, goes to the parts one by one and not to a single part that
		// everybody would have to wait for.
		hi := lo + (n-lo)/(workers-w)
		// The parts get boundaries of their own: this lo is set anew below, while the goroutine may
		// not even have begun.
		from := lo
		wg.Go(func() { body(from, hi) })
		lo = hi
	}
	// Without this, the caller would use results that nobody has computed yet.
	wg.Wait()
}
