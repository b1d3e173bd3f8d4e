package closetwice

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	d := NewDoor()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(d.Shut)
	}
	<-d.Shutting()
	wg.Wait()
}
