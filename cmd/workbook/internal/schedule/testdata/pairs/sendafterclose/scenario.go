package sendafterclose

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	m := NewMailbox()
	var wg sync.WaitGroup
	wg.Go(func() { m.Post("hello") })
	m.Close()
	wg.Wait()
}
