package sched

import (
	"runtime"
	"time"
	"unsafe"
)

// gor is a goroutine of the schedule. The scheduler's lock guards all of it.
type gor struct {
	id      uintptr
	next    *gor    // in its bucket
	num     int32   // in the order of birth, from 1; 0 until the scheduler has settled it
	start   int32   // site of the go statement
	seq     uintptr // the runtime's number, where start does not tell one from another
	parent  int32
	site    int32 // the point it stands at or has left last
	state   uint8
	waits   uint8 // waitMutex, …
	depth   uint8 // calls of Start beyond the first
	daemon  bool  // born while package state was initialised
	yielded bool
	obj     unsafe.Pointer // what it waits for
	cond    unsafe.Pointer // the Cond that it is queued at
	ticket  uint64         // its place there, 0 where it is at none
	prio    int64
	held    *hold
	selects int    // choices among ready cases so far
	rec     int    // its latest step in the trace
	calls   *entry // that it has entered since, when tracing
	ch      chan struct{}
	part    *part // of an interpreted program, else nil
}

// hold is a lock that a goroutine holds.
type hold struct {
	next *hold
	obj  unsafe.Pointer
	site int32
	read bool
}

//go:norace
func bucket(id uintptr) uintptr { return (id>>6 ^ id>>12) & 63 }

//go:norace
func (s *scheduler) find(id uintptr) *gor {
	for g := s.buckets[bucket(id)]; g != nil; g = g.next {
		if g.id == id {
			return g
		}
	}
	return nil
}

//go:norace
func (s *scheduler) forget(id uintptr) {
	for p := &s.buckets[bucket(id)]; *p != nil; p = &(*p).next {
		if (*p).id == id {
			*p = (*p).next
			return
		}
	}
}

// self is the running goroutine; nil if it does not belong to the schedule. Synchronisation must be
// hidden from the race detector already. A goroutine whose schedule has been cleared away ends here: nothing that
// its deferred functions do counts.
//
//go:norace
func (s *scheduler) self() *gor {
	id := goid()
	g := s.running
	if g == nil || g.id != id {
		s.lk.lock()
		g = s.find(id)
		s.lk.unlock()
	}
	if g != nil && g.part != nil && g.part.leaving {
		runtime.Goexit()
	}
	if g != nil || id == s.mute || s.in != nil {
		return g
	}
	return s.born(id, 0, nil)
}

// The clock of a bubble starts at the year 2000; a goroutine that sees a later century's clock was
// started outside of the bubble and must not touch its channels.
const bubbleEra = 1 << 30 // 2004-01-10, as Unix time

//go:norace
func (s *scheduler) born(id uintptr, start int32, parent *gor) *gor {
	if time.Now().Unix() > bubbleEra {
		s.outside = true
		return nil
	}
	s.lk.lock()
	if g := s.find(id); g != nil && g.num == 0 {
		g.depth++ // WaitGroup.Go of a literal that has a Start of its own
		g.start, g.site = start, start
		s.lk.unlock()
		return g
	}
	g := &gor{id: id, start: start, site: start, seq: stackID(), ch: make(chan struct{}, 1)}
	s.forget(id)
	b := bucket(id)
	g.next = s.buckets[b]
	s.buckets[b] = g
	if parent == nil {
		parent = s.running
	}
	if parent != nil {
		g.parent, g.daemon = parent.num, parent.daemon
	}
	if s.resetting {
		g.daemon = true
	}
	s.quiet = false
	if s.nfresh == len(s.fresh) {
		s.settle()
	}
	s.fresh[s.nfresh] = g
	s.nfresh++
	s.lk.unlock()
	return g
}

// begin makes the running goroutine known by the site of the go statement that started it.
//
//go:norace
func (s *scheduler) begin(start int32, parent *gor) *gor {
	raceDisable()
	g := s.born(goid(), start, parent)
	raceEnable()
	return g
}

// settle numbers the goroutines that were born since: by their go statement, not by their arrival,
// since the runtime shuffles its run queue under -race (runtime/proc.go, randomizeScheduler). Those
// of one statement in a package that is not rewritten, such as a test kit, may have been started with
// no point between; the runtime's numbers rise in the order of creation while GOMAXPROCS is 1.
//
//go:norace
func (s *scheduler) settle() {
	for s.nfresh > 0 {
		k := 0
		for i := 1; i < s.nfresh; i++ {
			if a, b := s.fresh[i], s.fresh[k]; a.start < b.start || a.start == b.start && a.seq < b.seq {
				k = i
			}
		}
		g := s.fresh[k]
		for i := k; i < s.nfresh-1; i++ {
			s.fresh[i] = s.fresh[i+1]
		}
		s.nfresh--
		if s.n == maxGoroutines {
			s.abort(fault{cap: true, text: "more than 4096 goroutines"})
			continue
		}
		s.grow()
		s.gs[s.n] = g
		s.n++
		g.num = int32(s.n)
		g.prio = int64(s.rand()>>2) + 1
	}
}

//go:norace
func (s *scheduler) grow() {
	if s.n < len(s.gs) {
		return
	}
	bigger := make([]*gor, 2*len(s.gs))
	//lint:ignore S1001 copy would tell the race detector of the accesses, a loop under go:norace does not
	for i := range s.gs {
		bigger[i] = s.gs[i]
	}
	s.gs = bigger
}
