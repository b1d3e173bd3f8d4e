package crossedonce

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	a, b := &Part{name: "a"}, &Part{name: "b"}
	a.needs, b.needs = b, a
	var wg sync.WaitGroup
	wg.Go(a.Ready)
	wg.Go(b.Ready)
	wg.Wait()
	if !a.loaded || !b.loaded {
		t.Error("a part is missing")
	}
}
