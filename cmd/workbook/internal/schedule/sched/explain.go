package sched

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"unsafe"
)

// confirmations is how often a finding is replayed before it is reported as confirmed.
const confirmations = 2

// minimiseLimit bounds the schedules that minimising runs, a long one counting for several: not by
// time, so that the schedule reported is the same on every machine.
const (
	minimiseLimit = 400
	longSchedule  = 300 // steps
)

// explain confirms the finding by replaying it, minimises its schedule and records what the minimal
// one does.
func (e *explorer) explain() {
	rep, r := e.rep, e.found
	rep.Class, rep.Message, rep.Failures, rep.Stack = r.class, r.text, r.failures, r.stack
	rep.By, rep.At = r.s.fault.g, placeOf(r.s.fault.site)
	rep.Original = e.plan.encode(e.program)
	rep.Schedule = rep.Original
	best := &plan{kind: planDeviations, jumps: e.plan.jumps, devs: e.dec.deviations(e.dec.n)}
	if r.class == Race && !racesConfirmable() {
		rep.Unconfirmable = "GORACE has no suppress_equal_stacks=0"
		rep.Schedule = best.encode(e.program)
		e.traced(best, "")
		return
	}
	rep.Confirmed = e.confirm(best)
	if rep.Confirmed == confirmations && !e.job.KeepSchedule {
		if smaller := e.minimise(best); len(smaller.devs) < len(best.devs) {
			if n := e.confirm(smaller); n == confirmations {
				best = smaller
			}
		}
	}
	if rep.Confirmed > 0 {
		rep.Schedule = best.encode(e.program)
	}
	e.raceText(best)
	e.traced(best, r.class)
	if r.class == Wrong && rep.Number == 1 && rep.Confirmed == confirmations {
		e.others()
	}
}

// otherOrders is how many schedules are run at most to see whether what fails first fails always: by turns one of PCT,
// in which a goroutine often runs to its end before another begins, and a random one.
const otherOrders = 24

// others counts the schedules in other orders that fail as well, up to the first that does not.
func (e *explorer) others() {
	rep := e.rep
	e.budget = minimiseLimit
	for rep.Tried < otherOrders && rep.Alike == rep.Tried && e.budget > 0 {
		p := &plan{kind: planPCT, jumps: e.job.Jumps, seed: mix(e.job.Seed, 7, uint64(rep.Tried)), est: max(1, min(rep.MaxSteps, 5000))}
		if rep.Tried%2 == 1 {
			p.kind = planRandom
		}
		rep.Tried++
		if e.fails(p) {
			rep.Alike++
		}
	}
}

func (e *explorer) fails(p *plan) bool {
	r := e.executor.run(p)
	e.budget -= 1 + r.steps/longSchedule
	return r.class == e.found.class
}

func (e *explorer) confirm(p *plan) int {
	n := 0
	for range confirmations {
		if e.fails(p) {
			n++
		}
	}
	return n
}

// minimise looks for a schedule with fewer deviations that fails in the same way: first by leaving
// out deviations of the one found; where more than two remain, also by running all schedules with
// few delays in turn.
func (e *explorer) minimise(p *plan) *plan {
	e.budget = minimiseLimit
	p = e.leaveOut(p)
	if len(p.devs) <= 1 || strings.HasPrefix(e.rep.Phase, "delay") {
		return p
	}
	for bound := range min(len(p.devs), 3) {
		if q := e.searchFewer(p, bound); q != nil {
			return q
		}
	}
	return p
}

// leaveOut drops deviations while the schedule still fails: halves, then quarters, … then single
// ones until none can go.
func (e *explorer) leaveOut(p *plan) *plan {
	for size := max(len(p.devs)/2, 1); ; size = max(size/2, 1) {
		dropped := false
		for at := len(p.devs) - size; at >= 0 && e.budget > 0; at -= size {
			q := *p
			q.devs = append(append([]deviation(nil), p.devs[:at]...), p.devs[at+size:]...)
			if e.fails(&q) {
				p, dropped = e.asRun(&q), true
				at = min(at, len(p.devs))
			}
		}
		if size == 1 && !dropped || e.budget <= 0 || len(p.devs) == 0 {
			return p
		}
	}
}

// asRun is the plan with the deviations that the latest schedule has really made, which may be
// fewer than planned.
func (e *explorer) asRun(p *plan) *plan {
	q := *p
	if devs := e.dec.deviations(e.dec.n); len(devs) <= len(p.devs) {
		q.devs = devs
	}
	return &q
}

func (e *explorer) searchFewer(p *plan, bound int) *plan {
	q := &plan{kind: planDeviations, jumps: p.jumps}
	for e.budget > 0 {
		if e.fails(q) {
			return q
		}
		devs, more := e.dec.next(bound)
		if !more {
			return nil
		}
		q = &plan{kind: planDeviations, jumps: p.jumps, devs: devs}
	}
	return nil
}

// traced runs the schedule once more and records it. The race detector may then report reads of
// ours, so that the class is not taken from this run.
func (e *explorer) traced(p *plan, class string) {
	if e.job.NoTrace {
		return
	}
	e.tracing = true
	r := e.executor.run(p)
	e.tracing = false
	if r.s == nil || r.s.trace == nil {
		return
	}
	if class == Race || r.class == class || class == "" {
		e.rep.Dump, e.rep.Failures = r.dump, r.failures
		if r.stack != "" {
			e.rep.Stack = r.stack
		}
		if class == Wrong || class == Panic {
			e.rep.Message = r.text
		}
	}
	t := newTeller(r.s)
	e.rep.Steps = t.steps()
	e.rep.Goroutines = t.goroutines()
	e.rep.Waits = t.waits()
}

// teller words a schedule's records for the report.
type teller struct {
	s       *scheduler
	objects map[unsafe.Pointer]int
}

func newTeller(s *scheduler) *teller { return &teller{s: s, objects: map[unsafe.Pointer]int{}} }

func placeOf(n int32) Place { return site(n).place(n) }

func (t *teller) object(p unsafe.Pointer) int {
	if p == nil {
		return 0
	}
	if t.objects[p] == 0 {
		t.objects[p] = len(t.objects) + 1
	}
	return t.objects[p]
}

func (t *teller) locks(h *hold, by int32) []Lock {
	var all []Lock
	for ; h != nil; h = h.next {
		at := placeOf(h.site)
		all = append(all, Lock{Object: t.object(h.obj), Name: lockName(at), Read: h.read, Taken: at, By: by})
	}
	return all
}

// lockName is what the source calls the lock at the place where it was taken; a place may do other
// things as well and have another variable.
func lockName(at Place) string {
	switch at.Op {
	case "lock", "rlock", "call", "once", "wait", "trylock":
		return at.Var
	}
	return ""
}

func (t *teller) steps() []Step {
	var all []Step
	tr := t.s.trace
	for i := range tr.n {
		r := &tr.recs[i]
		all = append(all, Step{
			G: r.g, Place: placeOf(r.site), Calls: callsOf(r.calls), Value: r.value, Blocked: waitNames[r.waits],
			Locks: t.locks(r.locks, 0), Switched: r.switched, Jump: r.jump, Ends: r.ends, Inside: r.inside,
		})
	}
	return all
}

// callsOf are the texts of a list that begins with the latest, in the order in which they were entered.
func callsOf(e *entry) []string {
	var all []string
	for ; e != nil; e = e.next {
		all = append(all, e.text)
	}
	slices.Reverse(all)
	return all
}

var waitNames = [...]string{
	waitNothing: "", waitMutex: "mutex", waitWriter: "lock", waitReaders: "lock", waitReadLock: "read lock",
	waitGroup: "wait group", waitCond: "cond", waitIdle: "synctest.Wait", waitBirth: "", waitEnd: "", waitComm: "", waitSettled: "",
}

func (t *teller) goroutines() []Goroutine {
	var all []Goroutine
	for _, g := range t.s.gs[:t.s.n] {
		all = append(all, Goroutine{
			Num: g.num, Parent: g.parent, Started: placeOf(g.start), Daemon: g.daemon,
			Ended: g.state == gone || g == t.s.main && t.s.ending,
		})
	}
	return all
}

// waits describes the goroutines that had not ended when the schedule did.
func (t *teller) waits() []Wait {
	var all []Wait
	for _, g := range t.s.gs[:t.s.n] {
		if g.state == gone || g.state == parked || g == t.s.main && t.s.ending {
			continue
		}
		w := Wait{G: g.num, Place: placeOf(g.site), For: "channel"}
		if g.state == blocked && waitNames[g.waits] != "" {
			w.For = waitNames[g.waits]
			w.Object = t.object(g.obj)
			w.Holders = t.holders(g.obj)
			w.Name = t.nameOf(g)
		}
		all = append(all, w)
	}
	return all
}

func (t *teller) nameOf(g *gor) string {
	if at := placeOf(g.site); at.Var != "" {
		return at.Var
	}
	for _, l := range t.holders(g.obj) {
		if l.Name != "" {
			return l.Name
		}
	}
	return ""
}

func (t *teller) holders(obj unsafe.Pointer) []Lock {
	var all []Lock
	for _, g := range t.s.gs[:t.s.n] {
		for h := g.held; h != nil; h = h.next {
			if h.obj == obj {
				at := placeOf(h.site)
				all = append(all, Lock{Object: t.object(obj), Name: lockName(at), Read: h.read, Taken: at, By: g.num})
			}
		}
	}
	return all
}

// raceText takes the detector's report of one more replay out of its log.
func (e *explorer) raceText(p *plan) {
	path := raceOption("log_path")
	if e.found.class != Race || path == "" || path == "stdout" || path == "stderr" {
		return
	}
	name := fmt.Sprintf("%s.%d", path, os.Getpid())
	before, err := os.ReadFile(name)
	if err != nil {
		return
	}
	e.executor.run(p)
	after, err := os.ReadFile(name)
	if err == nil && len(after) > len(before) {
		e.rep.RaceText = string(after[len(before):])
	}
}

// racesConfirmable reports whether the race detector reports a race a second time.
func racesConfirmable() bool { return raceOption("suppress_equal_stacks") == "0" }

// raceOption is the value of an option in the environment variable GORACE.
func raceOption(name string) string {
	for option := range strings.FieldsSeq(os.Getenv("GORACE")) {
		if value, ok := strings.CutPrefix(option, name+"="); ok {
			return value
		}
	}
	return ""
}
