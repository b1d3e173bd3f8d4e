package readmodify

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var h Hits
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			h.Count()
			h.Count()
		})
	}
	wg.Wait()
	if n := h.Get(); n != 4 {
		t.Errorf("counted %d of 4", n)
	}
}
