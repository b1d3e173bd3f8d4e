package closeselect

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	s := &Server{quit: make(chan struct{})}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { s.Stop() })
	}
	wg.Wait()
	<-s.quit
}
