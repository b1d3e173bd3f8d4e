package sched

import (
	"runtime"
	"testing/synctest"
	"time"
)

// Goroutines that are left when the test function has returned get a minute of virtual time, or
// 1,000 steps over at least a second of it (a ticker that nobody stops), and end as a leak; if they
// take 3,000 steps without ever waiting, they are not judged.
const (
	graceTime  = time.Minute
	graceWait  = time.Second
	graceSteps = 1000
	spinSteps  = 3000
)

// loop decides who goes on whenever all goroutines of the bubble are parked, wait for one of our
// objects, or are durably blocked by Go itself.
//
//go:norace
func (s *scheduler) loop() {
	raceDisable()
	for s.turn() {
	}
	raceEnable()
}

//go:norace
func (s *scheduler) turn() bool {
	synctest.Wait()
	s.lk.lock()
	s.settle()
	if !s.aborted && s.step >= s.cap {
		s.abort(fault{cap: true, text: "step cap"})
	}
	if s.aborted {
		s.stopAll()
		return false
	}
	if g := s.waiter(waitBirth); g != nil {
		s.ready(g)
		s.resetting = false
		s.letGo(g)
		return true
	}
	if s.step >= s.due {
		s.tick()
		return true
	}
	if g := s.decide(false); g != nil {
		s.letGo(g)
		return true
	}
	if g := s.waiter(waitIdle); g != nil {
		s.ready(g)
		s.letGo(g)
		<-s.wake
		return true
	}
	if s.ending {
		return s.finish()
	}
	s.idle = true
	s.lk.unlock()
	<-s.wake
	return true
}

// tick moves the clock: a step costs a microsecond, so that a loop that waits for a time to come
// ends. From 4,096 steps on time runs faster, so that it ends before the step cap. The lock is held
// at the call and not after it.
//
//go:norace
func (s *scheduler) tick() {
	d := stepsPerQuantum * time.Microsecond
	if k := s.step / 4096; k > 0 {
		d <<= min(4*k, 16)
	}
	s.due = s.step + stepsPerQuantum
	s.lk.unlock()
	time.Sleep(d)
}

// jump lets time run until a timer makes some goroutine come to a point, at most for the guard. It
// is a choice like any other. The lock is held at the call and again after it.
//
//go:norace
func (s *scheduler) jump(guard time.Duration) {
	s.idle = true
	s.lk.unlock()
	raceEnable() // package time is instrumented code, and initialises itself with a sync.Once
	t := time.NewTimer(guard)
	raceDisable()
	select {
	case <-s.wake:
	case <-t.C:
	}
	raceEnable()
	t.Stop()
	raceDisable()
	synctest.Wait()
	s.lk.lock()
	if s.idle {
		s.idle = false
	} else {
		select {
		case <-s.wake: // arrived together with the guard
		default:
		}
	}
	s.settle()
}

// letGo lets a parked goroutine go on. The lock is held at the call and not after it.
//
//go:norace
func (s *scheduler) letGo(g *gor) {
	s.release(g)
	s.lk.unlock()
	g.ch <- struct{}{}
}

// waiter is a goroutine that waits in one way.
//
//go:norace
func (s *scheduler) waiter(waits uint8) *gor {
	for i := 0; i < s.n; i++ {
		if g := s.gs[i]; g.state == blocked && g.waits == waits {
			return g
		}
	}
	return nil
}

// finish decides, with the test function returned and nobody to choose, whether the schedule is
// over. The lock is held at the call and not after it.
//
//go:norace
func (s *scheduler) finish() bool {
	daemons := 0
	for i := 0; i < s.n; i++ {
		if g := s.gs[i]; g.daemon && g.state != gone {
			daemons++
		}
	}
	left := runtime.NumGoroutine() - s.base
	over := s.grace >= graceTime || s.step-s.endStep >= graceSteps && s.grace >= graceWait
	if left <= daemons && !s.fullGrace || over {
		s.left, s.leftOK = left, left <= daemons
		s.noGrace = !over
		s.ready(s.main)
		s.letGo(s.main)
		return false
	}
	d := max(s.grace, time.Microsecond)
	s.grace += d
	s.lk.unlock()
	time.Sleep(d)
	return true
}

// end is called when the test function and its cleanup functions have returned; it comes back when
// the other goroutines have ended or are given up.
//
//go:norace
func (s *scheduler) end() {
	raceDisable()
	s.lk.lock()
	s.ending, s.endStep = true, s.step
	s.quiet = false
	s.block(s.main, nil, waitEnd)
	raceEnable()
}

// settled is called when package state has been initialised: it waits for the goroutines that were
// started then to come to a halt once, which makes them daemons.
//
//go:norace
func (s *scheduler) settled() {
	raceDisable()
	s.lk.lock()
	s.quiet = false
	s.block(s.main, nil, waitBirth)
	raceEnable()
}

// stopAll wakes whoever is parked, to freeze. The lock is held at the call and not after it.
//
//go:norace
func (s *scheduler) stopAll() {
	for i := 0; i < s.n; i++ {
		if g := s.gs[i]; g.state == parked {
			g.state = blocked
			g.ch <- struct{}{}
		}
	}
	s.lk.unlock()
}

// SynctestWait is synctest.Wait: it returns when all other goroutines are durably blocked.
//
//go:norace
func SynctestWait() {
	s := active
	if s == nil {
		synctest.Wait()
		return
	}
	raceDisable()
	g := s.self()
	if g == nil {
		raceEnable()
		synctest.Wait()
		return
	}
	s.lk.lock()
	s.quiet = false
	s.block(g, nil, waitIdle)
	raceEnable()
	synctest.Wait() // the loop is not in Wait now; this one gives the edges that the runtime gives
	raceAcquire(ptr(&s.idleEdge))
	raceDisable()
	s.wake <- struct{}{}
	raceEnable()
}
