package memotwice

import (
	"sync"
	"sync/atomic"
	"testing"
)

func Scenario(t *testing.T) {
	var m Memo
	var calls atomic.Int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			m.Get("k", func() int { return int(calls.Add(1)) })
		})
	}
	wg.Wait()
	if n := calls.Load(); n != 1 {
		t.Errorf("computed %d times", n)
	}
}
