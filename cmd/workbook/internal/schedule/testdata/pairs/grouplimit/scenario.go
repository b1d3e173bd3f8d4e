package grouplimit

import (
	"sync/atomic"
	"testing"
)

func Scenario(t *testing.T) {
	g := NewGroup(1)
	var running, most atomic.Int32
	for range 2 {
		g.Go(func() {
			if n := running.Add(1); n > most.Load() {
				most.Store(n)
			}
			running.Add(-1)
		})
	}
	g.Wait()
	if n := most.Load(); n != 1 {
		t.Errorf("%d ran at once, 1 is allowed", n)
	}
}
