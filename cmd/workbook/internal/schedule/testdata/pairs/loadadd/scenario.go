package loadadd

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var m Meter
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 2 {
				m.Tick()
			}
		}()
	}
	wg.Wait()
	if n := m.Total(); n != 4 {
		t.Errorf("%d ticks of 4", n)
	}
}
