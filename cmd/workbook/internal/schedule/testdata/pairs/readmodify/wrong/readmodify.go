package readmodify

import "sync"

type Hits struct {
	mu sync.Mutex
	n  int
}

func (h *Hits) Get() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}

func (h *Hits) set(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n = n
}

func (h *Hits) Count() { h.set(h.Get() + 1) }
