package explore

import (
	"slices"
	"strings"
)

// Limits says how far a search goes. Schedules are tried in the order of their preemptions: first
// all that have none, then all that have one, and so on.
type Limits struct {
	Bound int // preemptions to which the search goes at any rate
	Soft  int // schedules behind which it goes on with no further bound
	Hard  int // schedules behind which it stops
	Steps int // of all schedules together, behind which it stops
}

// DefaultLimits are those of a lesson's cell.
var DefaultLimits = Limits{Bound: 2, Soft: 10000, Hard: 100000, Steps: 1000000}

// maxWitness bounds the steps of a schedule that are reported.
const maxWitness = 500

// Report is what a search found.
type Report struct {
	Outcomes  []Outcome // in the order in which they were found
	Schedules int
	All       bool // every schedule was tried
	Bound     int  // unless All: every schedule with at most so many preemptions was tried
	Cut       bool // not even that: the search stopped at its hard limit
}

// Outcome is one way for the program to end.
type Outcome struct {
	Class string // "ok", "deadlock", "panic", "fatal", "endless"
	Text  string // what it printed, with a last line for a class other than ok
	Count int    // schedules that end so
	Steps []Step // of the first schedule found, which has the fewest preemptions; the first 500
	Born  []int  // for each goroutine the line of its go statement
}

// A search is a search in progress.
type search struct {
	limits Limits
	reset  func()
	main   func()
	report Report
	levels [][]branch // what is to be tried, by its number of preemptions
	steps  int        // taken so far
}

// A branch is a schedule to try: the choices of an earlier one up to a place, and another one there.
type branch struct {
	choices []uint8
	other   uint8
}

func (b branch) prefix() []uint8 {
	if b.choices == nil {
		return nil
	}
	return append(slices.Clip(b.choices), b.other)
}

// Search runs main once for every order of its steps, reset before each run.
// The error says why the program cannot be explored.
func Search(limits Limits, reset, main func()) (Report, error) {
	s := &search{limits: limits, reset: reset, main: main, levels: [][]branch{{{}}}}
	for level := 0; level < len(s.levels); level++ {
		before := s.report.clone()
		done, err := s.level(level)
		if err != nil {
			return Report{}, err
		}
		if !done && level > limits.Bound {
			before.Bound = level - 1
			return before, nil
		}
		if s.report.Bound = level; !done {
			s.report.Cut = true
			return s.report, nil
		}
	}
	s.report.All = true
	return s.report, nil
}

func (r Report) clone() Report {
	r.Outcomes = slices.Clone(r.Outcomes)
	return r
}

// level tries all schedules with the given number of preemptions; false if a limit came first.
func (s *search) level(n int) (bool, error) {
	limit := s.limits.Soft
	if n <= s.limits.Bound {
		limit = s.limits.Hard
	}
	if n > s.limits.Bound && s.report.Schedules+len(s.levels[n]) > limit {
		return false, nil
	}
	for len(s.levels[n]) > 0 {
		if s.report.Schedules >= limit || s.steps >= s.limits.Steps {
			return false, nil
		}
		todo := s.levels[n]
		prefix := todo[len(todo)-1].prefix()
		s.levels[n] = todo[:len(todo)-1]
		run, err := s.try(prefix)
		if err != nil {
			return false, err
		}
		s.branch(run, len(prefix))
	}
	return true, nil
}

// try runs the schedule that begins with the given choices.
func (s *search) try(prefix []uint8) (*schedule, error) {
	s.reset()
	run := newSchedule(prefix)
	run.run(s.main)
	if run.err != nil {
		return nil, run.err
	}
	s.report.Schedules++
	s.steps += len(run.steps)
	s.count(run)
	return run, nil
}

// branch puts up for trial what else could have been chosen behind the run's prefix.
func (s *search) branch(run *schedule, from int) {
	for at := len(run.options) - 1; at >= from; at-- {
		o := run.options[at]
		for k := o.n - 1; k > 0; k-- {
			level := o.spent
			if o.costs(k) {
				level++
			}
			for len(s.levels) <= level {
				s.levels = append(s.levels, nil)
			}
			s.levels[level] = append(s.levels[level], branch{run.choices[:at:at], uint8(k)})
		}
	}
}

// count adds a run to the outcomes.
func (s *search) count(run *schedule) {
	text := run.outcome()
	for i := range s.report.Outcomes {
		if o := &s.report.Outcomes[i]; o.Text == text && o.Class == run.class {
			o.Count++
			return
		}
	}
	steps := run.steps[min(run.shown, len(run.steps)):]
	s.report.Outcomes = append(s.report.Outcomes, Outcome{Class: run.class, Text: text, Count: 1,
		Steps: slices.Clone(steps[:min(len(steps), maxWitness)]), Born: run.born})
}

// outcome is what the run printed and how it ended, as text.
func (s *schedule) outcome() string {
	text := strings.TrimRight(s.out.String(), "\n")
	if s.class == "ok" {
		return text
	}
	last := Ending(s.class, s.text)
	if text == "" {
		return last
	}
	return text + "\n" + last
}

// Ending words how a program ended: "DEADLOCK", "PANIC: text", "FATAL: text", "NO END: text".
func Ending(class, text string) string {
	switch {
	case class == "endless":
		return "NO END: " + text
	case text == "":
		return strings.ToUpper(class)
	}
	return strings.ToUpper(class) + ": " + text
}
