package methodvalue

import "sync"

type Quota struct {
	mu   sync.RWMutex
	left int
}

func (q *Quota) under(lock, unlock func(), f func() bool) bool {
	lock()
	defer unlock()
	return f()
}

func (q *Quota) Spend() bool {
	if !q.under(q.mu.RLock, q.mu.RUnlock, func() bool { return q.left > 0 }) {
		return false
	}
	return q.under(q.mu.Lock, q.mu.Unlock, func() bool { q.left--; return true })
}
