// Package countif counts with several workers.
package countif

import (
	"sync"
	"sync/atomic"
)

// CountIf returns how many of the numbers 0 to n-1 pred holds for. It asks pred about each number
// once, in workers goroutines: never more calls at the same time, and as many as that where there are
// numbers enough. It returns when all the calls have returned. workers is at least 1, n at least 0.
//
// No worker is idle while there is much to do: if one call of pred takes however long, the other
// workers, if there are any, go on until at most a tenth of the numbers has not been asked about.
func CountIf(n, workers int, pred func(int) bool) int {
	// A chunk is what a worker takes at a time. Large chunks leave the others idle at the end, small
	// ones make everybody queue for the next one. With 32 for each worker, whoever is stuck holds a
	// thirty-second of the numbers at most.
	chunk := int64(max(1, n/(32*workers)))
	var next, total atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			// A counter of its own costs a worker nothing; a shared one would go from CPU to CPU with
			// every number found.
			count := int64(0)
			for {
				// Add takes the chunk and moves the mark in one step, so no two workers get the same.
				hi := next.Add(chunk)
				lo := hi - chunk
				if lo >= int64(n) {
					break
				}
				for i := lo; i < min(hi, int64(n)); i++ {
					if pred(int(i)) {
						count++
					}
				}
			}
			total.Add(count)
		})
	}
	// Every Add to total comes before the end of its goroutine, and that before the return of Wait.
	wg.Wait()
	return int(total.Load())
}
