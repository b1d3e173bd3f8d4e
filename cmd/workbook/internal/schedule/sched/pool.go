package sched

import (
	"sync"
	"unsafe"
)

// Pool is sync.Pool. Under the scheduler it is a stack: what was put last comes out first, nothing is
// lost, and nothing stays for the next schedule.
type Pool struct {
	// New makes a value when Get would otherwise return nil.
	New func() any

	real sync.Pool
}

// poolItem is a value that lies in a pool. Its address carries the edge from Put to the Get that
// returns the value.
type poolItem struct {
	next *poolItem
	pool *Pool
	x    any
}

// Put adds x to the pool.
//
//go:norace
func (p *Pool) Put(x any) {
	s := active
	if s == nil {
		p.real.Put(x)
		return
	}
	if x == nil {
		return
	}
	item := &poolItem{pool: p, x: x}
	raceReleaseMerge(unsafe.Pointer(item))
	raceDisable()
	s.lk.lock()
	item.next, s.pool = s.pool, item
	s.lk.unlock()
	raceEnable()
}

// Get takes an arbitrary value out of the pool, or makes one with New.
//
//go:norace
func (p *Pool) Get() any {
	var x any
	if s := active; s != nil {
		x = s.poolGet(p)
	} else {
		x = p.real.Get()
	}
	if x == nil && p.New != nil {
		x = p.New()
	}
	return x
}

//go:norace
func (s *scheduler) poolGet(p *Pool) any {
	raceDisable()
	s.lk.lock()
	var found *poolItem
	for at := &s.pool; *at != nil; at = &(*at).next {
		if (*at).pool == p {
			found = *at
			*at = found.next
			break
		}
	}
	s.lk.unlock()
	raceEnable()
	if found == nil {
		return nil
	}
	raceAcquire(unsafe.Pointer(found))
	return found.x
}
