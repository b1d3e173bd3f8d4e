package oneshotfuture

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	f := Later(func() int { return 4 })
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if n := f.Get(); n != 4 {
				t.Errorf("got %d", n)
			}
		})
	}
	wg.Wait()
}
