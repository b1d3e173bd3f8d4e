package panicholdslock

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	a := &Ages{m: map[string]*int{}}
	var wg sync.WaitGroup
	wg.Go(func() { a.Birthday("ann") })
	wg.Go(func() { a.Born("ann") })
	wg.Wait()
}
