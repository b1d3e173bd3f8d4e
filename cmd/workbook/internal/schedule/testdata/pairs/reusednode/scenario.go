package reusednode

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	f := NewFree(2)
	var held sync.Map
	var wg sync.WaitGroup
	take := func() *Block {
		b := f.Take()
		if b == nil {
			return nil
		}
		if _, taken := held.LoadOrStore(b, true); taken {
			t.Errorf("block %d was given out twice", b.id)
		}
		return b
	}
	wg.Go(func() { take() })
	wg.Go(func() {
		a := take()
		take()
		if a != nil {
			held.Delete(a)
			f.Give(a)
		}
		take()
	})
	wg.Wait()
}
