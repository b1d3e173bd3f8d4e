package startedtwice

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(Start)
	}
	wg.Wait()
	if n := len(Events); n != 1 {
		t.Errorf("started %d times", n)
	}
}
