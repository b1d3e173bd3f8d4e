package doublecheck

import "sync"

type table struct{ pi int }

type Lazy struct {
	mu sync.Mutex
	t  *table
}

func (l *Lazy) Table() *table {
	if l.t != nil {
		return l.t
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.t == nil {
		l.t = &table{pi: 3}
	}
	return l.t
}
