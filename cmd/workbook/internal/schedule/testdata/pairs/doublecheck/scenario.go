package doublecheck

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var l Lazy
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if p := l.Table().pi; p != 3 {
				t.Errorf("pi is %d", p)
			}
		})
	}
	wg.Wait()
}
