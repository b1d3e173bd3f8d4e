// Package lab measures, on the learner's own machine, what the lessons say about concurrent programs.
//
// An experiment says what it does, asks a question, measures for a few seconds, then answers the question
// from what it measured. Rules:
//
//   - Figures come from many short trials, the rows of a chart taking turns, so that a busy moment of the
//     machine meets all of them alike. The spread is part of every figure.
//   - Nothing here is graded: timing on a shared machine is not evidence against anybody.
//   - A run ends by itself within ten seconds, and soon after its context ends.
//   - Experiments about data races contain data races. They are in files named *_plain.go, which builds
//     with -race leave out.
package lab

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// Experiment is an entry of the table of experiments.
type Experiment struct {
	Name     string
	Title    string
	Expect   string // what is done, before it is done; it does not answer the question
	Question Question
	Ready    func(b *Bench) error                                // an Unable where it cannot run here; nil where it always can
	Run      func(ctx context.Context, b *Bench) (Result, error) // fills Charts, Notes
}

// Question is what the learner guesses before the measurement.
type Question struct {
	Text    string
	Options []string
	// Answer reads the result: the index of the option that holds on this machine, or -1 where this run
	// cannot tell, with the reason in one or two sentences.
	Answer func(Result) (option int, why string)
}

// Experiments is the table, in the order of the lessons.
func Experiments() []Experiment {
	return []Experiment{
		goroutines(), buffers(), fairness(), speedup(), granularity(), sieve(), falseSharing(), throttle(),
		lostUpdates(), cost(), litmusTests(), pool(),
	}
}

// Find returns the experiment of a name.
func Find(name string) (Experiment, bool) {
	all := Experiments()
	i := slices.IndexFunc(all, func(e Experiment) bool { return e.Name == name })
	if i < 0 {
		return Experiment{}, false
	}
	return all[i], true
}

// Able returns an *Unable where an experiment cannot run on this machine.
func (e Experiment) Able(b *Bench) error {
	if e.Ready == nil {
		return nil
	}
	return e.Ready(b)
}

// The time of a run: what it takes where nothing else is said, and what it never exceeds but for the one
// trial that is under way.
const (
	DefaultTime = 5 * time.Second
	MaxTime     = 10 * time.Second
)

// errBound is the cause of a context that ends because MaxTime is over.
var errBound = errors.New("the time of an experiment is over")

// Measure runs an experiment to its result. It changes GOMAXPROCS while it runs; two runs at a time
// would measure each other.
func Measure(ctx context.Context, e Experiment, b *Bench) (Result, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, MaxTime, errBound)
	defer cancel()
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	b.begin()
	machine := thisMachine(before)
	machine.Free = float64(machine.Cores)
	if !b.noProbe {
		machine.Free = keepBusy(ctx, b.Budget/50).Cores
	}
	r, err := e.Run(ctx, b)
	if err != nil {
		return Result{}, fmt.Errorf("measuring %s: %w", e.Name, err)
	}
	r.Schema, r.Experiment, r.Title, r.Machine = 1, e.Name, e.Title, machine
	r.Seconds = time.Since(b.start).Seconds()
	if machine.busy() {
		r.Notes = append(r.Notes, fmt.Sprintf("the machine was busy, or this process has a quota: %d busy goroutines got %s cores of %d. "+
			"What happens at the same moment then hardly happens; run it again when it is quiet", machine.GOMAXPROCS, number(machine.Free), machine.Cores))
	}
	if raceEnabled {
		r.Notes = append(r.Notes, "this workbook is built with -race: times are those of instrumented code, many times the usual ones")
	}
	return r, nil
}
