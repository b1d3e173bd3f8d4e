package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

func (a *app) predictCommand() *cobra.Command {
	var noRun bool
	cmd := &cobra.Command{
		Use:   "predict LESSON [ID]",
		Short: "Answer a lesson's questions, then see what happens",
		Long: `Answer one question of a lesson, or all of them in order: what will this program do? Each answer is explained,
and then the program runs, many times where its output varies.

The answer is the letters of all options that you take for right: b, or a c. Without a terminal the answers are
read from standard input, a line each. Answers are kept in your workspace: workbook review asks again what you
missed.

Exit code: 0 every answer was right, 1 otherwise.`,
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: a.completeLessons,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.openAny()
			if err != nil {
				return err
			}
			l, err := findLesson(o.course, args[0])
			if err != nil {
				return err
			}
			asked, err := chooseQuestions(l, args[1:])
			if err != nil {
				return err
			}
			return a.quiz(cmd.Context(), o, asked, !noRun)
		},
	}
	cmd.Flags().BoolVar(&noRun, "no-run", false, "do not run the programs afterwards")
	return cmd
}

// openAny opens the course, and the workspace where there is one.
func (a *app) openAny() (*opened, error) {
	if _, ok := a.findWorkspace(); ok {
		return a.openExisting()
	}
	c, err := a.loadCourse()
	return &opened{course: c}, err
}

// asking is a question with its lesson.
type asking struct {
	lesson   *course.Lesson
	question *course.Predict
}

// chooseQuestions is the question that is named, or all.
func chooseQuestions(l *course.Lesson, names []string) (asked []asking, err error) {
	var hints []string
	for _, q := range l.Questions {
		if len(names) == 0 || names[0] == q.ID {
			asked = append(asked, asking{l, q})
		}
		hints = append(hints, fmt.Sprintf("workbook predict %s %s", l.Slug, q.ID))
	}
	switch {
	case len(hints) == 0:
		return nil, usage(fmt.Errorf("lesson %s asks no questions", l.Slug))
	case len(asked) == 0:
		return nil, usage(fmt.Errorf("lesson %s has no question %q", l.Slug, names[0]), hints...)
	}
	return asked, nil
}

// quiz asks questions one after another.
func (a *app) quiz(ctx context.Context, o *opened, asked []asking, run bool) error {
	if o.ws == nil {
		writeTrouble(a.Stderr, usage(errors.New("there is no workspace here: your answers are not kept"), "workbook init makes one"))
	}
	if err := a.mayRun(); run && err != nil {
		writeTrouble(a.Stderr, err)
		run = false
	}
	wrong := false
	for i, k := range asked {
		if i > 0 {
			fmt.Fprintln(a.Stdout)
		}
		chosen, err := a.askQuestion(ctx, k)
		if err != nil {
			return err
		}
		if chosen == nil {
			fmt.Fprintln(a.Stdout, "skipped")
			continue
		}
		if err := a.judge(o, k, chosen); err != nil {
			return err
		}
		wrong = wrong || !k.question.Holds(chosen)
		if run {
			if err := a.showCell(ctx, k); err != nil {
				return err
			}
		}
	}
	if wrong {
		return errNotPassing
	}
	return nil
}

// askQuestion shows a question with its program and takes the answer; nil for none.
func (a *app) askQuestion(ctx context.Context, k asking) ([]bool, error) {
	q, style := k.question, a.style()
	if err := style.Question(a.Stdout, q, render.Answer{}); err != nil {
		return nil, ours(err)
	}
	if err := style.Program(a.Stdout, q.Cell); err != nil {
		return nil, ours(err)
	}
	prompt := "Your answer, " + course.Letter(0) + " to " + course.Letter(len(q.Options)-1)
	if q.Several() {
		prompt += ", one or more"
	}
	for {
		fmt.Fprint(a.Stdout, prompt+": ")
		line, err := a.nextLine(ctx)
		interactive := terminal(a.Stdin) != nil
		if !interactive {
			fmt.Fprintln(a.Stdout, line)
		}
		switch {
		case errors.Is(err, io.EOF) && line == "":
			return nil, usage(fmt.Errorf("standard input ends before the answer to %s", q.ID), fmt.Sprintf("echo b | workbook predict %s %s", k.lesson.Slug, q.ID))
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case line == "" && interactive:
			return nil, nil
		}
		chosen, err := readChoice(q, line)
		if err == nil || !interactive {
			return chosen, err
		}
		fmt.Fprintf(a.Stdout, "%v; enter alone skips the question\n", err)
	}
}

// readChoice reads an answer: letters of options, with or without blanks and commas between them.
func readChoice(q *course.Predict, line string) ([]bool, error) {
	chosen := make([]bool, len(q.Options))
	n := 0
	for _, r := range strings.ToLower(line) {
		if r == ' ' || r == ',' || r == '\t' {
			continue
		}
		index := int(r - 'a')
		if index < 0 || index >= len(chosen) {
			return nil, usage(fmt.Errorf("%q is no answer: the options are %s to %s", line, course.Letter(0), course.Letter(len(chosen)-1)))
		}
		if !chosen[index] {
			n++
		}
		chosen[index] = true
	}
	switch {
	case n == 0:
		return nil, usage(fmt.Errorf("no answer: the options are %s to %s", course.Letter(0), course.Letter(len(chosen)-1)))
	case n > 1 && !q.Several():
		return nil, usage(fmt.Errorf("%q are several answers: one is asked for", line))
	}
	return chosen, nil
}

// judge keeps an answer and explains it.
func (a *app) judge(o *opened, k asking, chosen []bool) error {
	if o.ws != nil {
		if err := o.ws.RecordAnswer(k.lesson.Slug, k.question, k.question.Holds(chosen)); err != nil {
			return ours(err)
		}
	}
	return ours0(a.style().Explanation(a.Stdout, k.question, chosen))
}

// showCell runs a question's cell, as often as it takes to see what can happen.
func (a *app) showCell(ctx context.Context, k asking) error {
	runner, err := a.cellRunner(ctx)
	if err != nil {
		return err
	}
	c := k.question.Cell
	if cell.Varies(c) && terminal(a.Stderr) != nil && !a.plain {
		fmt.Fprint(a.Stderr, "running it many times …")
		defer fmt.Fprint(a.Stderr, "\r\x1b[K")
	}
	result, err := runner.Sample(ctx, k.lesson, c)
	if err != nil {
		return ours(fmt.Errorf("running %s:%d: %w", c.File, c.Line, err))
	}
	return ours0(a.style().Result(a.Stdout, c, result))
}
