package sched

import (
	"errors"
	"slices"
	"strings"
)

// Limits says how far Enumerate goes. Schedules are tried in the order of their preemptions: first
// all that have none, then all that have one, and so on.
type Limits struct {
	Bound int // preemptions to which the search goes at any rate
	Soft  int // schedules behind which it goes on with no further bound
	Hard  int // schedules behind which it stops
	Steps int // of all schedules together, behind which it stops
}

// DefaultLimits are those of a lesson's cell.
var DefaultLimits = Limits{Bound: 2, Soft: 10000, Hard: 100000, Steps: 1000000}

// Limits of one schedule of an interpreted program.
const (
	enumeratedSteps = 20000
	drawnSteps      = 1000000
	maxWitness      = 500 // steps that are reported
)

// Enumeration is what Enumerate found.
type Enumeration struct {
	Outcomes  []Outcome // in the order in which they were found
	Schedules int
	All       bool // every schedule was tried
	Bound     int  // unless All: every schedule with at most so many preemptions was tried
	Cut       bool // not even that: the search stopped at its hard limit
}

// Outcome is one way for a program to end.
type Outcome struct {
	Class string // Finished, Deadlock, Panic, Fatal or Endless
	Text  string // what it printed, with a last line for a class other than Finished
	Count int    // schedules that end so
	Steps []Step // of the first schedule found, which has the fewest preemptions
	Waits []Wait // of that schedule, if it is a deadlock
}

// levels is a search in progress: what is to be tried, by its number of preemptions. A schedule is told by the
// choices in which it deviates from the default, and tried once.
type levels struct {
	*interpreter
	limits Limits
	rep    Enumeration
	todo   [][][]deviation
	steps  int // taken so far
}

// Enumerate runs an interpreted program once for every order of its steps, as far as the limits let it.
// The error says why the program cannot be explored.
func Enumerate(limits Limits, reset, main func()) (Enumeration, error) {
	l := &levels{interpreter: &interpreter{reset: reset, main: main, cap: enumeratedSteps}, limits: limits, todo: [][][]deviation{{nil}}}
	for level := 0; level < len(l.todo); level++ {
		before := l.rep
		before.Outcomes = slices.Clone(l.rep.Outcomes)
		done, err := l.level(level)
		if err != nil {
			return Enumeration{}, err
		}
		if !done && level > limits.Bound {
			before.Bound = level - 1
			return before, nil
		}
		if l.rep.Bound = level; !done {
			l.rep.Cut = true
			return l.rep, nil
		}
	}
	l.rep.All = true
	return l.rep, nil
}

// level tries all schedules with the given number of preemptions; false if a limit came first.
func (l *levels) level(n int) (bool, error) {
	limit := l.limits.Soft
	if n <= l.limits.Bound {
		limit = l.limits.Hard
	}
	if n > l.limits.Bound && l.rep.Schedules+len(l.todo[n]) > limit {
		return false, nil
	}
	for len(l.todo[n]) > 0 {
		if l.rep.Schedules >= limit || l.steps >= l.limits.Steps {
			return false, nil
		}
		last := len(l.todo[n]) - 1
		devs := l.todo[n][last]
		l.todo[n] = l.todo[n][:last]
		if err := l.try(devs); err != nil {
			return false, err
		}
	}
	return true, nil
}

// try runs a schedule, counts it, and puts up for trial what else could have been chosen behind its last deviation.
func (l *levels) try(devs []deviation) error {
	s := l.run(&plan{kind: planDeviations, devs: devs}, false)
	s.clear()
	if err := s.odd(devs); err != nil {
		return err
	}
	l.rep.Schedules++
	l.steps += s.step
	l.branch(devs)
	return l.count(s, devs)
}

// odd says why what the schedule did says nothing about the program.
func (s *scheduler) odd(devs []deviation) error {
	switch {
	case s.in.err != nil:
		return s.in.err
	case s.misfits > 0 || s.devs < len(devs):
		return errors.New("the program did not repeat itself: something in it beside the order of steps is left to chance")
	}
	return nil
}

func (l *levels) branch(devs []deviation) {
	from, spent := 0, 0
	if len(devs) > 0 {
		from = devs[len(devs)-1].at + 1
	}
	for _, d := range l.dec.d[:from] {
		spent += d.preemptions()
	}
	for at := l.dec.n - 1; at >= from; at-- {
		d := l.dec.d[at]
		for d.c = d.n - 1; d.c > 0; d.c-- {
			level := spent + d.preemptions()
			for len(l.todo) <= level {
				l.todo = append(l.todo, nil)
			}
			l.todo[level] = append(l.todo[level], append(slices.Clip(devs), deviation{at: at, c: int(d.c), n: int(d.n)}))
		}
	}
}

// preemptions is what a choice costs of a bound on preemptions.
func (d decision) preemptions() int {
	if d.stays && d.c > 0 {
		return 1
	}
	return 0
}

// count adds a schedule to the outcomes. The first one that ends in a new way runs once more, to be shown.
func (l *levels) count(s *scheduler, devs []deviation) error {
	class, text := s.outcome()
	for i := range l.rep.Outcomes {
		if o := &l.rep.Outcomes[i]; o.Text == text && o.Class == class {
			o.Count++
			return nil
		}
	}
	s = l.run(&plan{kind: planDeviations, devs: devs}, true)
	defer s.clear()
	if err := s.odd(devs); err != nil {
		return err
	}
	o := Outcome{Class: class, Text: text, Count: 1}
	t := newTeller(s)
	o.Steps = t.steps()[s.in.shown:]
	o.Steps = o.Steps[:min(len(o.Steps), maxWitness)]
	if class == Deadlock {
		o.Waits = t.waits()
	}
	l.rep.Outcomes = append(l.rep.Outcomes, o)
	return nil
}

// ended is how a schedule of an interpreted program has ended.
func (s *scheduler) ended() (class, text string) {
	if text, ok := strings.CutPrefix(s.fault.text, "fatal error: "); ok && s.fault.class == Panic {
		return Fatal, text
	}
	return s.fault.class, s.fault.text
}

// outcome is what a schedule printed and how it ended, as text.
func (s *scheduler) outcome() (class, text string) {
	class, why := s.ended()
	text = strings.TrimRight(s.in.out.String(), "\n")
	if class == Finished {
		return class, text
	}
	return class, strings.TrimPrefix(text+"\n"+Ending(class, why), "\n")
}

// Ending words how a program ended: "DEADLOCK", "PANIC: text", "FATAL: text", "NO END: text".
func Ending(class, text string) string {
	switch {
	case class == Endless:
		return "NO END: " + text
	case text == "":
		return strings.ToUpper(class)
	}
	return strings.ToUpper(class) + ": " + text
}

// Single is how a program ended under one schedule.
type Single struct {
	Class   string
	Text    string // of a panic and the like
	Output  string // printed since main's latest entry began
	Entries int    // that main began
	Waits   []Wait // of a deadlock
}

// DrawOne runs an interpreted program under a schedule that the seed draws: at each step any goroutine may be the next.
// The schedule of an entry of main depends on the seed and the entries up to it, on nothing behind it.
func DrawOne(seed uint64, reset, main func()) (Single, error) {
	e := &interpreter{reset: reset, main: main, cap: drawnSteps}
	s := e.run(&plan{kind: planWalk, seed: seed}, false)
	if s.in.err != nil {
		s.clear()
		return Single{}, s.in.err
	}
	o := Single{Output: s.in.out.String(), Entries: s.in.entry}
	if o.Class, o.Text = s.ended(); o.Class == Deadlock {
		o.Waits = newTeller(s).waits()
	}
	s.clear()
	return o, nil
}

// Entry begins a part of main that was written later: all other goroutines first go on as far as they
// can, as they do while somebody types, and what was printed until then is forgotten.
func Entry(site int32) {
	s := active
	if s == nil || s.in == nil || s.aborted {
		return
	}
	if s.in.entry > 0 {
		Settle()
	}
	s.in.entry++
	s.rng = mix(s.plan.seed, uint64(s.in.entry))
	s.in.out.Reset()
	At(site)
}

// Settle lets all other goroutines go on as far as they can.
func Settle() {
	if s := active; s != nil && s.in != nil && !s.aborted {
		s.in.settled = s.step
		s.stand(s.self(), waitSettled)
	}
}
