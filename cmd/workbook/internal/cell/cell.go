// Package cell runs the cells of a lesson.
//
// A cell becomes one program together with the cells that it comes after (assemble.go). The real
// toolchain compiles and runs it, or, for engine=explore, an interpreter in a process of its own
// runs it once for every order of its goroutines' steps: rewritten by package schedule, under the scheduler
// of package sched, as submissions are. There is no state that outlives a run, and every message speaks of
// the lesson's file and line.
//
// What exploring sees is sequentially consistent interleaving of steps. Reordering by compiler or
// processor, torn values, and the clock are not in it.
package cell

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/course"
)

// Runner runs cells.
type Runner struct {
	Go     string   // the go command; "go" if empty
	Env    []string // what the toolchain's environment is taken from; os.Environ() if nil
	Cache  string   // folder for compiled cells and for what passed; without one nothing is kept
	Worker []string // command line of the process that calls WorkerMain; needed for engine=explore
}

// Classes of how a cell ended. A program that exits otherwise has "exit:N".
const (
	ClassOK        = "ok"
	ClassPanic     = "panic"
	ClassFatal     = "fatal" // the runtime gave up, or a signal ended the program
	ClassDeadlock  = "deadlock"
	ClassRace      = "race"
	ClassCompile   = "compile-error"
	ClassVet       = "vet" // go vet has something to say
	ClassTimeout   = "timeout"
	ClassOutput    = "output-limit"
	ClassMemory    = "memory"
	ClassProcesses = "processes"
	ClassEndless   = "endless" // explored: a schedule with no end
)

// Result is what became of a cell.
type Result struct {
	Class  string // where runs differ, the class the cell expects if there is such a run
	Output string // standard output; for vet, build and a compile error what the tool says
	Stderr string // standard error; race reports folded
	Raw    string // standard error as it came, where Stderr is folded
	Exit   int    // exit status, -1 for none
	Note   string // a sentence, where the run was stopped at a limit

	Elapsed  time.Duration // running, without building
	Outcomes []Outcome     // the different results of several runs, or of all schedules
	Explored string        // engine=explore: how far; "all 6 schedules"
	Badge    string        // what produced this: "go1.26.8 -race, GOMAXPROCS=2, 3 runs"
}

// Outcome is one of several ways for a cell to end.
type Outcome struct {
	Class string
	Text  string // what is printed; explored ones end in DEADLOCK, PANIC: … or the like where that happened
	Count int
	Steps []Step // explored: the schedule of fewest preemptions that leads here
}

// Text is what the run printed: standard output, then standard error.
func (r Result) Text() string {
	if r.Output != "" && r.Stderr != "" && !strings.HasSuffix(r.Output, "\n") {
		return r.Output + "\n" + r.Stderr
	}
	return r.Output + r.Stderr
}

// Run runs the cell once, or as often as the cell says. The error means that the cell could not be
// run at all; that a program is faulty is a result.
func (r *Runner) Run(ctx context.Context, l *course.Lesson, c *course.Cell) (Result, error) {
	p, err := Assemble(l, c)
	if err != nil {
		return Result{}, err
	}
	return r.run(ctx, p)
}

func (r *Runner) run(ctx context.Context, p *Program) (Result, error) {
	if p.Cell.Engine == course.EngineExplore {
		return r.explore(ctx, p)
	}
	b, err := r.build(ctx, p)
	if err != nil {
		return Result{}, fmt.Errorf("%s:%d: %w", p.Cell.File, p.Cell.Line, err)
	}
	defer b.remove()
	if b.binary == "" {
		res := Result{Class: b.class, Output: b.text, Badge: r.badge(p, b)}
		if b.class != ClassOK {
			res.Exit = 1
		}
		return res, nil
	}
	res, err := r.runs(ctx, p, b)
	res.Badge = r.badge(p, b)
	return res, err
}

// runs runs a binary as often as the cell says. Where the cell waits for something to happen, the
// first run in which it does is the last.
func (r *Runner) runs(ctx context.Context, p *Program, b *built) (Result, error) {
	var all []Result
	for range max(1, p.Cell.Runs) {
		res, err := r.execute(ctx, p, b, p.Cell.Procs)
		if err != nil {
			return Result{}, err
		}
		all = append(all, res)
		if p.Cell.Expect != "" && p.Cell.Expect != ClassOK && res.Class == p.Cell.Expect || stopped(res.Class) {
			break
		}
	}
	return merge(p.Cell, all), nil
}

// stopped reports whether a limit ended the run.
func stopped(class string) bool {
	switch class {
	case ClassTimeout, ClassOutput, ClassMemory, ClassProcesses:
		return true
	}
	return false
}

// merge makes one result of several runs: that of the run with the expected class, else of the
// first that was not ok, else of the first.
func merge(c *course.Cell, all []Result) Result {
	pick := -1
	for i, r := range all {
		if r.Class == c.Expect && c.Expect != ClassOK {
			pick = i
			break
		}
		if pick < 0 && r.Class != ClassOK {
			pick = i
		}
	}
	res := all[max(0, pick)]
	if len(all) > 1 {
		res.Outcomes = histogram(all)
	}
	return res
}

// badge says what produced a result.
func (r *Runner) badge(p *Program, b *built) string {
	words := b.version
	switch p.Cell.Engine {
	case course.EngineVet:
		return words + " vet"
	case course.EngineBuild:
		return words + " build"
	case course.EngineRace:
		words += " -race"
	case course.EngineBubble:
		words += ", virtual time"
	}
	procs := p.Cell.Procs
	if procs == 0 {
		procs = runtime.GOMAXPROCS(0)
	}
	words += fmt.Sprintf(", GOMAXPROCS=%d", procs)
	if p.Cell.Runs > 1 {
		words += fmt.Sprintf(", %d runs", p.Cell.Runs)
	}
	return words
}
