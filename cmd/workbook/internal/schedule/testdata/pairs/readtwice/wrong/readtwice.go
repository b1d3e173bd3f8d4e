package readtwice

import "sync"

type Prices struct {
	mu sync.RWMutex
	m  map[string]int
}

func (p *Prices) Get(k string) int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.m[k]
}

func (p *Prices) Set(k string, v int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.m[k] = v
}

func (p *Prices) Sum(ks ...string) (s int) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, k := range ks {
		s += p.Get(k)
	}
	return s
}
