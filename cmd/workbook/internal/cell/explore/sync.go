package explore

import (
	"runtime"
	"sync"
)

// step waits until ready allows the calling goroutine to go on. It reports whether there is a
// schedule: without one nothing waits, and nothing is counted while a schedule is cleared away.
func step(ready func() bool) (*schedule, bool) {
	s := current.Load()
	if s == nil {
		return nil, false
	}
	s.wait(s.holder, operation{ready: ready})
	return s, true
}

// release returns the schedule for an operation that only lets others go on.
func release() (*schedule, bool) {
	s := current.Load()
	return s, s != nil && !s.abort
}

// Mutex replaces sync.Mutex.
type Mutex struct{ locked bool }

// Lock is a step; it waits until the mutex is free.
func (m *Mutex) Lock() {
	step(func() bool { return !m.locked })
	m.locked = true
}

// TryLock is a step.
func (m *Mutex) TryLock() bool {
	step(nil)
	if m.locked {
		return false
	}
	m.locked = true
	return true
}

// Unlock is no step of its own.
func (m *Mutex) Unlock() {
	if s, ok := release(); ok && !m.locked {
		s.fatal("sync: unlock of unlocked mutex")
	}
	m.locked = false
}

// RWMutex replaces sync.RWMutex: a writer that waits keeps new readers out.
type RWMutex struct {
	writer  bool // a writer holds it or waits for the readers to leave
	readers int
}

// Lock is a step, two where readers must leave first.
func (m *RWMutex) Lock() {
	step(func() bool { return !m.writer })
	m.writer = true
	if m.readers > 0 {
		step(func() bool { return m.readers == 0 })
	}
}

// TryLock is a step.
func (m *RWMutex) TryLock() bool {
	step(nil)
	if m.writer || m.readers > 0 {
		return false
	}
	m.writer = true
	return true
}

// Unlock is no step of its own.
func (m *RWMutex) Unlock() {
	if s, ok := release(); ok && !m.writer {
		s.fatal("sync: Unlock of unlocked RWMutex")
	}
	m.writer = false
}

// RLock is a step.
func (m *RWMutex) RLock() {
	step(func() bool { return !m.writer })
	m.readers++
}

// TryRLock is a step.
func (m *RWMutex) TryRLock() bool {
	step(nil)
	if m.writer {
		return false
	}
	m.readers++
	return true
}

// RUnlock is no step of its own.
func (m *RWMutex) RUnlock() {
	if s, ok := release(); ok && m.readers == 0 {
		s.fatal("sync: RUnlock of unlocked RWMutex")
	}
	m.readers--
}

// RLocker returns the reader's side as a Locker.
func (m *RWMutex) RLocker() sync.Locker { return (*reader)(m) }

type reader RWMutex

func (r *reader) Lock()   { (*RWMutex)(r).RLock() }
func (r *reader) Unlock() { (*RWMutex)(r).RUnlock() }

// WaitGroup replaces sync.WaitGroup.
type WaitGroup struct{ n int }

// Add is no step of its own.
func (w *WaitGroup) Add(n int) {
	if w.n += n; w.n < 0 {
		if _, ok := release(); ok {
			panic("sync: negative WaitGroup counter")
		}
	}
}

// Done is no step of its own.
func (w *WaitGroup) Done() { w.Add(-1) }

// Wait is a step; it waits until the counter is zero.
func (w *WaitGroup) Wait() { step(func() bool { return w.n == 0 }) }

// Go starts f as a goroutine that the group waits for.
func (w *WaitGroup) Go(f func()) {
	w.Add(1)
	if s := current.Load(); s != nil {
		Go(s.holder.line, func() {
			f()
			w.Done()
		})
	}
}

// Once replaces sync.Once.
type Once struct{ running, done bool }

// Do is a step; it waits while another call runs its function.
func (o *Once) Do(f func()) {
	step(func() bool { return !o.running })
	if o.done {
		return
	}
	o.running = true
	defer func() { o.running, o.done = false, true }()
	f()
}

// OnceFunc replaces sync.OnceFunc.
func OnceFunc(f func()) func() {
	var once Once
	return func() { once.Do(f) }
}

// Cond replaces sync.Cond.
type Cond struct {
	L       sync.Locker
	waiters []*bool
}

// NewCond replaces sync.NewCond.
func NewCond(l sync.Locker) *Cond { return &Cond{L: l} }

// Wait is three steps: it joins the waiters and unlocks c.L, waits for a signal, and locks c.L again.
func (c *Cond) Wait() {
	step(nil)
	woken := new(bool)
	c.waiters = append(c.waiters, woken)
	c.L.Unlock()
	if _, ok := step(func() bool { return *woken }); !ok {
		runtime.Goexit()
	}
	c.L.Lock()
}

// Signal is a step; it wakes the goroutine that waits longest.
func (c *Cond) Signal() {
	step(nil)
	if len(c.waiters) > 0 {
		*c.waiters[0] = true
		c.waiters = c.waiters[1:]
	}
}

// Broadcast is a step.
func (c *Cond) Broadcast() {
	step(nil)
	for _, w := range c.waiters {
		*w = true
	}
	c.waiters = nil
}

// Map replaces sync.Map: each method is a step.
type Map struct{ m sync.Map }

// Load is a step.
func (m *Map) Load(key any) (any, bool) { step(nil); return m.m.Load(key) }

// Store is a step.
func (m *Map) Store(key, value any) { step(nil); m.m.Store(key, value) }

// LoadOrStore is a step.
func (m *Map) LoadOrStore(key, value any) (any, bool) { step(nil); return m.m.LoadOrStore(key, value) }

// LoadAndDelete is a step.
func (m *Map) LoadAndDelete(key any) (any, bool) { step(nil); return m.m.LoadAndDelete(key) }

// Delete is a step.
func (m *Map) Delete(key any) { step(nil); m.m.Delete(key) }

// Swap is a step.
func (m *Map) Swap(key, value any) (any, bool) { step(nil); return m.m.Swap(key, value) }

// CompareAndSwap is a step.
func (m *Map) CompareAndSwap(key, old, now any) bool {
	step(nil)
	return m.m.CompareAndSwap(key, old, now)
}

// CompareAndDelete is a step.
func (m *Map) CompareAndDelete(key, old any) bool { step(nil); return m.m.CompareAndDelete(key, old) }
