package sched

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unsafe"
)

// An interpreted program is the other kind that this scheduler runs: its rewriter leaves nothing that can block
// to Go. Spawn starts the goroutines, ToSend, ToReceive, ToClose and Choose stand before the channel operations (channels.go), and
// the types of package sync are the same as a compiled program's, but their operations are scheduling points
// themselves. So the scheduler knows at every point who can go on: it chooses only among those, needs no bubble
// and no loop, and can end a schedule with all of its goroutines.

// interpreted is what a schedule of an interpreted program has besides; the goroutine that runs owns it.
type interpreted struct {
	over    chan struct{} // receives when nobody can or may go on
	chans   map[uintptr]*channel
	forced  *gor // the receiver that must go on next
	out     bytes.Buffer
	shown   int   // steps of the trace before the first goroutine was started
	settled int   // steps before main's latest wait for all others
	entry   int   // of main, see Entry
	err     error // the program cannot be explored
}

// part is what a goroutine of an interpreted program has besides.
type part struct {
	first   chan struct{} // receives when the goroutine comes to its first point, or its end; nil after that
	ended   chan struct{} // closed when it has
	leaving bool          // the schedule is over: it may do nothing but end
	ends    bool          // main has returned, and the program with it when it goes on
	free    bool          // to turn to another goroutine now is no preemption
	inside  bool          // it stands in an operation behind its site
	comms   []comm        // that it offers
	other   bool          // it can do without: a select statement's default
	taken   int           // the index of the one that happened, -1 for none
}

// The ways in which a schedule of an interpreted program ends, besides Panic and Deadlock.
const (
	Finished = "ok"
	Fatal    = "fatal"   // what the standard library or the workbook stops a program for
	Endless  = "endless" // it went on for more steps than allowed
)

// maxOutput is how many bytes an interpreted program may print in one schedule.
const maxOutput = 16 << 10

// maxSettle is how many steps of the others main waits for in Settle.
const maxSettle = 5000

// interpreter runs schedules of an interpreted program one after another.
type interpreter struct {
	reset, main func()
	cap         int
	dec         decisions
}

// run runs the schedule that the plan describes, and leaves no goroutine behind.
func (e *interpreter) run(p *plan, tracing bool) *scheduler {
	s := newScheduler(p, &e.dec)
	s.in = &interpreted{over: make(chan struct{}, 1), chans: map[uintptr]*channel{}}
	s.cap, s.due, s.quiet = e.cap, maxInt, true
	if tracing {
		s.tracing, s.trace = true, newTrace(nil)
	}
	setActive(s)
	s.spawn(0, func() {
		e.reset()
		e.main()
	})
	s.lk.lock()
	s.running = s.main
	if g := s.decide(true); g != nil {
		s.letGo(g)
		<-s.in.over
	} else {
		s.stuck()
		s.lk.unlock()
	}
	return s
}

const maxInt = int(^uint(0) >> 1)

// clear ends the goroutines of a schedule that is over.
func (s *scheduler) clear() {
	s.aborted = true
	for _, g := range slices.Clone(s.gs[:s.n]) {
		if g.state != gone {
			g.ch <- struct{}{}
			<-g.part.ended
		}
	}
	setActive(nil)
}

// Spawn starts f as a goroutine of an interpreted program and lets it come to its first point.
func Spawn(site int32, f func()) {
	s := active
	if s == nil || s.in == nil {
		go f()
		return
	}
	g := s.self()
	g.site = site
	s.spawn(site, f)
	if s.aborted { // by f
		s.lk.lock()
		s.park(g, g.site)
	}
}

func (s *scheduler) spawn(site int32, f func()) {
	g := &gor{start: site, site: site, ch: make(chan struct{}, 1), part: &part{ended: make(chan struct{}), first: make(chan struct{}, 1)}}
	if s.n == maxGoroutines {
		s.giveUp("more than 4096 goroutines")
	}
	if s.n == 1 && s.tracing {
		s.in.shown = s.trace.n
	}
	s.grow()
	s.gs[s.n] = g
	s.n++
	g.num = int32(s.n)
	if s.running != nil {
		g.parent = s.running.num
	}
	if g.num == 1 {
		s.main = g
	}
	first := g.part.first
	go s.body(g, f)
	<-first
}

// body is a goroutine of an interpreted program from begin to end.
func (s *scheduler) body(g *gor, f func()) {
	defer close(g.part.ended)
	s.register(g)
	defer s.depart(g)
	f()
	if g == s.main && !s.aborted {
		if s.alive() > 1 {
			s.stand(g, waitEnd)
		}
		s.abort(fault{class: Finished})
	}
}

func (s *scheduler) register(g *gor) {
	g.id = goid()
	b := bucket(g.id)
	g.next = s.buckets[b]
	s.buckets[b] = g
}

// depart takes a goroutine out of the schedule; a panic ends the schedule.
func (s *scheduler) depart(g *gor) {
	if v := recover(); v != nil && !s.aborted {
		s.abort(fault{class: Panic, text: interpretedPanic(v), g: g.num, site: g.site})
	}
	g.state = gone
	s.forget(g.id)
	if first := g.part.first; first != nil {
		g.part.first = nil
		first <- struct{}{}
		return
	}
	if !g.part.leaving || s.running == g {
		s.lk.lock()
		s.pass(g)
	}
}

func (s *scheduler) alive() int {
	n := 0
	for _, g := range s.gs[:s.n] {
		if g.state != gone {
			n++
		}
	}
	return n
}

// introduce brings a new goroutine that has come to its first point back to the one that started it. The lock is
// held at the call and not after it.
func (s *scheduler) introduce(g *gor) {
	first := g.part.first
	g.part.first = nil
	s.lk.unlock()
	first <- struct{}{}
	s.halt(g)
}

// overFor says that the schedule is over, with nobody to go on. The lock is held at the call and not after it.
func (s *scheduler) overFor(g *gor) {
	s.stuck()
	s.lk.unlock()
	select {
	case s.in.over <- struct{}{}:
	default: // it is known
	}
	s.halt(g)
}

// stuck says why nobody goes on.
func (s *scheduler) stuck() {
	switch {
	case s.aborted:
	case s.step >= s.cap:
		s.abort(fault{class: Endless, text: fmt.Sprintf("more than %d steps", s.cap)})
	default:
		s.abort(fault{class: Deadlock})
	}
}

// giveUp ends a schedule whose program cannot be explored, and the goroutine.
func (s *scheduler) giveUp(text string) {
	s.in.err = errors.New(text)
	s.abort(fault{class: Fatal, text: text})
	s.freeze()
}

// arrive makes an operation of package sync a scheduling point of an interpreted program: the goroutine goes on
// when the operation can happen. In a compiled program a point stands before it. The lock is held.
//
//go:norace
func (s *scheduler) arrive(g *gor, obj unsafe.Pointer, waits uint8) {
	if s.in == nil {
		return
	}
	g.obj, g.waits, g.part.inside = obj, waits, true
	s.park(g, g.site)
	s.lk.lock()
}

// step is a scheduling point of an interpreted program at an operation that can always happen; in a compiled one a
// point stands before it.
//
//go:norace
func step() {
	if s := active; s != nil && s.in != nil {
		if g := s.self(); g != nil {
			s.stand(g, waitNothing)
		}
	}
}

// stand is a scheduling point at the site that the goroutine came to last.
func (s *scheduler) stand(g *gor, waits uint8) {
	s.lk.lock()
	s.arrive(g, nil, waits)
	s.lk.unlock()
}

// offers is the goroutine that must go on, or else makes those parked that can, and no others: those that want
// others to run first, and main where it waits for all others, only where there is nobody else.
func (s *scheduler) offers() *gor {
	if g := s.in.forced; g != nil {
		s.in.forced = nil
		return g
	}
	if !s.count(false, s.step-s.in.settled > maxSettle) && !s.count(false, true) {
		s.count(true, true)
	}
	return nil
}

// count parks the goroutines that can go on, blocks the others, and reports whether there are any.
func (s *scheduler) count(resting, settling bool) bool {
	s.nparked = 0
	for _, g := range s.gs[:s.n] {
		if g.state != parked && g.state != blocked {
			continue
		}
		g.state = blocked
		switch {
		case !resting && (g.yielded || g == s.last && s.runLen > fairRun):
		case g.waits == waitSettled && !settling:
		case s.can(g):
			g.state = parked
			s.nparked++
		}
	}
	return s.nparked > 0
}

// can reports whether what the goroutine waits for can happen.
func (s *scheduler) can(g *gor) bool {
	switch g.waits {
	case waitMutex:
		return (*Mutex)(g.obj).free()
	case waitWriter:
		return !(*RWMutex)(g.obj).writer
	case waitReaders:
		return (*RWMutex)(g.obj).readerWait == 0
	case waitReadLock:
		return (*RWMutex)(g.obj).readerCount >= 0
	case waitGroup:
		return (*WaitGroup)(g.obj).n == 0
	case waitCond:
		return g.ticket == 0
	case waitComm:
		return s.matches(g, nil) > 0
	}
	return true
}

// take makes the move of a goroutine that was chosen: others may want to run before it from now on, and of several
// communications one happens.
func (s *scheduler) take(g *gor) {
	for _, other := range s.gs[:s.n] {
		if other != g {
			other.yielded = false
		}
	}
	g.part.free, g.part.ends = false, g.waits == waitEnd
	if g.waits != waitComm || g.part.comms == nil {
		return
	}
	m := s.chosen(g)
	g.part.taken, g.part.comms = m.take, nil
	if h := m.receiver; h != nil {
		h.part.taken, h.part.comms, h.yielded = m.give, nil, false
		s.in.forced = h
	}
}

// chosen is the communication of a goroutine that happens. Where the last goroutine can receive, that comes first, and all
// else preempts it.
func (s *scheduler) chosen(g *gor) match {
	var with, without []match
	s.matches(g, func(_ int, m match) {
		if m.receiver != nil && m.receiver == s.last {
			with = append(with, m)
		} else {
			without = append(without, m)
		}
	})
	all := append(with, without...)
	if len(all) == 1 {
		return all[0]
	}
	c, at := s.pickCase(len(all))
	if at >= 0 {
		s.dec.d[at].stays = len(with) > 0
	}
	return all[c]
}
