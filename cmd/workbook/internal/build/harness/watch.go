package harness

import (
	"runtime"
	"time"
)

// The rules.
//
// A test is in deadlock when two dumps, spread apart, show every goroutine waiting for another one
// and neither the submission nor the test uses timers: nothing can wake any of them, however slow
// the machine. Where timers are used, only the deadline ends the wait. A test that could go on but
// was not given the processor is given more time, up to patience times its own.
//
// A goroutine has leaked when it was born in the test and is still there after it, and two dumps
// show it waiting while nothing else could wake it; where timers are used or where it is busy, when
// it has not ended within the job's settling time. Goroutines that the submission starts in
// package initialisation, and their children, are not the test's.
//
// A test is ended once enough races are reported: the verdict is final by then, and a loop of
// thousands would print each of its races.
const (
	tick     = 20 * time.Millisecond
	spread   = 150 * time.Millisecond
	patience = 6
	enough   = 8
)

// watch knows which goroutines are the test's own.
type watch struct {
	snapshot
	job     Job
	start   time.Time
	cpu     time.Duration // used before the test began
	others  []int         // goroutines that were there before the test
	daemons []int         // those of them that the submission started
	count   int           // how many goroutines there were
}

func newWatch(job Job) *watch {
	w := &watch{job: job, start: time.Now(), cpu: cpuTime()}
	for i, g := range w.take().all {
		w.others = append(w.others, g.id)
		if i > 0 && !g.ours { // the first is the caller
			w.daemons = append(w.daemons, g.id)
		}
	}
	w.count = runtime.NumGoroutine()
	return w
}

// beside returns a watch over the same test that may be used by another goroutine.
func (w *watch) beside() *watch {
	other := *w
	other.snapshot = snapshot{}
	return &other
}

// stuck returns why and with what dump the running test is given up, or "" when quit is closed.
func (w *watch) stuck(quit <-chan struct{}) (why, text string) {
	deadline := time.Duration(w.job.DeadlineMS) * time.Millisecond
	end := w.start.Add(deadline)
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	var last dump // the first of a row of equal quiet looks
	for next := w.start.Add(tick); ; {
		select {
		case <-quit:
			return "", ""
		case <-ticks.C:
		}
		if raceErrors() >= enough {
			return "races", ""
		}
		began := time.Now()
		if began.Before(next) {
			continue
		}
		d := w.take()
		next = began.Add(max(spread, 20*time.Since(began))) // looking costs at most a twentieth of the time
		late := !began.Before(end)
		same := d.quiet() && d.sameAs(last)
		switch {
		case same && (late || !w.job.Timers):
			return "deadlock", d.show(w.tests(d))
		case d.quiet() && began.Before(end.Add(3*spread)):
			if !same {
				last = d
			}
			continue
		case late && !w.slow(d, cpuTime()-w.cpu, deadline):
			return "timeout", d.show(w.tests(d))
		}
		last = dump{}
	}
}

// slow reports whether the machine, more than the program, is to blame for the time that has
// passed: some goroutine could go on, and the process had less than half of the time it asked for.
func (w *watch) slow(d dump, used, limit time.Duration) bool {
	return d.starved() && used < limit/2 && time.Since(w.start) < patience*limit
}

// tests returns the goroutines of a dump that belong to the test: born in it, and no descendant of
// a goroutine that the submission had started before.
//
//go:norace
func (w *watch) tests(d dump) []goroutine {
	daemons := w.daemons
	for grown := len(daemons) > 0; grown; {
		grown = false
		for _, g := range d.all {
			if has(daemons, g.parent) && !has(daemons, g.id) && !has(w.others, g.id) {
				daemons, grown = append(daemons[:len(daemons):len(daemons)], g.id), true
			}
		}
	}
	var mine []goroutine
	for _, g := range d.all {
		if !g.ours && !has(w.others, g.id) && !has(daemons, g.id) {
			mine = append(mine, g)
		}
	}
	return mine
}

//go:norace
func has(ids []int, id int) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}

// settle waits for the goroutines that the test leaves, and returns how many have leaked, with
// their stacks. After a failed test a goroutine that waits is no news; a race is still waited for.
func (w *watch) settle(failed bool) (leaked int, text string) {
	limit := time.Duration(w.job.SettleMS) * time.Millisecond
	w.start, w.cpu = time.Now(), cpuTime()
	var last dump // the first of a row of equal quiet looks
	var since time.Time
	for wait := 50 * time.Microsecond; ; wait = min(2*wait, 2*tick) {
		if len(w.daemons) == 0 && runtime.NumGoroutine() <= w.count {
			return 0, ""
		}
		d := w.take()
		strays := w.tests(d)
		if len(d.all) > 0 && len(strays) == 0 {
			return 0, ""
		}
		if !d.quiet() {
			last = dump{}
		} else if !d.sameAs(last) {
			last, since = d, time.Now()
		}
		still := len(last.all) > 0 && time.Since(since) >= spread
		late := time.Since(w.start) >= limit && !w.slow(d, cpuTime()-w.cpu, limit)
		switch {
		case failed && (still || late):
			return 0, ""
		case still && !w.job.Timers, late:
			if len(d.all) == 0 { // too many to print
				return runtime.NumGoroutine() - w.count, ""
			}
			return len(strays), d.show(strays)
		}
		time.Sleep(wait)
	}
}
