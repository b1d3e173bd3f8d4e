// Package gate checks a course for its author.
//
// A course is right when its files fit together (package course says so), when every starter
// compiles, is vet-clean and fails, every right program passes, every wrong one gets the class and
// the message that its archive names with a line of its own file, every cell agrees with the output that its lesson shows, and so do
// the answers of the questions about it.
package gate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// Config says what to check and with what. A nil function leaves its check out.
type Config struct {
	Course *course.Course
	Faults course.Faults // of the content, as course.Load reported them
	Only   []string      // exercises and lessons to run; all where empty

	// Grade judges one program as it would judge a learner's. Its error says why there is no verdict.
	Grade Grade
	// Prepare readies the programs of an exercise for Grade, Again and Exhaustive, while those of the one before
	// are graded. May be nil.
	Prepare func(ctx context.Context, ex *course.Exercise, sources [][]byte) error
	// Again are graders that explore other schedules than Grade: each must find every wrong program too.
	Again []Grade
	// Exhaustive is a grader that runs nothing but all schedules with few delays: it alone must find the
	// wrong programs that are marked "schedule". May be nil.
	Exhaustive Grade
	// Explores says that Grade explores schedules. Where it does not, programs marked "schedule" are
	// skipped.
	Explores bool
	// Vet vets the named files, all starters at once.
	Vet func(ctx context.Context, files map[string][]byte) (course.Faults, error)
	// Cell runs a cell. Its error says in what the cell does not agree with its lesson.
	Cell func(ctx context.Context, l *course.Lesson, c *course.Cell) error
	// Claims compares a question's options with what the lesson documents of its cell, without running it.
	Claims func(*course.Predict) course.Faults
	// Checked reports whether Claims can tell that a question's right answers are right. May be nil.
	Checked func(*course.Predict) bool

	// Fewer right or wrong programs prove little about an exercise's hidden tests.
	LeastAlts, LeastWrongs int

	Repeat   int                                // how often each starter and right program is graded; 1 where 0
	Jobs     int                                // how many checks run at a time; 1 where 0
	Progress func(done, total int, what string) // called by one goroutine at a time; may be nil
}

// Grade judges one program of an exercise.
type Grade func(ctx context.Context, ex *course.Exercise, files map[string][]byte) (verdict.Verdict, error)

// Report is what the gate found.
type Report struct {
	Faults  course.Faults // everything wrong, sorted
	Kills   []Kill        // every wrong program, in course order
	Graded  int           // verdicts asked for
	Cells   int           // cells run
	Skipped int           // wrong programs that only exploring schedules reveals

	Questions, Checked int // questions, and those of them whose right answers are checked
}

// Kill is what happened to one wrong program.
type Kill struct {
	Exercise string
	Program  string // its name in wrong.txtar, without ".go"
	Want     verdict.Class
	Got      verdict.Class // "" where it was not judged
	Schedule bool          // only exploring schedules reveals it
	Found    bool          // it got the class and the text that its archive names
}

// Run checks the course. All faults are in the report; the error says what kept the gate from
// checking, such as ctx's end, and the report then lacks what was not checked.
func Run(ctx context.Context, c Config) (Report, error) {
	g := &gate{Config: c}
	g.report.Faults = slices.Clone(c.Faults)
	checks := g.plan()
	g.total = len(checks)
	g.work(ctx, checks)
	sortFaults(g.report.Faults)
	return g.report, errors.Join(append(g.errs, ctx.Err())...)
}

// gate is one run.
type gate struct {
	Config

	mu     sync.Mutex // guards what follows
	report Report
	errs   []error
	done   int
	total  int
}

// check is one thing to do.
type check struct {
	what string
	run  func(context.Context) error

	prepare func(context.Context) error // before it and those that follow; may be nil
}

// work does all checks, c.Jobs at a time, and returns when the last one has ended.
func (g *gate) work(ctx context.Context, checks []check) {
	queue, ready := make(chan check), make(chan []check)
	var wg sync.WaitGroup
	for range max(1, g.Jobs) {
		wg.Go(func() {
			for c := range queue {
				g.finish(ctx, c, c.run(ctx))
			}
		})
	}
	wg.Go(func() {
		defer close(ready)
		for group := range grouped(checks) {
			if prepare := group[0].prepare; prepare != nil && ctx.Err() == nil {
				g.failed(ctx, group[0].what, prepare(ctx))
			}
			ready <- group
		}
	})
	for group := range ready {
		for _, c := range group {
			if ctx.Err() == nil {
				queue <- c
			}
		}
	}
	close(queue)
	wg.Wait()
}

// grouped yields checks up to the next one that is to be prepared.
func grouped(checks []check) func(yield func([]check) bool) {
	return func(yield func([]check) bool) {
		for len(checks) > 0 {
			n := 1
			for n < len(checks) && checks[n].prepare == nil {
				n++
			}
			if !yield(checks[:n]) {
				return
			}
			checks = checks[n:]
		}
	}
}

// failed keeps an error of what is not a check.
func (g *gate) failed(ctx context.Context, what string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil && ctx.Err() == nil {
		g.errs = append(g.errs, fmt.Errorf("preparing %s: %w", what, err))
	}
}

// finish counts a check that has ended, and keeps its error unless it only says that ctx has ended.
func (g *gate) finish(ctx context.Context, c check, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil && ctx.Err() == nil {
		g.errs = append(g.errs, fmt.Errorf("%s: %w", c.what, err))
	}
	g.done++
	if g.Progress != nil {
		g.Progress(g.done, g.total, c.what)
	}
}

func (g *gate) fault(file string, line int, format string, args ...any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.report.Faults = append(g.report.Faults, course.Fault{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

// plan lists the checks in course order.
func (g *gate) plan() (checks []check) {
	starters := map[string][]byte{}
	for _, l := range g.Course.Lessons {
		for _, ex := range l.Exercises {
			if !g.chosen(l.Slug, ex.Name) {
				continue
			}
			g.count(ex)
			if ex.Starter != nil {
				starters[ex.File] = ex.Starter
			}
			if g.Grade != nil {
				checks = append(checks, g.programs(ex)...)
			}
		}
		if g.Cell != nil && g.chosen(l.Slug, "") {
			checks = append(checks, g.cells(l)...)
		}
		if g.Claims != nil && g.chosen(l.Slug, "") {
			for _, q := range l.Questions {
				g.report.Faults = append(g.report.Faults, g.Claims(q)...)
				g.report.Questions++
				if g.Checked != nil && g.Checked(q) {
					g.report.Checked++
				}
			}
		}
	}
	if g.Vet != nil && len(starters) > 0 {
		checks = append([]check{{what: "go vet of all starters", run: func(ctx context.Context) error { return g.vet(ctx, starters) }}}, checks...)
	}
	return checks
}

// chosen says whether an exercise, or a lesson's cells where exercise is "", are to be checked.
func (g *gate) chosen(lesson, exercise string) bool {
	return len(g.Only) == 0 || slices.Contains(g.Only, lesson) || exercise != "" && slices.Contains(g.Only, exercise)
}

func (g *gate) vet(ctx context.Context, starters map[string][]byte) error {
	faults, err := g.Vet(ctx, starters)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.report.Faults = append(g.report.Faults, faults...)
	return err
}

// cells lists the checks of a lesson's cells.
func (g *gate) cells(l *course.Lesson) (checks []check) {
	for _, c := range l.Cells {
		checks = append(checks, check{what: fmt.Sprintf("cell %s of %s", c.ID, l.Slug), run: func(ctx context.Context) error {
			err := g.Cell(ctx, l, c)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				g.fault(c.File, c.Line-1, "cell %s: %s", c.ID, indented(err.Error()))
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			g.report.Cells++
			return nil
		}})
	}
	return checks
}
