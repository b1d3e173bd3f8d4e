package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/grader"
	"workbook/cmd/workbook/internal/verdict"
)

func (a *app) checkCommand() *cobra.Command {
	var asJSON, all, thorough bool
	cmd := &cobra.Command{
		Use:   "check [EXERCISE...]",
		Short: "Grade exercises once",
		Long: `Grade the named exercises once, or the current one.

Exit code: 0 all passed, 1 not all passed, 2 wrong usage, 3 the workbook could not grade.
With --json each verdict is one object a line, schema 1.

--thorough runs every hidden test freely on one, two and twice as many processors as there are, and once
more without the race detector, beside the schedules that every grading explores.`,
		ValidArgsFunction: a.completeExercises,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.check(cmd.Context(), checkFlags{args, all, thorough, asJSON})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	cmd.Flags().BoolVar(&all, "all", false, "every exercise of the course")
	cmd.Flags().BoolVar(&thorough, "thorough", false, "more free runs, which takes a few seconds more")
	return cmd
}

// checkFlags are what a command line asks of check.
type checkFlags struct {
	names                 []string
	all, thorough, asJSON bool
}

func (a *app) check(ctx context.Context, f checkFlags) error {
	o, err := a.openExisting()
	if err != nil {
		return err
	}
	exercises, err := o.chosen(f.names, f.all)
	if err != nil {
		return err
	}
	o.grader, err = a.newGrader(o.course, grader.Config{Thorough: f.thorough})
	if err != nil {
		return err
	}
	if err := a.warm(ctx, o); err != nil {
		return err
	}
	failed := false
	for _, ex := range exercises {
		v, err := a.checkOne(ctx, o, ex)
		if err != nil {
			return err
		}
		failed = failed || !v.Passed
		if f.asJSON {
			err = json.NewEncoder(a.Stdout).Encode(v)
		} else {
			err = a.style().Verdict(a.Stdout, v)
		}
		if err != nil {
			return ours(fmt.Errorf("writing the verdict: %w", err))
		}
	}
	if failed {
		return errNotPassing
	}
	return nil
}

// chosen is the exercises that a command line names.
func (o *opened) chosen(names []string, all bool) ([]*course.Exercise, error) {
	if all {
		if len(names) > 0 {
			return nil, usage(errors.New("--all and names of exercises exclude each other"))
		}
		return o.course.Exercises(), nil
	}
	if len(names) == 0 {
		names = []string{""}
	}
	var chosen []*course.Exercise
	for _, name := range names {
		ex, err := o.exercise(name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, ex)
	}
	return chosen, nil
}

// checkOne grades one exercise and keeps the attempt.
func (a *app) checkOne(ctx context.Context, o *opened, ex *course.Exercise) (verdict.Verdict, error) {
	files, err := o.ws.Read(ex)
	if err != nil {
		return verdict.Verdict{}, usage(err)
	}
	v, err := o.grader.Grade(ctx, grader.Submission{Exercise: ex, Files: files})
	if err != nil {
		return v, ours(err, "workbook doctor checks what the workbook needs")
	}
	if err := o.ws.Record(attempt(v)); err != nil {
		writeTrouble(a.Stderr, err) // the verdict stands without its line in the journal
	}
	return v, nil
}

// warm builds what every grading needs, with a line of progress on standard error where it takes long.
func (a *app) warm(ctx context.Context, o *opened) error {
	shown := false
	term := terminal(a.Stderr) != nil && !a.plain
	err := o.grader.Warm(ctx, func(done, total int) {
		if term {
			fmt.Fprintf(a.Stderr, "\rpreparing the race detector (once) %s", bar(done, total, 20))
		} else if !shown {
			fmt.Fprintln(a.Stderr, "workbook: preparing the race detector (once; it can take a minute)")
		}
		shown = true
	})
	if shown && term {
		fmt.Fprint(a.Stderr, "\r\x1b[K")
	}
	if err != nil {
		return ours(err, "workbook doctor checks what the workbook needs")
	}
	return nil
}
