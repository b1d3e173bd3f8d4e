package crossed

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	a, b := &Purse{id: 1, coins: 5}, &Purse{id: 2, coins: 5}
	var wg sync.WaitGroup
	wg.Go(func() { Pay(a, b) })
	wg.Go(func() { Pay(b, a) })
	wg.Wait()
	if a.coins != 5 || b.coins != 5 {
		t.Errorf("%d and %d coins", a.coins, b.coins)
	}
}
