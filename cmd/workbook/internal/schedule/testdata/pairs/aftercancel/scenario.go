package aftercancel

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	o := NewOrder()
	var wg sync.WaitGroup
	wg.Go(func() { o.Book() })
	o.Cancel()
	before := o.Booked()
	wg.Wait()
	if after := o.Booked(); after != before {
		t.Error("booked after it was cancelled")
	}
}
