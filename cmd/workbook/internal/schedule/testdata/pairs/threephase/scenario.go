package threephase

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var o Order
	var wg sync.WaitGroup
	wg.Go(o.Ship)
	wg.Go(o.Ship)
	wg.Go(o.Cancel)
	wg.Wait()
	if o.parcels > 1 {
		t.Errorf("%d parcels for one order", o.parcels)
	}
}
