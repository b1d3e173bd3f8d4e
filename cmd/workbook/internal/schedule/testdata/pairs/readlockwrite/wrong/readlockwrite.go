package readlockwrite

import "sync"

type Views struct {
	mu sync.RWMutex
	n  int
}

func (v *Views) Look() int {
	v.mu.RLock()
	defer v.mu.RUnlock()
	v.n++
	return v.n
}
