// Package philosophers seats philosophers at a round table with too few forks.
package philosophers

import "sync"

// Dine has n philosophers eat, n ≥ 2, each of them meals times; eat(p) is a meal of philosopher p,
// 0 ≤ p < n. Neighbours, which are p and p+1 and also n-1 and 0, never eat at the same time, but
// others can. Dine returns when all have eaten.
func Dine(n, meals int, eat func(p int)) {
	// A fork lies between two neighbours, so neighbours cannot both have theirs, and a lock for the
	// whole table is not needed: it would let one philosopher eat at a time.
	forks := make([]sync.Mutex, n)
	var wg sync.WaitGroup
	for p := range n {
		first, second := &forks[p], &forks[(p+1)%n]
		if p == n-1 {
			// Everybody takes the fork with the smaller number first. For all but the last one that
			// is the left one anyway; if the last one did like the others, each could have a fork
			// and wait for the next, all around the table. So the last one waits for fork 0 without
			// a fork in its hand, and its neighbour can have both.
			first, second = second, first
		}
		wg.Go(func() {
			for range meals {
				dine(first, second, func() { eat(p) })
			}
		})
	}
	wg.Wait()
}

// dine calls eat with both forks. It is a function of its own because deferred calls are made when
// a function ends, and not at the end of a loop's round.
func dine(first, second *sync.Mutex, eat func()) {
	first.Lock()
	defer first.Unlock()
	second.Lock()
	defer second.Unlock()
	eat()
}
