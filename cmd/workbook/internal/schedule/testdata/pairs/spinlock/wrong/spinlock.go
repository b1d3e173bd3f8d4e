package spinlock

import (
	"runtime"
	"sync/atomic"
)

type Spin struct{ held atomic.Bool }

func (s *Spin) Lock() {
	for s.held.Load() {
		runtime.Gosched()
	}
	s.held.Store(true)
}

func (s *Spin) Unlock() { s.held.Store(false) }
