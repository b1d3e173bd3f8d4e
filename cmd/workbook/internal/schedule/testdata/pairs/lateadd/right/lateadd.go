package lateadd

import (
	"sync"
	"sync/atomic"
)

func Total(ns ...int) int {
	var (
		wg sync.WaitGroup
		t  atomic.Int64
	)
	for _, n := range ns {
		wg.Add(1)
		go func() {
			t.Add(int64(n))
			wg.Done()
		}()
	}
	wg.Wait()
	return int(t.Load())
}
