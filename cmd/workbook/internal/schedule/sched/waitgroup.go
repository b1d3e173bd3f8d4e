package sched

import (
	"sync"
	"unsafe"
)

// WaitGroup is sync.WaitGroup. Under the scheduler it follows the real one's algorithm, including
// the accesses that make the race detector report an Add that is not ordered before Wait.
type WaitGroup struct {
	real    sync.WaitGroup
	n       int32
	waiters int32
	sema    byte // the address of those accesses
}

// Add adds delta to the counter.
//
//go:norace
func (wg *WaitGroup) Add(delta int) {
	s := active
	if s == nil {
		wg.real.Add(delta)
		return
	}
	if delta < 0 {
		raceReleaseMerge(unsafe.Pointer(wg))
	}
	raceDisable()
	if s.self() == nil {
		raceEnable()
		wg.real.Add(delta)
		return
	}
	s.lk.lock()
	wg.n += int32(delta)
	n, w := wg.n, wg.waiters
	if n == 0 && w > 0 {
		wg.waiters = 0
		s.grantWait(wg)
	}
	s.lk.unlock()
	if delta > 0 && n == int32(delta) {
		raceRead(unsafe.Pointer(&wg.sema))
	}
	raceEnable()
	if n < 0 {
		panic("sync: negative WaitGroup counter")
	}
	if w != 0 && delta > 0 && n == int32(delta) {
		panic("sync: WaitGroup misuse: Add called concurrently with Wait")
	}
}

//go:norace
func (s *scheduler) grantWait(wg *WaitGroup) {
	for i := 0; i < s.n; i++ {
		if g := s.gs[i]; g.state == blocked && g.obj == unsafe.Pointer(wg) && g.waits == waitGroup {
			s.ready(g)
		}
	}
}

// Done decrements the counter by one.
//
//go:norace
func (wg *WaitGroup) Done() { wg.Add(-1) }

// Wait blocks until the counter is zero.
//
//go:norace
func (wg *WaitGroup) Wait() {
	s := active
	if s == nil {
		wg.real.Wait()
		return
	}
	raceDisable()
	g := s.self()
	if g == nil {
		raceEnable()
		wg.real.Wait()
		return
	}
	s.lk.lock()
	s.arrive(g, unsafe.Pointer(wg), waitGroup)
	reused := false
	if wg.n == 0 {
		s.lk.unlock()
	} else {
		wg.waiters++
		if wg.waiters == 1 {
			raceWrite(unsafe.Pointer(&wg.sema))
		}
		s.block(g, unsafe.Pointer(wg), waitGroup)
		reused = wg.n != 0 || wg.waiters != 0
	}
	raceEnable()
	raceAcquire(unsafe.Pointer(wg))
	if reused {
		panic("sync: WaitGroup is reused before previous Wait has returned")
	}
}

// Go calls f in a new goroutine and adds that to wg.
func (wg *WaitGroup) Go(f func()) {
	s := active
	if s == nil {
		wg.real.Go(f)
		return
	}
	if s.in != nil {
		wg.Add(1)
		Spawn(startSite(s.self()), func() {
			f()
			wg.Done()
		})
		return
	}
	parent := s.noisy()
	wg.Add(1)
	go func() {
		defer endGoroutine()
		s.begin(startSite(parent), parent)
		defer func() {
			if x := recover(); x != nil {
				panic(x) // without Done, as the real one
			}
			wg.Done()
		}()
		f()
	}()
}

//go:norace
func startSite(parent *gor) int32 {
	if parent == nil {
		return 0
	}
	return parent.site
}
