package sched

import "unsafe"

// fault is what ended a schedule before its time.
type fault struct {
	class string // Panic, or "" with cap set
	text  string
	g     int32
	site  int32
	stack string
	cap   bool
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
