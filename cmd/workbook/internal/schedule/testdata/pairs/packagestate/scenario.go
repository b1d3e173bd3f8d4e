package packagestate

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	if opened != 0 {
		t.Fatalf("%d connections are open at the start", opened)
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { Connection() })
	}
	wg.Wait()
	if opened != 1 {
		t.Errorf("%d connections are open", opened)
	}
}
