package nestedadd

import (
	"sync"
	"sync/atomic"
)

type Tree struct {
	n           int
	left, right *Tree
}

func Walk(t *Tree) int {
	var sum atomic.Int64
	var wg sync.WaitGroup
	var visit func(t *Tree)
	visit = func(t *Tree) {
		defer wg.Done()
		sum.Add(int64(t.n))
		for _, child := range []*Tree{t.left, t.right} {
			if child != nil {
				wg.Add(1)
				go visit(child)
			}
		}
	}
	wg.Add(1)
	go visit(t)
	wg.Wait()
	return int(sum.Load())
}
