package doublecheck

import (
	"sync"
	"sync/atomic"
)

type table struct{ pi int }

type Lazy struct {
	mu sync.Mutex
	t  atomic.Pointer[table]
}

func (l *Lazy) Table() *table {
	if t := l.t.Load(); t != nil {
		return t
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if t := l.t.Load(); t != nil {
		return t
	}
	t := &table{pi: 3}
	l.t.Store(t)
	return t
}
