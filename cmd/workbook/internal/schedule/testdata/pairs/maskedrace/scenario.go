package maskedrace

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	var n Note
	var wg sync.WaitGroup
	wg.Go(func() { n.Write("x") })
	for range 20 {
		warmUp++
	}
	n.Read()
	wg.Wait()
}

var warmUp int
