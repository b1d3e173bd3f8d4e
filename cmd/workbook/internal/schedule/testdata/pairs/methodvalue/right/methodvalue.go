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
	return q.under(q.mu.Lock, q.mu.Unlock, func() bool {
		if q.left == 0 {
			return false
		}
		q.left--
		return true
	})
}
