package syncmapcount

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var v Votes
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { v.For("go") })
	}
	wg.Wait()
	if n := v.Count("go"); n != 2 {
		t.Errorf("%d votes of 2", n)
	}
}
