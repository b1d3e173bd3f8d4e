package sched

import (
	"fmt"
	"hash/fnv"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// Defaults of a Job.
const (
	defaultSchedules = 20000
	defaultMillis    = 2000
	defaultSample    = 50
	defaultBound     = 2
	defaultStepCap   = 20000
	defaultWatchdog  = 1000
	defaultRecycle   = 5000
)

// Of the exhaustive phase with the highest bound, the first schedules run in a row; after that every
// so-manieth one is a random one, so that the order does not depend on when time runs out.
const (
	unmixed  = 500
	mixEvery = 5
)

// repeats is how often a scenario with less schedules than that is run in all: what it does may depend on the
// order of a map.
const repeats = 20

// maxStack is what a goroutine's stack may grow to. A recursion without end takes seconds to reach the runtime's own
// limit of a gigabyte, and would then look like a goroutine that computes for ever.
const maxStack = 64 << 20

// stuckSchedules is the number of schedules, all of them capped, after which exploring is given up.
const stuckSchedules = 20

// Run calls the test function f as the job says: once, or in many schedules. In Explore and Replay
// mode no other test may run in the process at the same time. t is marked as failed where f has
// failed, but not by the other findings. Under the race detector the process should have been
// started with GORACE=suppress_equal_stacks=0, else a race cannot be confirmed by replay; with a
// log_path in it, too, Report.RaceText is the detector's report.
func Run(t *testing.T, name string, job Job, f func(*testing.T)) Report {
	rep := Report{Name: name, Exhausted: -1, RaceDetector: raceOn}
	if job.Mode == Free || job.Mode == "" {
		f(t)
		rep.Schedules = 1
		return rep
	}
	if table.started {
		// Their goroutines, which no bubble holds, would race with the reset.
		rep.Cannot, rep.Stopped = EnvVar+" was not set: init functions have run outside of the schedules", "cannot"
		return rep
	}
	job = job.withDefaults()
	job.Jumps = job.Jumps || firesEarly(name)
	program := programHash(job.Program, name)
	journal, err := openJournal(job.Journal, program)
	if err != nil {
		rep.Cannot, rep.Stopped = err.Error(), "cannot"
		return rep
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	defer debug.SetMaxStack(debug.SetMaxStack(maxStack))
	e := &explorer{
		executor: executor{
			t: t, f: f, cap: job.StepCap, watchdog: time.Duration(job.WatchdogMillis) * time.Millisecond,
			journal: journal, output: outputOf(t), timers: job.Timers,
		},
		job: job, program: program, rep: &rep, start: time.Now(),
	}
	if job.Mode == Replay {
		e.replay()
	} else {
		e.explore()
	}
	rep.Abandoned = e.abandoned
	rep.Micros = time.Since(e.start).Microseconds()
	return rep
}

func (j Job) withDefaults() Job {
	set := func(p *int, v int) {
		if *p == 0 {
			*p = v
		}
	}
	set(&j.Schedules, defaultSchedules)
	set(&j.Millis, defaultMillis)
	set(&j.PCT, defaultSample)
	set(&j.Random, defaultSample)
	set(&j.Bound, defaultBound)
	set(&j.StepCap, defaultStepCap)
	set(&j.WatchdogMillis, defaultWatchdog)
	set(&j.RecycleAfter, defaultRecycle)
	return j
}

// programHash identifies the program that a schedule string belongs to: by what the caller says, the
// test's name, and where the scheduling points are.
func programHash(program, name string) uint32 {
	h := fnv.New32a()
	fmt.Fprintf(h, "%s\n%s\n", program, name)
	for i := range table.sites {
		s := &table.sites[i]
		fmt.Fprintf(h, "%s:%d %s %s\n", s.File, s.Line, s.Op, s.Text)
	}
	return h.Sum32()
}

// explorer looks for a schedule that fails.
type explorer struct {
	executor
	job     Job
	program uint32
	rep     *Report
	start   time.Time
	spent   time.Duration // by earlier processes
	state   State
	capped  int // inconclusive schedules before the phase
	found   *result
	plan    *plan // of found
	budget  int   // of minimising
}

func (e *explorer) explore() {
	e.state = State{Est: 30, Exhausted: -1}
	if e.job.Resume != nil {
		e.state = *e.job.Resume
		e.spent = time.Duration(e.state.Millis) * time.Millisecond
		e.rep.Schedules, e.rep.Phases = e.state.Schedules, e.state.Phases
		e.rep.Exhausted, e.rep.AtBound, e.rep.Complete = e.state.Exhausted, e.state.AtBound, e.state.Complete
	}
	phases := e.phases()
	for e.state.Phase < len(phases) && e.rep.Stopped == "" {
		e.runPhase(phases[e.state.Phase])
		if e.rep.Stopped == "" {
			e.state.Phase, e.state.Index, e.state.Mixed, e.state.Last = e.state.Phase+1, 0, 0, nil
			e.state.Cut = false
		}
	}
	if e.rep.Stopped == "" {
		e.rep.Stopped = "exhausted"
	}
	if e.found != nil {
		e.explain()
	}
}

func (e *explorer) runPhase(ph phase) {
	if ph.kind == planDeviations {
		if !e.state.Complete && e.due(ph) {
			e.runExhaustive(ph)
		}
		return
	}
	for e.state.Index < ph.limit && e.rep.Stopped == "" && !(e.state.Complete && e.rep.Schedules >= repeats) {
		e.sample(ph, e.state.Index)
		e.state.Index++
	}
}

func (e *explorer) sample(ph phase, i int) {
	p := &plan{kind: ph.kind, jumps: e.job.Jumps, seed: mix(e.job.Seed, ph.salt, uint64(i)), est: e.state.Est}
	e.try(ph.name, p)
	e.state.Est = max(1, min(e.rep.MaxSteps, 5000))
}

// mix is a hash of its arguments, cut to 32 bits.
func mix(vs ...uint64) uint64 {
	s := scheduler{}
	for _, v := range vs {
		s.rng = s.rand() ^ v
	}
	return s.rand() >> 32
}

// runExhaustive runs all schedules with at most so many delays.
func (e *explorer) runExhaustive(ph phase) {
	devs := planOf(e.state.Last)
	e.dec.cut = e.state.Cut
	e.capped = e.rep.Inconclusive
	if e.state.Index > 0 { // resumed: the latest schedule's decisions are needed again
		e.executor.run(&plan{kind: planDeviations, jumps: e.job.Jumps, devs: devs})
		var more bool
		if devs, more = e.dec.next(ph.bound); !more {
			e.exhausted(ph)
			return
		}
	}
	for e.rep.Stopped == "" && (ph.limit == 0 || e.state.Index < ph.limit) {
		e.try(ph.name, &plan{kind: planDeviations, jumps: e.job.Jumps, devs: devs})
		e.state.Index++
		e.state.Last = stateOf(devs)
		if e.rep.Stopped == "found" {
			return
		}
		next, more := e.dec.next(ph.bound)
		if !more {
			e.exhausted(ph)
			return
		}
		devs = next
		if ph.bound >= defaultBound && e.state.Index > unmixed && e.state.Index%mixEvery == 0 && e.rep.Stopped == "" {
			e.mixIn()
		}
	}
}

// mixIn runs a schedule of PCT or a random one, by turns.
func (e *explorer) mixIn() {
	ph := phase{name: "mixed pct", kind: planPCT, salt: 5}
	if e.state.Mixed%2 == 1 {
		ph = phase{name: "mixed random", kind: planRandom, salt: 6}
	}
	e.sample(ph, e.state.Mixed)
	e.state.Mixed++
}

// exhausted notes that all schedules of the phase have run, unless some could not be judged.
func (e *explorer) exhausted(ph phase) {
	if e.rep.Inconclusive > e.capped || e.rep.Found {
		return
	}
	bound := ph.bound
	if bound == maxDecisions {
		bound = e.job.Bound
	}
	p := e.phase(ph.name)
	p.Exhausted = true
	e.rep.Exhausted, e.rep.AtBound = bound, p.Schedules
	if !e.dec.cut && e.rep.Nondet == 0 {
		e.state.Complete, e.rep.Complete, e.rep.Exhausted = true, true, max(bound, e.job.Bound)
	}
}

func planOf(all []Deviation) []deviation {
	var devs []deviation
	for _, d := range all {
		devs = append(devs, deviation{at: d[0], c: d[1]})
	}
	return devs
}

func stateOf(devs []deviation) []Deviation {
	var all []Deviation
	for _, d := range devs {
		all = append(all, Deviation{d.at, d.c})
	}
	return all
}

// try runs a schedule of the exploration, counts it, and says in Report.Stopped whether to go on.
func (e *explorer) try(name string, p *plan) {
	r := e.executor.run(p)
	rep := e.rep
	rep.Schedules++
	e.count(name)
	rep.TotalSteps += r.steps
	rep.MaxSteps = max(rep.MaxSteps, r.steps)
	if r.s != nil && r.s.misfits > 0 {
		rep.Nondet++
	}
	if r.capped {
		rep.Inconclusive++
	}
	switch {
	case r.cannot != "":
		rep.Cannot, rep.Stopped = r.cannot, "cannot"
	case r.class != "":
		e.found, e.plan = r, p
		rep.Found, rep.Phase, rep.Number, rep.Stopped = true, name, rep.Schedules, "found"
	case r.skipped:
		rep.Skipped, rep.Stopped = true, "skipped"
	case rep.Inconclusive >= stuckSchedules && rep.Inconclusive == rep.Schedules:
		rep.Stopped = "inconclusive"
	case rep.Schedules >= e.job.Schedules:
		rep.Stopped = "schedules"
	case e.elapsed() > time.Duration(e.job.Millis)*time.Millisecond:
		rep.Stopped = "time"
	case e.abandoned >= e.job.RecycleAfter:
		rep.Stopped = "recycle"
	}
	if rep.Stopped == "recycle" {
		e.recycle()
	}
}

func (e *explorer) elapsed() time.Duration { return e.spent + time.Since(e.start) }

// recycle leaves the state for the process that goes on. The latest schedule is not counted in it
// yet: try's caller does that, in the same state.
func (e *explorer) recycle() {
	s := &e.state
	s.Schedules, s.Phases = e.rep.Schedules, e.rep.Phases
	s.Exhausted, s.AtBound = e.rep.Exhausted, e.rep.AtBound
	s.Cut = e.dec.cut
	s.Millis = int(e.elapsed().Milliseconds())
	e.rep.Recycle = s
}

func (e *explorer) count(name string) {
	if p := e.phase(name); p != nil {
		p.Schedules++
		return
	}
	e.rep.Phases = append(e.rep.Phases, Phase{Name: name, Schedules: 1})
}

// replay runs the job's schedule, and no other.
func (e *explorer) replay() {
	p, err := parsePlan(e.job.Schedule, e.program)
	if err != nil {
		e.rep.Cannot, e.rep.Stopped = err.Error(), "cannot"
		return
	}
	if e.job.NoTrace || e.job.Journal == "" {
		e.try("replay", p)
	} else {
		e.tracing = true // so that the journal has the steps if the process dies of it
		e.try("replay", p)
		e.tracing = false
	}
	if e.rep.Stopped != "cannot" && !e.rep.Found {
		e.rep.Stopped = "replayed"
	}
	e.job.KeepSchedule = true
	if e.found != nil {
		e.explain()
	} else if e.rep.Cannot == "" && !e.job.NoTrace {
		e.traced(p, "")
	}
}
