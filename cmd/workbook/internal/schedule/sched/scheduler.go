package sched

import (
	"runtime"
	"testing"
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
	waitBirth       // package initialisation, for its goroutines to be known
	waitEnd         // the test function, or main, has returned, and waits for the goroutines it started
	waitComm        // a communication of an interpreted program
	waitSettled     // Settle
	maxGoroutines   = 4096
	maxDecisions    = 1 << 15
	fairRun         = 200 // steps in a row after which a goroutine goes to the back of the queue
	fairRunPCT      = 1000
	stepsPerQuantum = 32 // the clock is moved once in so many steps, by a microsecond a step
)

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
	outside   bool       // a goroutine from outside the bubble met a point
	parallel  bool       // a subtest has called t.Parallel
	t         *testing.T // the bubble's

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
	in       *interpreted // nil in a compiled program; constant
	joinEdge byte         // its address carries the edge from every goroutine's end to the next schedule
	idleEdge byte         // its address carries the edge from blocked goroutines to SynctestWait
}

func newScheduler(p *plan, dec *decisions) *scheduler {
	s := &scheduler{plan: p, dec: dec, wake: make(chan struct{}, 1), due: stepsPerQuantum, gs: make([]*gor, 32)}
	dec.n = 0
	s.rng = p.seed
	for i := range int(p.seed % (maxDepth + 1)) { // shallow bugs need few changes, and many of the others' steps without one
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
		if s.in != nil {
			g.part.free = true
		} else {
			g.yielded = true
		}
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
	if g.part != nil && g.part.first != nil {
		s.introduce(g)
		return
	}
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
	if s.in != nil {
		s.overFor(g)
		return
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
// to run the learner's deferred functions to end. An interpreted one does that, in vain, see self.
//
//go:norace
func (s *scheduler) halt(g *gor) {
	if g.state == gone {
		return
	}
	<-g.ch
	if s.aborted {
		s.freeze()
	}
}

//go:norace
func (s *scheduler) freeze() {
	if s.in != nil {
		s.self().part.leaving = true
		runtime.Goexit()
	}
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
	if s.in != nil {
		s.take(g)
	}
	g.state, g.waits, g.yielded = running, waitNothing, false
	s.nparked--
	s.last, s.running = g, g
	s.quiet = s.in != nil || site(g.site).Quiet
	s.step++
	s.hash = (s.hash ^ uint64(uint32(g.site))<<16 ^ uint64(g.num)) * 0x100000001B3
	if s.tracing {
		s.trace.step(s, g)
	}
	if g.part != nil {
		g.part.inside = false
	}
}

func realGosched() { runtime.Gosched() }
