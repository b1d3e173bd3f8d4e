package rangelock

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	s := &Set{m: map[int]bool{1: true, 2: true}}
	var wg sync.WaitGroup
	wg.Go(func() {
		for x := range s.All() {
			s.Remove(x)
		}
	})
	wg.Go(func() { s.Remove(1) })
	wg.Wait()
	if s.removed != 2 {
		t.Errorf("%d of 2 were removed", s.removed)
	}
}
