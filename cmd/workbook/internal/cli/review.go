package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/workspace"
)

func (a *app) reviewCommand() *cobra.Command {
	var list, asJSON, noRun bool
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Answer again what you missed, days later",
		Long: `Ask again the questions that you missed and that are due today.

A question that was missed comes back on the next day, and each time that you then answer it right, after 3, 7
and 21 more days. A wrong answer begins anew. Exit code: 0 every answer was right or nothing is due, 1 otherwise.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.openExisting()
			if err != nil {
				return err
			}
			reviews := o.ws.Progress().Reviews(o.course, time.Local)
			switch {
			case asJSON:
				return ours0(a.reviewJSON(reviews, time.Now()))
			case list:
				return ours0(a.reviewList(reviews, time.Now()))
			}
			return a.review(cmd.Context(), o, reviews, !noRun)
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "only list them, those that are due later too")
	cmd.Flags().BoolVar(&asJSON, "json", false, "list them as JSON objects, a line each")
	cmd.Flags().BoolVar(&noRun, "no-run", false, "do not run the programs afterwards")
	return cmd
}

// review asks what is due by now.
func (a *app) review(ctx context.Context, o *opened, reviews []workspace.Review, run bool) error {
	var due []asking
	for _, r := range reviews {
		if r.DueBy(time.Now()) {
			due = append(due, asking{r.Lesson, r.Question})
		}
	}
	if len(due) > 0 {
		fmt.Fprintf(a.Stdout, "%s to answer again today.\n\n", plural(len(due), "question"))
		return a.quiz(ctx, o, due, run)
	}
	_, err := fmt.Fprintln(a.Stdout, nothingDue(reviews))
	return ours0(err)
}

func nothingDue(reviews []workspace.Review) string {
	if len(reviews) == 0 {
		return "Nothing to review: you have missed no question. workbook predict LESSON asks a lesson's."
	}
	return fmt.Sprintf("Nothing to review today. The next question comes back on %s.", reviews[0].Due.Format(time.DateOnly))
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func (a *app) reviewList(reviews []workspace.Review, now time.Time) error {
	if len(reviews) == 0 {
		_, err := fmt.Fprintln(a.Stdout, nothingDue(reviews))
		return err
	}
	var failed error
	for _, r := range reviews {
		when := r.Due.Format(time.DateOnly)
		if r.DueBy(now) {
			when = "today"
		}
		question, _, _ := strings.Cut(r.Question.Question, "\n")
		line := fmt.Sprintf("%-10s  %s %s: %s", when, r.Lesson.Slug, r.Question.ID, question)
		_, err := fmt.Fprintln(a.Stdout, cut(line, a.style().Width))
		failed = errors.Join(failed, err)
	}
	return failed
}

// reviewed is a question in `workbook review --json`, schema 1.
type reviewed struct {
	Schema   int       `json:"schema"`
	Lesson   string    `json:"lesson"`
	Question string    `json:"question"`
	File     string    `json:"file"`
	Line     int       `json:"line"`
	Text     string    `json:"text"`
	Step     int       `json:"step"` // 1 to 4: which time of coming back
	Due      string    `json:"due"`  // day
	Today    bool      `json:"today"`
	Missed   time.Time `json:"missed"`
}

func (a *app) reviewJSON(reviews []workspace.Review, now time.Time) error {
	out := json.NewEncoder(a.Stdout)
	for _, r := range reviews {
		err := out.Encode(reviewed{
			Schema: 1, Lesson: r.Lesson.Slug, Question: r.Question.ID, File: r.Question.File, Line: r.Question.Line, Text: r.Question.Question,
			Step: r.Step, Due: r.Due.Format(time.DateOnly), Today: r.DueBy(now), Missed: r.Missed.UTC(),
		})
		if err != nil {
			return fmt.Errorf("writing the list: %w", err)
		}
	}
	return nil
}
