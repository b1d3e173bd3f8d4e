package sched

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

// result is what became of one schedule.
type result struct {
	class    string // "" where nothing is wrong, or nothing is known
	text     string
	stack    string
	dump     string
	failures string
	capped   bool
	skipped  bool
	cannot   string // why it could not run under control
	steps    int
	left     int // goroutines that it left behind
	s        *scheduler
	inner    *testing.T // of the bubble
}

// executor runs one schedule after another.
type executor struct {
	t         *testing.T
	f         func(*testing.T)
	cap       int
	watchdog  time.Duration
	fullGrace bool
	timers    bool // a timer may start a goroutine when none is left
	tracing   bool
	dec       decisions
	journal   *journal
	output    testOutput
	current   atomic.Pointer[scheduler] // watched
	abandoned int
}

// run runs the schedule that the plan describes. A goroutine of its own takes what FailNow does to
// the caller of synctest.Test.
func (e *executor) run(p *plan) *result {
	e.journal.begin(p)
	r := e.once(p)
	if r.class == Leak && r.s.noGrace && !e.fullGrace {
		// Counting goroutines said that all had ended, and was misled by one outside of the bubble.
		e.fullGrace = true
		r = e.once(p)
		e.fullGrace = false
	}
	e.abandoned += r.left
	return r
}

func (e *executor) once(p *plan) *result {
	done := make(chan *result, 1)
	go e.bubble(p, done)
	tick := time.NewTicker(e.watchdog / 4)
	defer tick.Stop()
	w := watch{limit: e.watchdog}
	for {
		select {
		case r := <-done:
			return r
		case <-tick.C:
			if why := w.look(e.current.Load()); why != "" {
				return &result{cannot: why, s: e.current.Load()}
			}
		}
	}
}

func (e *executor) bubble(p *plan, done chan<- *result) {
	r := &result{}
	races := raceErrors()
	before := runtime.NumGoroutine()
	e.output.reset()
	finished := false
	defer func() {
		panicked := recover()
		s := e.current.Load()
		setActive(nil)
		raceAcquire(unsafe.Pointer(&s.joinEdge))
		r.s, r.steps = s, s.step
		r.left = max(runtime.NumGoroutine()-before, 0)
		failed := panicked == nil && !finished // FailNow has ended synctest.Test
		if r.inner != nil {
			failed = r.inner.Failed() // it did not come so far where daemons are left
		}
		e.judge(r, panicked, failed, raceErrors()-races)
		done <- r
	}()
	e.current.Store(newScheduler(p, &e.dec)) // for a panic before the bubble's own
	synctest.Test(e.t, func(t *testing.T) { e.scenario(t, p, r) })
	finished = true
}

// scenario is the first function of the bubble.
func (e *executor) scenario(t *testing.T, p *plan, r *result) {
	s := newScheduler(p, &e.dec)
	r.inner, s.t = t, t
	s.cap, s.jumps, s.fullGrace = e.cap, p.jumps, e.fullGrace || e.timers
	if e.tracing {
		s.tracing, s.trace = true, newTrace(e.journal)
	}
	e.current.Store(s)
	setActive(s)
	s.main = s.begin(0, nil)
	s.settle()
	s.last, s.running = s.main, s.main
	go s.loop()
	s.base = runtime.NumGoroutine()
	t.Cleanup(s.end) // registered first, so it runs last
	defer func() {
		r.skipped = t.Skipped()
		if v := recover(); v != nil {
			s.panicked(v)
		}
	}()
	if len(table.resets) > 0 {
		s.setResetting()
		reset()
		s.settled()
	}
	e.f(t)
}

// setActive is hidden from the race detector: in a deadlocked schedule nothing orders the two writes.
//
//go:norace
func setActive(s *scheduler) { active = s }

//go:norace
func (s *scheduler) setResetting() { s.resetting = true }

// judge classifies the schedule. A race comes first: what else went wrong is likely its consequence.
func (e *executor) judge(r *result, panicked any, failed bool, races int) {
	s := r.s
	text := ""
	if panicked != nil {
		text = fmt.Sprint(panicked)
	}
	deadlock := strings.Contains(text, "all goroutines in bubble are blocked")
	leak := strings.Contains(text, "main bubble goroutine has exited but blocked goroutines remain")
	e.refuse(r, text, deadlock || leak)
	switch {
	case races > 0:
		r.class, r.text = Race, "data race"
	case s.fault.class != "":
		r.class, r.text, r.stack = s.fault.class, s.fault.text, s.fault.stack
	case s.fault.cap:
		r.capped = true
	case deadlock:
		r.class, r.text = Deadlock, "all goroutines are blocked"
	case failed:
		r.class = Wrong
	case leak && !s.leftOK:
		r.class, r.text = Leak, "goroutines were still blocked after the test's end"
	}
	if failed {
		r.failures = e.output.read()
		if r.class == Wrong {
			r.text = firstLine(r.failures)
		}
	}
	if e.tracing && (deadlock || leak) && r.class != "" {
		r.dump = bubbleDump()
	}
	if r.cannot != "" {
		r.class = ""
	}
}

// refuse notes why what happened says nothing about the program.
func (e *executor) refuse(r *result, text string, known bool) {
	fault := r.s.fault.text
	switch {
	case r.s.outside:
		r.cannot = "a goroutine that was started before the schedule takes part in it"
	case r.s.parallel:
		r.cannot = "a subtest calls t.Parallel, and then runs after the function that has started it"
	case strings.Contains(fault, "called inside synctest bubble"):
		r.cannot = fault
	case text != "" && !known:
		r.cannot = text
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
