package waitonce

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	b := NewBasket()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { b.Take() })
	}
	b.Put(1)
	b.Put(2)
	wg.Wait()
}
