package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
)

func (a *app) runCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "run LESSON [CELL]",
		Short: "Run a lesson's programs",
		Long: `Run one cell of a lesson, or all of them in order, and compare what they print with what the lesson says.

Exit code: 0 as the lesson says, 1 otherwise. The lessons of a course that --course names run only with
--allow-exec.`,
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: a.completeLessons,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.loadCourse()
			if err != nil {
				return err
			}
			l, err := findLesson(c, args[0])
			if err != nil {
				return err
			}
			cells, err := chooseCells(l, args[1:])
			if err != nil {
				return err
			}
			return a.runCells(cmd.Context(), l, cells)
		},
	}
}

// findLesson finds a lesson by its slug, its file's name or the name of one of its exercises.
func findLesson(c *course.Course, name string) (*course.Lesson, error) {
	if l := c.Lesson(name); l != nil {
		return l, nil
	}
	for _, l := range c.Lessons {
		if base := filepath.Base(l.File); base == name || base == name+".md" {
			return l, nil
		}
	}
	if ex := c.Exercise(name); ex != nil {
		return c.Lesson(ex.Lesson), nil
	}
	return nil, unknown(c, "lesson", name)
}

// chooseCells is the cell that is named, or all.
func chooseCells(l *course.Lesson, names []string) ([]*course.Cell, error) {
	if len(names) == 0 {
		if len(l.Cells) == 0 {
			return nil, usage(fmt.Errorf("lesson %s has no cells", l.Slug))
		}
		return l.Cells, nil
	}
	if c := l.Cell(names[0]); c != nil {
		return []*course.Cell{c}, nil
	}
	hints := []string{}
	for _, c := range l.Cells {
		hints = append(hints, fmt.Sprintf("workbook run %s %s", l.Slug, c.ID))
	}
	return nil, usage(fmt.Errorf("lesson %s has no cell %q", l.Slug, names[0]), hints...)
}

// mayRun refuses to run the programs of a foreign course unasked.
func (a *app) mayRun() error {
	if a.courseDir != "" && !a.allowExec {
		return usage(errors.New("this course is not the built-in one: its programs run with your rights"),
			"--allow-exec runs them, once you trust the course")
	}
	return nil
}

// cellRunner is what runs cells.
func (a *app) cellRunner(ctx context.Context) (*cell.Runner, error) {
	tools, err := build.Find(ctx, build.Lookup{Environ: a.Environ})
	if err != nil {
		return nil, ours(err, "workbook doctor checks what the workbook needs")
	}
	self, err := os.Executable()
	if err != nil {
		return nil, ours(fmt.Errorf("finding the workbook's own program: %w", err))
	}
	return &cell.Runner{Go: tools.Go, Env: tools.Env, Cache: filepath.Join(a.cacheDir(), "cells"), Worker: []string{self, workerName}}, nil
}

func (a *app) runCells(ctx context.Context, l *course.Lesson, cells []*course.Cell) error {
	if err := a.mayRun(); err != nil {
		return err
	}
	runner, err := a.cellRunner(ctx)
	if err != nil {
		return err
	}
	differs := false
	for _, c := range cells {
		result, err := runner.Run(ctx, l, c)
		if err != nil {
			return ours(fmt.Errorf("running %s:%d: %w", c.File, c.Line, err))
		}
		if err := a.style().Result(a.Stdout, c, result); err != nil {
			return ours(fmt.Errorf("writing the output: %w", err))
		}
		if err := cell.Compare(c, result); err != nil {
			differs = true
			fmt.Fprintf(a.Stderr, "workbook: %v\n", err)
		}
	}
	if differs {
		return errNotPassing
	}
	return nil
}
