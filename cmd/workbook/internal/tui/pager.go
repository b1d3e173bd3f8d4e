// Package tui shows lessons on a whole screen.
//
// Keys are live at any time, a program that runs included. The terminal is given back as it was, however
// the pager ends. Nothing is told by colour alone, and every screen works at 40 columns.
package tui

import (
	"context"
	"fmt"
	"io"
	"sync"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

// Pager shows one lesson.
type Pager struct {
	Lesson *course.Lesson
	Style  render.Style // its width is the terminal's
	Start  Place

	// RunCell runs a cell. Where it is nil, cells cannot be run. It is called on a goroutine of its
	// own, which Run waits for; it must return soon after ctx has ended.
	RunCell runCell
	// Sample runs a cell after its question was answered; RunCell where it is nil.
	Sample runCell

	// Find searches the whole course; where it is nil only the lesson can be searched.
	Find func(words string) []Found

	Answered map[*course.Predict]bool                  // questions that were answered before
	Answer   func(q *course.Predict, right bool) error // keeps an answer; may be nil

	In      io.Reader // the terminal
	Out     io.Writer
	Environ []string // "NAME=value"
}

// runCell runs a cell.
type runCell = func(ctx context.Context, c *course.Cell) (cell.Result, error)

// Place is a line of a lesson. It holds in another width, and after changes elsewhere in the lesson.
type Place struct {
	Anchor string `json:"anchor,omitempty"` // of the section, "" before the first one
	Line   int    `json:"line,omitempty"`   // lines of the source below the section's heading
}

// Action is what the reader wants when the pager has ended.
type Action int

// The actions.
const (
	Quit Action = iota
	Edit        // open the editor at Result.Exercise
	Open        // open the lesson and line of Result.Found
)

// Found is a line of a lesson that was searched for.
type Found struct {
	Lesson string // slug
	Line   int
	Text   string // of the line
}

// Result is how the pager ended.
type Result struct {
	Place    Place
	Action   Action
	Exercise *course.Exercise // of Edit
	Found    Found            // of Open
}

// Run shows the lesson until the reader leaves it or ctx ends; then it returns the place all the same.
//
// The end of ctx quits the program as a key does: Bubble Tea's own way with a context, to kill the
// program, does not wait for the goroutine that reads the terminal.
func (p Pager) Run(ctx context.Context) (Result, error) {
	inner, cancel := context.WithCancel(ctx)
	var cells sync.WaitGroup
	defer cells.Wait()
	defer cancel()
	m := newModel(inner, &p, &cells)
	program := tea.NewProgram(m, tea.WithInput(p.In), tea.WithOutput(p.Out),
		tea.WithEnvironment(p.Environ), tea.WithoutSignalHandler())
	defer context.AfterFunc(ctx, program.Quit)()
	if _, err := program.Run(); err != nil {
		return m.result(), fmt.Errorf("showing %s: %w", p.Lesson.File, err)
	}
	return m.result(), ctx.Err()
}
