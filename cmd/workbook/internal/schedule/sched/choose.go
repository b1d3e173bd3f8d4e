package sched

import "time"

// maxDepth is the highest number of priority changes of a PCT schedule, one less than the depth of the
// bugs that it finds with the published probability. A third of the schedules have none, a third one.
const maxDepth = 2

// A choice is the index of the option taken, or jumpChoice (+1) to let a timer fire first. Option 0
// is to go on with the same goroutine, or with the next one in turn where it cannot go on; option i
// delays i goroutines.
const jumpChoice = 1000

var jumpGuards = [...]time.Duration{10 * time.Second, 10 * time.Millisecond}

// decision is a choice that a schedule made where there was one.
type decision struct {
	n     int16 // options, without the jump
	c     int16
	same  int16 // options 1 to same come to the same as 0
	jump  bool  // a jump was possible
	cases bool  // among the cases of a select statement
	stays bool  // of an interpreted program: option 0 goes on with the same goroutine, any other preempts it
}

// decisions records a schedule's choices in order.
type decisions struct {
	n   int
	d   [maxDecisions]decision
	cut bool // see next
}

// decide chooses the goroutine that goes on; nil where nobody is parked or, inline, where only the
// loop can decide. The lock is held; the loop's call gives it up during a jump.
//
//go:norace
func (s *scheduler) decide(inline bool) *gor {
	if inline && (s.aborted || s.step >= s.cap || s.step >= s.due) {
		return nil
	}
	if s.in != nil {
		if g := s.offers(); g != nil {
			return g
		}
	}
	if s.ending && s.step > s.endStep+spinSteps && s.grace < graceWait {
		s.abort(fault{cap: true, text: "goroutines still run after the test's end"})
		return nil
	}
	if s.nparked == 0 {
		return nil
	}
	jump := s.jumps && s.somebodyWaits()
	if s.nparked == 1 && !jump {
		return s.option(0)
	}
	if inline && jump {
		return nil // the loop may have to let time pass
	}
	c := s.choose(s.nparked, jump)
	if s.nparked > 1 || jump {
		s.record(s.nparked, c, jump)
	}
	if c >= jumpChoice {
		if s.tracing {
			s.trace.jumped(s)
		}
		s.jump(jumpGuards[min(c-jumpChoice, len(jumpGuards)-1)])
		c = 0
		if s.nparked == 0 {
			return nil
		}
	}
	return s.option(c)
}

//go:norace
func (s *scheduler) record(n, c int, jump bool) {
	if d := s.dec; d.n < len(d.d) {
		d.d[d.n] = decision{n: int16(n), c: int16(c), jump: jump, stays: s.in != nil && s.preempts()}
		d.n++
	}
}

// somebodyWaits reports whether Go itself blocks a goroutine, possibly until a timer fires.
//
//go:norace
func (s *scheduler) somebodyWaits() bool {
	for i := 0; i < s.n; i++ {
		if s.gs[i].state == running {
			return true
		}
	}
	return false
}

// option is the goroutine of a choice. In the order of options the last goroutine comes first while
// it may stay, and last where it has yielded or run for long; the others follow it in turn.
//
//go:norace
func (s *scheduler) option(c int) *gor {
	start, front := s.turnOrder()
	if front != nil {
		if c == 0 {
			return front
		}
		c--
	}
	for i := 1; i <= s.n; i++ {
		g := s.gs[(start+i)%s.n]
		if g.state != parked || g == front {
			continue
		}
		if c == 0 {
			return g
		}
		c--
	}
	return nil
}

// preempts reports whether to turn to another goroutine now preempts the last one.
//
//go:norace
func (s *scheduler) preempts() bool {
	_, front := s.turnOrder()
	return front != nil && !s.last.part.free && s.last.waits != waitEnd && s.last.waits != waitSettled
}

// turnOrder returns the index that turns start after, and the goroutine in front of them, if any: the last one while it
// stays.
//
//go:norace
func (s *scheduler) turnOrder() (start int, front *gor) {
	if s.last == nil {
		return s.n - 1, nil
	}
	if s.last.state == parked && !s.last.yielded && s.runLen < fairRun {
		front = s.last
	}
	if s.in != nil { // in the order of their start, as a reader of all outcomes expects
		if s.last.state == blocked {
			front = s.partner()
		}
		return s.n - 1, front
	}
	return int(s.last.num) - 1, front
}

// indexOf is the choice whose option is g.
//
//go:norace
func (s *scheduler) indexOf(g *gor) int {
	for c := 0; c < s.nparked; c++ {
		if s.option(c) == g {
			return c
		}
	}
	return 0
}

//go:norace
func (s *scheduler) choose(n int, jump bool) int {
	switch s.plan.kind {
	case planRandom:
		if jump && s.rand()%8 == 0 {
			return jumpChoice + int(s.rand()%2)
		}
		return int(s.rand() % uint64(n))
	case planPCT:
		if jump && s.rand()%8 == 0 {
			return jumpChoice + int(s.rand()%2)
		}
		return s.indexOf(s.highest())
	case planWalk:
		if _, front := s.turnOrder(); front != nil && s.rand()%2 == 0 {
			return 0
		}
		return int(s.rand() % uint64(n))
	}
	return s.planned(n, jump)
}

// planned is the choice that the plan's deviations ask for, 0 where they ask for none.
//
//go:norace
func (s *scheduler) planned(n int, jump bool) int {
	devs := s.plan.devs
	if s.devs >= len(devs) || devs[s.devs].at != s.dec.n {
		return 0
	}
	c := devs[s.devs].c
	if known := devs[s.devs].n; known != 0 && known != n {
		s.misfits++
	}
	s.devs++
	if c >= jumpChoice && jump || c < n {
		return c
	}
	s.misfits++
	return 0
}

// highest is the parked goroutine with the highest priority. The last one loses its own at the
// points of change, when it yields and when it has run for long.
//
//go:norace
func (s *scheduler) highest() *gor {
	if s.last != nil {
		for i := range s.change {
			if s.change[i] == s.step {
				s.last.prio = int64(-i)
			}
		}
		if s.last.yielded || s.runLen >= fairRunPCT {
			s.last.prio = int64(-s.step - maxDepth)
		}
	}
	var best *gor
	for i := 0; i < s.n; i++ {
		if g := s.gs[i]; g.state == parked && (best == nil || g.prio > best.prio) {
			best = g
		}
	}
	return best
}

// chooseCase chooses which of n cases of a select statement to try first, and returns the number of
// the decision, -1 for none. The default rotates, so that no case starves.
//
//go:norace
func (s *scheduler) chooseCase(g *gor, n int) (first, decision int) {
	if n < 2 {
		return 0, -1
	}
	raceDisable()
	s.lk.lock()
	c, at := s.pickCase(n)
	first = (c + g.selects) % n
	g.selects++
	s.lk.unlock()
	raceEnable()
	return first, at
}

// pickCase makes a choice among n cases, and returns it with the number of the decision, -1 for none. The lock is held.
//
//go:norace
func (s *scheduler) pickCase(n int) (c, decision int) {
	if s.plan.kind == planDeviations {
		c = s.planned(n, false)
	} else {
		c = int(s.rand() % uint64(n))
	}
	at := s.dec.n
	s.record(n, c, false)
	if at == s.dec.n {
		return c, -1
	}
	s.dec.d[at].cases, s.dec.d[at].stays = true, false
	return c, at
}

// skip says that a default choice among cases has had i of them fail: to try one of these first, or
// the one that came next, would be the same schedule.
//
//go:norace
func (d *decisions) skip(at, i int) {
	if at >= 0 && d.d[at].c == 0 {
		d.d[at].same = int16(i)
	}
}
