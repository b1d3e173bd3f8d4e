package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/gate"
	"workbook/cmd/workbook/internal/grader"
	"workbook/cmd/workbook/internal/schedule/sched"
	"workbook/cmd/workbook/internal/verdict"
)

func (a *app) verifyCommand() *cobra.Command {
	var matrix, update bool
	var repeat, seeds int
	cmd := &cobra.Command{
		Use:   "verify [EXERCISE|LESSON...]",
		Short: "Check a course as its author",
		Long: `Check that a course keeps its promises: its files fit together and every link resolves; every lesson has
the length, the questions and the sections of a published one; no term is defined twice; every starter
compiles, is vet-clean and fails; every solution and alternative passes; every wrong program gets the class
and the message that its archive names, with a line of its own; every cell agrees with the output its lesson
shows, and so does every answer of a question that is an output.

All faults are listed, as file:line: text. Exit code: 0 none, 1 some. A course that --course names runs
only with --allow-exec.

--update runs the cells only, puts what they really print into the lessons' files, and shows each change as
a diff: --course . --allow-exec --update. Outputs with match=regexp or match=contains stay as they are, and
so does a cell that does not end as it should; both are faults.`,
		ValidArgsFunction: a.completeExercises,
		RunE: func(cmd *cobra.Command, args []string) error {
			if update {
				return a.update(cmd.Context(), args)
			}
			return a.verify(cmd.Context(), args, thoroughness{matrix, repeat, seeds})
		},
	}
	cmd.Flags().BoolVar(&update, "update", false, "put what the cells print into the lessons, and show the changes")
	cmd.Flags().BoolVar(&matrix, "matrix", false, "print what became of every wrong program")
	cmd.Flags().IntVar(&seeds, "seeds", 1, "look for each wrong program with so many seeds, and find it with each")
	cmd.Flags().IntVar(&repeat, "repeat", 1, "grade each right program so many times")
	return cmd
}

// thoroughness is how much verify does.
type thoroughness struct {
	matrix        bool
	repeat, seeds int
}

func (a *app) verify(ctx context.Context, only []string, how thoroughness) error {
	fsys, err := a.courseFS()
	if err != nil {
		return err
	}
	c, err := course.Load(fsys)
	var faults course.Faults
	if err != nil && !errors.As(err, &faults) {
		return usage(err)
	}
	for _, name := range only {
		if c.Lesson(name) == nil && c.Exercise(name) == nil {
			return unknown(c, "lesson or exercise", name)
		}
	}
	faults = append(faults, lint(c, only)...)
	config := gate.Config{Course: c, Faults: faults, Only: only, LeastAlts: 2, LeastWrongs: 6, Repeat: how.repeat, Jobs: runtime.NumCPU(), Progress: a.progress("checking"), Claims: cell.Claims, Checked: cell.Checked}
	if err := a.mayRun(); err == nil {
		if err := a.equip(ctx, &config, how.seeds); err != nil {
			return err
		}
	} else {
		writeTrouble(a.Stderr, err)
	}
	report, err := gate.Run(ctx, config)
	a.endProgress()
	if err != nil {
		return ours(err)
	}
	if how.matrix {
		if err := report.WriteMatrix(a.Stdout); err != nil {
			return ours(err)
		}
	}
	return a.writeReport(report)
}

// lint is what keeps the chosen lessons from being published; with an exercise its lesson is chosen.
func lint(c *course.Course, only []string) course.Faults {
	chosen := map[string]bool{}
	for _, name := range only {
		if ex := c.Exercise(name); ex != nil {
			name = ex.Lesson
		}
		if l := c.Lesson(name); l != nil {
			chosen[l.File] = true
		}
	}
	return slices.DeleteFunc(c.Lint(), func(f course.Fault) bool { return len(only) > 0 && !chosen[f.File] })
}

// equip gives the gate what runs programs: the grader, vet and the cell runner.
func (a *app) equip(ctx context.Context, config *gate.Config, seeds int) error {
	patient := sched.Job{Millis: 60000, Schedules: 200000} // an author's machine may be busy; the promise is not about time
	o := &opened{course: config.Course}
	var graders []*grader.Grader
	grade := func(seed uint64, job sched.Job) (gate.Grade, error) {
		g, err := a.newGrader(config.Course, grader.Config{Seed: seed, Schedules: job})
		o.grader, graders = g, append(graders, g)
		return func(ctx context.Context, ex *course.Exercise, files map[string][]byte) (verdict.Verdict, error) {
			return g.Grade(ctx, grader.Submission{Exercise: ex, Files: files})
		}, err
	}
	for seed := seeds - 1; seed > 0; seed-- {
		again, err := grade(uint64(seed), patient)
		if err != nil {
			return err
		}
		config.Again = append(config.Again, again)
	}
	alone := patient
	alone.PCT, alone.Random = -1, -1
	var err error
	if config.Exhaustive, err = grade(0, alone); err != nil {
		return err
	}
	if config.Grade, err = grade(0, patient); err != nil {
		return err
	}
	if err := a.warm(ctx, o); err != nil {
		return err
	}
	config.Prepare = func(ctx context.Context, ex *course.Exercise, sources [][]byte) error {
		return prepare(ctx, graders, ex, sources)
	}
	tools := o.grader.Build.Tool
	config.Explores = o.grader.Explores()
	config.Vet = gate.GoVet{Go: tools.Go, Env: tools.Env}.Vet
	runner, err := a.cellRunner(ctx)
	if err != nil {
		return err
	}
	config.Cell = func(ctx context.Context, l *course.Lesson, c *course.Cell) error {
		return cellFaults(runner.Check(ctx, l, c))
	}
	return nil
}

// prepare builds an exercise's programs together; the first grader builds, the others find what is built.
func prepare(ctx context.Context, graders []*grader.Grader, ex *course.Exercise, sources [][]byte) error {
	var all []grader.Submission
	for _, source := range sources {
		all = append(all, grader.Submission{Exercise: ex, Files: map[string][]byte{ex.File: source}})
	}
	for _, g := range graders {
		if err := g.Prepare(ctx, all); err != nil {
			return err
		}
	}
	return nil
}

// cellFaults is a cell's faults as one error, or nil.
func cellFaults(faults []course.Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return course.Faults(faults)
}

func (a *app) writeReport(report gate.Report) error {
	for _, f := range report.Faults {
		fmt.Fprintln(a.Stdout, f)
	}
	skipped := ""
	if report.Skipped > 0 {
		skipped = fmt.Sprintf(", %d wrong programs skipped that only exploring schedules reveals", report.Skipped)
	}
	if report.Questions > 0 {
		skipped += fmt.Sprintf("; the answers of %d of %d questions are checked against the output of their cells", report.Checked, report.Questions)
	}
	fmt.Fprintf(a.Stdout, "%d faults; %d programs graded, %d cells run%s\n", len(report.Faults), report.Graded, report.Cells, skipped)
	if len(report.Faults) > 0 {
		return errNotPassing
	}
	return nil
}

// progress returns a function that shows how far something is, on a terminal only.
func (a *app) progress(doing string) func(done, total int, what string) {
	if terminal(a.Stderr) == nil || a.plain {
		return nil
	}
	return func(done, total int, what string) {
		fmt.Fprintf(a.Stderr, "\r\x1b[K%s %s %s", doing, bar(done, total, 20), what)
	}
}

func (a *app) endProgress() {
	if terminal(a.Stderr) != nil && !a.plain {
		fmt.Fprint(a.Stderr, "\r\x1b[K")
	}
}
