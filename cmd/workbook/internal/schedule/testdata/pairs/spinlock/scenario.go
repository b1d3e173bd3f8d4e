package spinlock

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var l Spin
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			l.Lock()
			n++
			l.Unlock()
		})
	}
	wg.Wait()
	if n != 2 {
		t.Errorf("n is %d", n)
	}
}
