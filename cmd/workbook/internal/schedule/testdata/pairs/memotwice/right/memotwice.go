package memotwice

import "sync"

type Memo struct{ known sync.Map }

func (m *Memo) Get(k string, compute func() int) int {
	f, _ := m.known.LoadOrStore(k, sync.OnceValue(compute))
	return f.(func() int)()
}
