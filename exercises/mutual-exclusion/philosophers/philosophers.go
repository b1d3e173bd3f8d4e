// Package philosophers seats philosophers at a round table with too few forks.
package philosophers

import "sync"

// TODO: What if all of them take their left forks at the same moment?

// Dine has n philosophers eat, n ≥ 2, each of them meals times; eat(p) is a meal of philosopher p,
// 0 ≤ p < n. Neighbours, which are p and p+1 and also n-1 and 0, never eat at the same time, but
// others can. Dine returns when all have eaten.
func Dine(n, meals int, eat func(p int)) {
	forks := make([]sync.Mutex, n)
	var wg sync.WaitGroup
	for p := range n {
		left, right := &forks[p], &forks[(p+1)%n]
		wg.Go(func() {
			for range meals {
				left.Lock()
				right.Lock()
				eat(p)
				right.Unlock()
				left.Unlock()
			}
		})
	}
	wg.Wait()
}
