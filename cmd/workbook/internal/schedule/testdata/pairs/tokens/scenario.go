package tokens

import (
	"sync"
	"sync/atomic"
	"testing"
)

func Scenario(t *testing.T) {
	b := NewBucket(1)
	var taken atomic.Int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if b.Take() {
				taken.Add(1)
			}
		})
	}
	wg.Wait()
	if n := taken.Load(); n != 1 {
		t.Errorf("%d tokens of 1 were taken", n)
	}
}
