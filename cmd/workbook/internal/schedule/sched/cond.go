package sched

import (
	"sync"
	"unsafe"
)

// Cond is sync.Cond: Signal wakes the goroutine that has waited longest, and neither Signal nor
// Broadcast orders anything; only L does.
type Cond struct {
	// L is held while observing or changing the condition.
	L Locker

	real sync.Cond // also checks for copies
}

// NewCond returns a new Cond with Locker l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// bind gives the real Cond its Locker. Waiters that hold L for reading may do it at the same time;
// all write the same value.
//
//go:norace
func (c *Cond) bind() {
	if c.real.L == nil {
		c.real.L = c.L
	}
}

// Wait unlocks c.L, waits to be woken and locks c.L again.
//
//go:norace
func (c *Cond) Wait() {
	s := active
	if s == nil {
		c.bind()
		c.real.Wait()
		return
	}
	c.real.Broadcast() // nobody waits there: only its check for copies
	step()
	g := s.enqueue(c)
	if g == nil {
		c.bind()
		c.real.Wait()
		return
	}
	c.L.Unlock()
	s.await(g, c)
	c.L.Lock()
}

// enqueue gives the running goroutine its place in the queue, before L is unlocked.
//
//go:norace
func (s *scheduler) enqueue(c *Cond) *gor {
	raceDisable()
	g := s.self()
	if g != nil {
		s.lk.lock()
		s.tickets++
		g.ticket, g.cond = s.tickets, unsafe.Pointer(c)
		s.lk.unlock()
	}
	raceEnable()
	return g
}

//go:norace
func (s *scheduler) await(g *gor, c *Cond) {
	raceDisable()
	s.lk.lock()
	if g.ticket == 0 {
		s.lk.unlock() // woken in between, which takes a Locker with a scheduling point in Unlock
	} else {
		s.block(g, unsafe.Pointer(c), waitCond)
	}
	raceEnable()
}

// Signal wakes one goroutine that waits on c, if there is any.
//
//go:norace
func (c *Cond) Signal() {
	step()
	c.real.Signal()
	if s := active; s != nil {
		s.signal(c, false)
	}
}

// Broadcast wakes all goroutines that wait on c.
//
//go:norace
func (c *Cond) Broadcast() {
	step()
	c.real.Broadcast()
	if s := active; s != nil {
		s.signal(c, true)
	}
}

//go:norace
func (s *scheduler) signal(c *Cond, all bool) {
	raceDisable()
	s.lk.lock()
	for {
		var first *gor
		for i := 0; i < s.n; i++ {
			g := s.gs[i]
			if g.ticket != 0 && g.cond == unsafe.Pointer(c) && (first == nil || g.ticket < first.ticket) {
				first = g
			}
		}
		if first == nil {
			break
		}
		first.ticket = 0
		if first.state == blocked && first.waits == waitCond {
			s.ready(first)
		}
		if !all {
			break
		}
	}
	s.lk.unlock()
	raceEnable()
}
