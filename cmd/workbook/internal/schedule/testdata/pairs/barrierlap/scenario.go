package barrierlap

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	b := NewBarrier(2)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			b.Meet()
			b.Meet()
		})
	}
	wg.Wait()
}
