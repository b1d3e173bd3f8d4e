package syncmapcount

import "sync"

type Votes struct{ m sync.Map }

func (v *Votes) Count(name string) int {
	n, ok := v.m.Load(name)
	if !ok {
		return 0
	}
	return n.(int)
}

func (v *Votes) For(name string) {
	for {
		n, loaded := v.m.LoadOrStore(name, 1)
		if !loaded || v.m.CompareAndSwap(name, n, n.(int)+1) {
			return
		}
	}
}
