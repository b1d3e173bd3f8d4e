package onesignal

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	l := NewLatch()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(l.Wait)
	}
	l.Release()
	wg.Wait()
}
