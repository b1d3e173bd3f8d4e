package upgrade

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	r := &Rooms{m: map[string]*Room{}}
	var got [2]*Room
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = r.Enter("blue") })
	}
	wg.Wait()
	if got[0] != got[1] {
		t.Error("there are two blue rooms")
	}
}
