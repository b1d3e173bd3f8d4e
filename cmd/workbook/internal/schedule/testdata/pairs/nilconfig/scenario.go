package nilconfig

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var s Service
	var wg sync.WaitGroup
	wg.Go(func() { s.Load("eu") })
	wg.Go(func() {
		if r, ok := s.Region(); ok && r != "eu" {
			t.Errorf("region %q", r)
		}
	})
	wg.Wait()
}
