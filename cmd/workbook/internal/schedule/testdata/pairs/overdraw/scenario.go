package overdraw

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	a := &Account{cents: 100}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { a.Withdraw(100) })
	}
	wg.Wait()
	if c := a.Cents(); c != 0 {
		t.Errorf("%d cents are left of 100 after two withdrawals of 100", c)
	}
}
