package methodvalue

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	q := &Quota{left: 1}
	var wg sync.WaitGroup
	got := make(chan bool, 2)
	for range 2 {
		wg.Go(func() { got <- q.Spend() })
	}
	wg.Wait()
	if <-got == <-got {
		t.Error("not exactly one could spend the last one")
	}
}
