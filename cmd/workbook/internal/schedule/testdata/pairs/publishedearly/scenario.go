package publishedearly

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var s Site
	var wg sync.WaitGroup
	wg.Go(func() { s.Put("title") })
	wg.Go(func() {
		if p := s.Get(); p != nil && p.title != "title" {
			t.Errorf("a page with the title %q", p.title)
		}
	})
	wg.Wait()
}
