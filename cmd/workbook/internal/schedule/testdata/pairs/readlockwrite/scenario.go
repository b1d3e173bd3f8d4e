package readlockwrite

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var v Views
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { v.Look() })
	}
	wg.Wait()
	if n := v.Look(); n != 3 {
		t.Errorf("the third look is number %d", n)
	}
}
