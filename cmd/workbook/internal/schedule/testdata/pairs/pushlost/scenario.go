package pushlost

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var l List
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { l.Push(i) })
	}
	wg.Wait()
	if n := l.Len(); n != 2 {
		t.Errorf("%d of 2 are in the list", n)
	}
}
