package copiedlock

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	w := NewWords()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { w.Seen("go") })
	}
	wg.Wait()
	if n := w.Times("go"); n != 2 {
		t.Errorf("seen %d times", n)
	}
}
