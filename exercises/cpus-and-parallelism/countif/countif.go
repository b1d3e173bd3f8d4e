// Package countif counts with several workers.
package countif

import "sync"

// CountIf returns how many of the numbers 0 to n-1 pred holds for. It asks pred about each number
// once, in workers goroutines: never more calls at the same time, and as many as that where there are
// numbers enough. It returns when all the calls have returned. workers is at least 1, n at least 0.
//
// No worker is idle while there is much to do: if one call of pred takes however long, the other
// workers, if there are any, go on until at most a tenth of the numbers has not been asked about.
func CountIf(n, workers int, pred func(int) bool) int {
	// TODO: All workers write count at once. And who has the easy numbers is done early, and idle.
	count := 0
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w * n / workers; i < (w+1)*n/workers; i++ {
				if pred(i) {
					count++
				}
			}
		})
	}
	wg.Wait()
	return count
}
