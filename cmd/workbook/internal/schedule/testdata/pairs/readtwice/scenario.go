package readtwice

import (
	"sync"
	"testing"
)

func Scenario(t *testing.T) {
	p := &Prices{m: map[string]int{"tea": 2, "milk": 1}}
	var wg sync.WaitGroup
	wg.Go(func() { p.Set("tea", 3) })
	if s := p.Sum("tea", "milk"); s != 3 && s != 4 {
		t.Errorf("sum %d", s)
	}
	wg.Wait()
}
