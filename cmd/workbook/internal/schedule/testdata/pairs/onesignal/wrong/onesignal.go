package onesignal

import "sync"

type Latch struct {
	mu       sync.Mutex
	changed  *sync.Cond
	released bool
}

func NewLatch() *Latch {
	l := new(Latch)
	l.changed = sync.NewCond(&l.mu)
	return l
}

func (l *Latch) Wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.released {
		l.changed.Wait()
	}
}

func (l *Latch) Release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.released = true
	l.changed.Signal()
}
