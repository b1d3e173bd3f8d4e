package harness

import (
	"runtime"
	"slices"
	"strings"
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
	tick     = 10 * time.Millisecond
	spread   = 150 * time.Millisecond
	patience = 6
	enough   = 8
)

// watch knows which goroutines are the test's own.
type watch struct {
	job     Job
	start   time.Time
	cpu     time.Duration // used before the test began
	others  map[int]bool  // goroutines that were there before the test
	daemons map[int]bool  // those of them that the submission started
	count   int           // how many goroutines there were
}

func newWatch(job Job) *watch {
	w := &watch{job: job, start: time.Now(), cpu: cpuTime(), others: map[int]bool{}, daemons: map[int]bool{}}
	for _, g := range takeDump() {
		w.others[g.id] = true
		if !ours(g) {
			w.daemons[g.id] = true
		}
	}
	w.count = runtime.NumGoroutine()
	return w
}

// ours reports whether a goroutine is the testing package's main one, the one that waits in Run,
// or the watch.
func ours(g goroutine) bool {
	return strings.Contains(g.text, "testing.(*M).Run(") || strings.Contains(g.text, "/harness.Run(") || strings.Contains(g.text, "/harness.(*watch).")
}

// stuck returns why and with what dump the running test is given up, or "" when quit is closed.
func (w *watch) stuck(quit <-chan struct{}) (why, text string) {
	deadline := time.Duration(w.job.DeadlineMS) * time.Millisecond
	end := w.start.Add(deadline)
	var last dump // the first of a row of equal quiet looks
	for next := w.start.Add(2 * tick); ; {
		if pause(quit, tick) {
			return "", ""
		}
		if raceErrors() >= enough {
			return "races", ""
		}
		began := time.Now()
		if began.Before(next) {
			continue
		}
		d := takeDump()
		next = began.Add(max(spread, 20*time.Since(began))) // looking costs at most a twentieth of the time
		late := !began.Before(end)
		quiet := d.quiet()
		same := quiet && d.sameAs(last)
		switch {
		case same && (late || !w.job.Timers):
			return "deadlock", w.tests(d).show()
		case quiet && began.Before(end.Add(3*spread)):
			if !same {
				last = d
			}
			continue
		case late && !w.slow(d, cpuTime()-w.cpu, deadline):
			return "timeout", w.tests(d).show()
		}
		last = nil
	}
}

// slow reports whether the machine, more than the program, is to blame for the time that has
// passed: some goroutine could go on, and the process had less than half of the time it asked for.
func (w *watch) slow(d dump, used, limit time.Duration) bool {
	return d.starved() && used < limit/2 && time.Since(w.start) < patience*limit
}

// tests returns the goroutines of a dump that belong to the test: born in it, and no descendant of
// a goroutine that the submission had started before.
func (w *watch) tests(d dump) dump {
	daemons := map[int]bool{}
	for id := range w.daemons {
		daemons[id] = true
	}
	for grown := true; grown; {
		grown = false
		for _, g := range d {
			if !daemons[g.id] && daemons[g.parent] {
				daemons[g.id], grown = true, true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(d), func(g goroutine) bool {
		return w.others[g.id] || daemons[g.id] || ours(g)
	})
}

// settle waits for the goroutines that the test leaves, and returns how many have leaked, with
// their stacks. After a failed test a goroutine that waits is no news; a race is still waited for.
func (w *watch) settle(failed bool) (leaked int, text string) {
	limit := time.Duration(w.job.SettleMS) * time.Millisecond
	w.start, w.cpu = time.Now(), cpuTime()
	var last dump // the first of a row of equal quiet looks
	var since time.Time
	for wait := 50 * time.Microsecond; ; wait = min(2*wait, 25*time.Millisecond) {
		if len(w.daemons) == 0 && runtime.NumGoroutine() <= w.count {
			return 0, ""
		}
		d := takeDump()
		strays := w.tests(d)
		if d != nil && len(strays) == 0 {
			return 0, ""
		}
		if !d.quiet() {
			last = nil
		} else if !d.sameAs(last) {
			last, since = d, time.Now()
		}
		resting := last != nil && time.Since(since) >= spread
		late := time.Since(w.start) >= limit && !w.slow(d, cpuTime()-w.cpu, limit)
		switch {
		case failed && (resting || late):
			return 0, ""
		case resting && !w.job.Timers, late:
			if d == nil { // too many to print
				return runtime.NumGoroutine() - w.count, ""
			}
			return len(strays), strays.show()
		}
		time.Sleep(wait)
	}
}
