package barrierlap

import "sync"

type Barrier struct {
	mu   sync.Mutex
	all  sync.Cond
	n, k int
}

func NewBarrier(n int) *Barrier {
	b := &Barrier{n: n}
	b.all.L = &b.mu
	return b
}

func (b *Barrier) Meet() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.k++
	if b.k == b.n {
		b.k = 0
		b.all.Broadcast()
		return
	}
	for b.k != 0 {
		b.all.Wait()
	}
}
