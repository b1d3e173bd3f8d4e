package readlockwrite

import "sync"

type Views struct {
	mu sync.RWMutex
	n  int
}

func (v *Views) Look() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.n++
	return v.n
}
