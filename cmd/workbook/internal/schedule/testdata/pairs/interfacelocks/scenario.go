package interfacelocks

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	a, b := NewShelf("a", 2), NewShelf("b", 2)
	var wg sync.WaitGroup
	wg.Go(func() { Swap(a, b) })
	wg.Go(func() { Swap(b, a) })
	wg.Wait()
}
