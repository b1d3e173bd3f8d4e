package spinlock

import (
	"runtime"
	"sync/atomic"
)

type Spin struct{ held atomic.Bool }

func (s *Spin) Lock() {
	for !s.held.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}

func (s *Spin) Unlock() { s.held.Store(false) }
