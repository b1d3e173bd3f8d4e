package genericcache

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	made := 0
	c := NewCache(func(k string) *int { made++; return &made })
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { c.Get("x") })
	}
	wg.Wait()
	if made != 1 {
		t.Errorf("made %d times", made)
	}
}
