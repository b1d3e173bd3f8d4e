package ring

import "sync/atomic"

// Ring passes numbers from one goroutine to one other.
type Ring struct {
	slots      [4]atomic.Int64
	head, tail atomic.Uint32
}

func (r *Ring) Put(x int64) bool {
	n := r.tail.Load()
	if n-r.head.Load() == 4 {
		return false
	}
	r.tail.Store(n + 1)
	r.slots[n%4].Store(x)
	return true
}

func (r *Ring) Get() (int64, bool) {
	n := r.head.Load()
	if n == r.tail.Load() {
		return 0, false
	}
	x := r.slots[n%4].Load()
	r.head.Store(n + 1)
	return x, true
}
