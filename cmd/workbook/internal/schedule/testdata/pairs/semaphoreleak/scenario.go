package semaphoreleak

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	s := NewShop(1)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { s.Buy() })
	}
	wg.Wait()
	s.room <- struct{}{}
}
