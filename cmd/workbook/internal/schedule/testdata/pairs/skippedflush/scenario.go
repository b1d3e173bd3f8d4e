package skippedflush

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var l Log
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { l.Add("line") })
	}
	wg.Wait()
	if l.written != 2 {
		t.Errorf("%d of 2 lines were written", l.written)
	}
}
