package sched

import (
	"runtime"
	"time"
	"unsafe"
)

// The states of a goroutine.
const (
	running = iota // let go and not back yet: it runs, or Go itself blocks it (channel, timer, …)
	parked         // stands at a point, may be chosen
	blocked        // waits for an object of this package, may not be chosen
	gone
)

// What a blocked goroutine waits for.
const (
	waitNothing     = iota
	waitMutex       // Mutex.Lock
	waitWriter      // RWMutex.Lock, for another writer
	waitReaders     // RWMutex.Lock, for the readers to leave
	waitReadLock    // RWMutex.RLock
	waitGroup       // WaitGroup.Wait
	waitCond        // Cond.Wait
	waitIdle        // SynctestWait
	waitEnd         // the test function has returned, and waits for the goroutines it started
	maxGoroutines   = 4096
	maxDecisions    = 1 << 15
	fairRun         = 200 // steps in a row after which a goroutine goes to the back of the queue
	fairRunPCT      = 1000
	stepsPerQuantum = 32 // the clock is moved once in so many steps, by a microsecond a step
)

// gor is a goroutine of the schedule. The scheduler's lock guards all of it.
type gor struct {
	id      uintptr
	next    *gor  // in its bucket
	num     int32 // in the order of birth, from 1; 0 until the scheduler has settled it
	start   int32 // site of the go statement
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
	selects int // choices among ready cases so far
	rec     int // its latest step in the trace
	ch      chan struct{}
}

// hold is a lock that a goroutine holds.
type hold struct {
	next *hold
	obj  unsafe.Pointer
	site int32
	read bool
}

// scheduler is the state of one schedule.
type scheduler struct {
	lk      word // guards all that follows, but what is said to be constant
	buckets [64]*gor
	gs      []*gor // by num-1; grows by hand
	n       int    // goroutines in gs
	nfresh  int
	fresh   [64]*gor // born, not numbered yet
	mute    uintptr  // a goroutine whose points are passed over: it prints its own panic
	nparked int
	running *gor // the one that was let go last
	last    *gor
	runLen  int
	quiet   bool // nobody but running can have moved since it was let go
	idle    bool // the loop waits on wake
	wake    chan struct{}

	step      int
	due       int // the step at which the clock is moved
	cap       int // constant
	jumps     bool
	tracing   bool // constant
	fullGrace bool // constant
	resetting bool
	outside   bool // a goroutine from outside the bubble met a point

	plan    *plan // constant
	devs    int   // deviations of the plan that were used
	rng     uint64
	change  [maxDepth]int
	dec     *decisions
	hash    uint64 // of (goroutine, site) of all steps
	misfits int    // deviations that did not fit the run

	ending   bool // the test function has returned
	endStep  int
	grace    time.Duration // virtual time given to the goroutines that are left
	base     int           // runtime.NumGoroutine when the test function began
	left     int           // goroutines that were left when the schedule ended
	leftOK   bool          // and they were all daemons
	noGrace  bool          // the end was decided by counting goroutines
	main     *gor
	aborted  bool
	fault    fault
	tickets  uint64
	pool     *poolItem
	trace    *trace
	joinEdge byte // its address carries the edge from every goroutine's end to the next schedule
	idleEdge byte // its address carries the edge from blocked goroutines to SynctestWait
}

// fault is what ended a schedule before its time.
type fault struct {
	class string // Panic, or "" with cap set
	text  string
	g     int32
	site  int32
	stack string
	cap   bool
}

func newScheduler(p *plan, dec *decisions) *scheduler {
	s := &scheduler{plan: p, dec: dec, wake: make(chan struct{}, 1), due: stepsPerQuantum, gs: make([]*gor, 32)}
	dec.n = 0
	s.rng = p.seed
	for i := range s.change {
		s.change[i] = 1 + int(s.rand()%uint64(max(p.est, 1)))
	}
	return s
}

// rand is splitmix64: math/rand is instrumented code, and the state is shared.
//
//go:norace
func (s *scheduler) rand() uint64 {
	s.rng += 0x9E3779B97F4A7C15
	x := s.rng
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
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
// hidden from the race detector already.
//
//go:norace
func (s *scheduler) self() *gor {
	id := goid()
	if r := s.running; r != nil && r.id == id {
		return r
	}
	s.lk.lock()
	g := s.find(id)
	s.lk.unlock()
	if g != nil || id == s.mute {
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
	g := &gor{id: id, start: start, site: start, ch: make(chan struct{}, 1)}
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
// since the runtime shuffles its run queue under -race (runtime/proc.go, randomizeScheduler).
//
//go:norace
func (s *scheduler) settle() {
	for s.nfresh > 0 {
		k := 0
		for i := 1; i < s.nfresh; i++ {
			if s.fresh[i].start < s.fresh[k].start {
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
	for i := range s.gs {
		bigger[i] = s.gs[i]
	}
	s.gs = bigger
}

//go:norace
func (s *scheduler) point(n int32) {
	raceDisable()
	if g := s.self(); g != nil {
		s.lk.lock()
		if site(n).Op == "yield" {
			g.yielded = true
		}
		s.park(g, n)
	}
	raceEnable()
}

//go:norace
func (s *scheduler) yield() {
	raceDisable()
	if g := s.self(); g != nil {
		s.lk.lock()
		g.yielded = true
		s.park(g, g.site)
	}
	raceEnable()
}

// park makes the running goroutine one that may be chosen, and returns when it has been. The lock
// is held at the call and not after it.
//
//go:norace
func (s *scheduler) park(g *gor, site int32) {
	g.site = site
	g.state = parked
	s.nparked++
	s.pass(g)
}

// block makes the running goroutine wait until another one calls ready. The lock is held at the
// call and not after it.
//
//go:norace
func (s *scheduler) block(g *gor, obj unsafe.Pointer, waits uint8) {
	g.state, g.obj, g.waits = blocked, obj, waits
	if s.tracing {
		s.trace.blocked(g)
	}
	s.publish(&s.joinEdge)
	s.publish(&s.idleEdge)
	s.pass(g)
}

// publish releases on addr what the goroutine did, as the runtime does when it parks a goroutine of
// a bubble. Synchronisation is hidden around it.
//
//go:norace
func (s *scheduler) publish(addr *byte) {
	raceEnable()
	raceReleaseMerge(unsafe.Pointer(addr))
	raceDisable()
}

// ready lets a blocked goroutine be chosen.
//
//go:norace
func (s *scheduler) ready(g *gor) {
	g.state = parked
	s.nparked++
}

// pass hands over from g to whoever is next. Where nobody else can have moved, that is decided here
// and needs no or one switch; else the loop decides once the bubble is quiescent. The lock is
// held at the call and not after it.
//
//go:norace
func (s *scheduler) pass(g *gor) {
	if s.quiet && s.running == g && s.nfresh == 0 {
		if next := s.decide(true); next != nil {
			s.release(next)
			s.lk.unlock()
			if next == g {
				return
			}
			next.ch <- struct{}{}
			s.halt(g)
			return
		}
	}
	s.quiet = false
	idle := s.idle
	s.idle = false
	s.lk.unlock()
	if idle {
		s.wake <- struct{}{}
	}
	s.halt(g)
}

// halt waits for the release. In an aborted schedule the goroutine never comes back: it would have
// to run the learner's deferred functions to end.
//
//go:norace
func (s *scheduler) halt(g *gor) {
	<-g.ch
	if s.aborted {
		s.freeze()
	}
}

//go:norace
func (s *scheduler) freeze() {
	s.publish(&s.joinEdge)
	select {}
}

// release takes the decision: g goes on. The lock is held.
//
//go:norace
func (s *scheduler) release(g *gor) {
	if g == s.last {
		s.runLen++
	} else {
		s.runLen = 0
	}
	g.state, g.waits, g.yielded = running, waitNothing, false
	s.nparked--
	s.last, s.running = g, g
	s.quiet = site(g.site).Quiet
	s.step++
	s.hash = (s.hash ^ uint64(uint32(g.site))<<16 ^ uint64(g.num)) * 0x100000001B3
	if s.tracing {
		s.trace.step(s, g)
	}
}

// abort ends the schedule: whoever comes to a point stays there. The lock is held.
//
//go:norace
func (s *scheduler) abort(f fault) {
	if !s.aborted {
		s.aborted = true
		s.fault = f
	}
	s.quiet = false
}

// fatal is for what the standard library answers with an unrecoverable "fatal error: …". The process
// lives on, since the next schedule has nothing to do with this one, but the goroutine does not: it
// never returns. Synchronisation is hidden, the lock is held.
//
//go:norace
func (s *scheduler) fatal(g *gor, text string) {
	var stack string
	if s.tracing {
		stack = ownStack()
	}
	s.abort(fault{class: Panic, text: text, g: g.num, site: g.site, stack: stack})
	idle := s.idle
	s.idle = false
	s.lk.unlock()
	if idle {
		s.wake <- struct{}{}
	}
	s.freeze()
}

// endGoroutine is deferred by Start.
//
//go:norace
func endGoroutine() {
	s := active
	if s == nil {
		return
	}
	r := recover()
	if r != nil {
		s.panicked(r)
	}
	raceReleaseMerge(unsafe.Pointer(&s.joinEdge))
	raceReleaseMerge(unsafe.Pointer(&s.idleEdge))
	raceDisable()
	s.lk.lock()
	if g := s.find(goid()); g != nil && g.depth > 0 {
		g.depth--
	} else if g != nil {
		g.state = gone
		s.forget(g.id)
	}
	s.lk.unlock()
	raceEnable()
}

// panicked records a panic that would have ended the process, and ends the schedule instead.
func (s *scheduler) panicked(v any) {
	raceDisable()
	g := s.self()
	s.leave(g)
	raceEnable()
	text, stack := panicText(v), ownStack() // may call the learner's Error method
	raceDisable()
	s.lk.lock()
	f := fault{class: Panic, text: text, stack: stack}
	if g != nil {
		f.g, f.site = g.num, g.site
	}
	s.abort(f)
	s.lk.unlock()
	raceEnable()
}

// leave takes the running goroutine out of the schedule.
//
//go:norace
func (s *scheduler) leave(g *gor) {
	if g == nil {
		return
	}
	s.lk.lock()
	s.mute = g.id
	s.running, s.quiet = nil, false
	g.state = gone
	s.forget(g.id)
	s.lk.unlock()
}

func realGosched() { runtime.Gosched() }
