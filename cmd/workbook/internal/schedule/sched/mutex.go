package sched

import (
	"sync"
	"unsafe"
)

// Mutex is sync.Mutex. Under the scheduler, too, the real one holds the state, so that a copy of a
// locked Mutex is locked, and its address carries the edges; but who waits for it waits in the
// scheduler: a goroutine that blocks in the real one is not durably blocked (golang/go#77687).
type Mutex struct {
	m sync.Mutex
}

// Lock locks m.
//
//go:norace
func (m *Mutex) Lock() {
	if s := active; s != nil && s.lockMutex(m) {
		return
	}
	m.m.Lock()
}

// TryLock tries to lock m and reports whether it succeeded.
//
//go:norace
func (m *Mutex) TryLock() bool {
	s := active
	if s == nil {
		return m.m.TryLock()
	}
	raceDisable()
	g := s.self()
	s.lk.lock()
	s.arrive(g, nil, waitNothing)
	ok := m.m.TryLock()
	if ok && g != nil {
		g.take(unsafe.Pointer(m), false)
	}
	s.lk.unlock()
	raceEnable()
	if ok {
		raceAcquire(unsafe.Pointer(&m.m))
	}
	return ok
}

// Unlock unlocks m.
//
//go:norace
func (m *Mutex) Unlock() {
	if s := active; s != nil && s.unlockMutex(m) {
		return
	}
	m.m.Unlock()
}

// lockMutex reports false for a goroutine that is not the schedule's.
//
//go:norace
func (s *scheduler) lockMutex(m *Mutex) bool {
	raceDisable()
	g := s.self()
	if g == nil {
		raceEnable()
		return false
	}
	s.lk.lock()
	s.arrive(g, unsafe.Pointer(m), waitMutex)
	for !m.m.TryLock() {
		s.block(g, unsafe.Pointer(m), waitMutex)
		s.lk.lock()
	}
	g.take(unsafe.Pointer(m), false)
	s.lk.unlock()
	raceEnable()
	raceAcquire(unsafe.Pointer(&m.m))
	return true
}

// unlockMutex lets all who wait try again: which of them gets the lock is the scheduler's choice, as
// in the real one a newcomer may overtake (internal/sync/mutex.go, "normal mode").
//
//go:norace
func (s *scheduler) unlockMutex(m *Mutex) bool {
	raceDisable()
	g := s.self()
	raceEnable()
	if g == nil {
		return false
	}
	raceRelease(unsafe.Pointer(&m.m))
	raceDisable()
	s.lk.lock()
	if m.m.TryLock() {
		s.fatal(g, "fatal error: sync: unlock of unlocked mutex")
	}
	m.m.Unlock()
	s.drop(g, unsafe.Pointer(m))
	for i := 0; i < s.n; i++ {
		if w := s.gs[i]; w.state == blocked && w.obj == unsafe.Pointer(m) && w.waits == waitMutex {
			s.ready(w)
		}
	}
	s.lk.unlock()
	raceEnable()
	return true
}

//go:norace
func (m *Mutex) free() bool {
	if !m.m.TryLock() {
		return false
	}
	m.m.Unlock()
	return true
}

// take notes that g holds a lock since the point it has left last.
//
//go:norace
func (g *gor) take(obj unsafe.Pointer, read bool) {
	g.held = &hold{next: g.held, obj: obj, site: g.site, read: read}
}

// drop notes that a lock was given up by g, or by g in place of the goroutine that took it.
//
//go:norace
func (s *scheduler) drop(g *gor, obj unsafe.Pointer) {
	if g.drop(obj) {
		return
	}
	for i := 0; i < s.n; i++ {
		if s.gs[i].drop(obj) {
			return
		}
	}
}

//go:norace
func (g *gor) drop(obj unsafe.Pointer) bool {
	for p := &g.held; *p != nil; p = &(*p).next {
		if (*p).obj == obj {
			*p = (*p).next
			return true
		}
	}
	return false
}
