package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

func (a *app) listCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the lessons and exercises with your progress",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			o, err := a.openExisting()
			if err != nil {
				return err
			}
			if asJSON {
				return ours0(a.listJSON(o))
			}
			return ours0(a.writeList(a.Stdout, a.style(), o, o.ws.Current()))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object an exercise, a line each")
	return cmd
}

// listed is an exercise in `workbook list --json`, schema 1.
type listed struct {
	Schema   int    `json:"schema"`
	Exercise string `json:"exercise"`
	Lesson   string `json:"lesson"`
	Title    string `json:"title"`
	File     string `json:"file"`
	State    string `json:"state"` // "new", "tried", "passed", "given up"
	Class    string `json:"class,omitempty"`
	Attempts int    `json:"attempts"`
	Hints    int    `json:"hints"`
	Current  bool   `json:"current"`
}

func (a *app) listJSON(o *opened) error {
	out := json.NewEncoder(a.Stdout)
	for _, ex := range o.course.Exercises() {
		if err := out.Encode(o.listed(ex, o.ws.Current())); err != nil {
			return fmt.Errorf("writing the list: %w", err)
		}
	}
	return nil
}

func (o *opened) listed(ex, current *course.Exercise) listed {
	p := o.ws.Progress()
	return listed{
		Schema: 1, Exercise: ex.Name, Lesson: ex.Lesson, Title: ex.Title, File: ex.File, State: p.State(ex.Name),
		Class: p.Class(ex.Name), Attempts: p.Attempts(ex.Name), Hints: p.Hints(ex.Name), Current: ex == current,
	}
}

// writeList draws the list for people.
func (a *app) writeList(w io.Writer, style render.Style, o *opened, current *course.Exercise) error {
	var rows []render.Row
	for _, l := range o.course.Lessons {
		rows = append(rows, render.Row{Lesson: l.Slug, Title: l.Title})
		for _, ex := range l.Exercises {
			e := o.listed(ex, current)
			rows = append(rows, render.Row{Exercise: ex.Name, Title: ex.Title, State: e.State, Class: e.Class, Current: e.Current})
		}
	}
	return style.List(w, rows)
}
