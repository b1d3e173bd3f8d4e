package tui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

// output is what became of a cell that was run.
type output struct {
	running bool
	seconds int // while it runs
	cancel  context.CancelFunc
	result  cell.Result
	err     error
	open    bool // shown whole
	told    bool // its end is told where the cell is not on the screen
}

// ranMsg says that a cell has run.
type ranMsg struct {
	cell   *course.Cell
	result cell.Result
	err    error
}

// tickMsg comes every second while a cell runs.
type tickMsg struct{}

func nextTick() tea.Cmd {
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return tickMsg{} })
}

// running returns the cell that runs, with its output, or nil.
func (m *model) running() (*course.Cell, *output) {
	for c, out := range m.outputs {
		if out.running {
			return c, out
		}
	}
	return nil, nil
}

// runCell runs the chosen cell. One cell runs at a time: two would disturb each other's timing.
func (m *model) runCell() tea.Cmd {
	switch c, _ := m.running(); {
	case c != nil:
		m.message = "cell " + c.ID + " is running; esc stops it"
		return nil
	case m.cell < 0:
		m.message = "no cell on the screen; ] goes to the next one"
		return nil
	case m.pager.RunCell == nil:
		m.message = "cells cannot be run here"
		return nil
	}
	c := m.page.Cells[m.cell].Cell
	if q := m.holding(c); q != nil && m.confirm != c {
		m.confirm = c
		m.message = "p answers " + q.ID + " first; r again runs the cell without an answer"
		return nil
	}
	for q := m.holding(c); q != nil; q = m.holding(c) {
		m.answers[q] = render.Answer{Note: noteSkipped}
	}
	m.layOut()
	wait := m.startCell(c, m.pager.RunCell, false)
	m.reveal()
	return wait
}

// startCell runs a cell with the given function; told says whether its end is to be told.
func (m *model) startCell(c *course.Cell, run runCell, told bool) tea.Cmd {
	ctx, cancel := context.WithCancel(m.ctx)
	m.outputs[c] = &output{running: true, cancel: cancel, told: told}
	done := make(chan ranMsg, 1)
	m.cells.Go(func() {
		defer cancel()
		result, err := run(ctx, c)
		if ctx.Err() != nil {
			err = errStopped
		}
		done <- ranMsg{c, result, err}
	})
	m.rebuild()
	return tea.Batch(m.wait(done), nextTick())
}

// wait delivers the end of a run, unless the pager ends first.
func (m *model) wait(done <-chan ranMsg) tea.Cmd {
	return func() tea.Msg {
		select {
		case msg := <-done:
			return msg
		case <-m.ctx.Done():
			return nil
		}
	}
}

// reveal scrolls so far that the end of the chosen cell is on the screen, its beginning if both do not fit.
func (m *model) reveal() {
	first, end := m.cellRows(m.cell)
	if over := end - (m.top + m.body()); over > 0 {
		m.scroll(min(over, max(first-m.top, 0)))
	}
}

// ran shows what a cell printed. It scrolls only where the reader was looking at the cell's end.
func (m *model) ran(msg ranMsg) {
	_, end := m.cellRows(m.cell)
	watched := m.cell >= 0 && m.page.Cells[m.cell].Cell == msg.cell && end <= m.top+m.body()
	out := m.outputs[msg.cell]
	out.running, out.result, out.err = false, msg.result, msg.err
	m.rebuild()
	switch {
	case out.told:
		m.tellEnd(msg.cell)
	case watched:
		m.reveal()
	}
}

// tellEnd says that a cell has run where that is not to be seen.
func (m *model) tellEnd(c *course.Cell) {
	for i, place := range m.page.Cells {
		if _, end := m.cellRows(i); place.Cell == c && end > m.top+m.body() {
			m.message = "cell " + c.ID + " has run: its result is further down"
		}
	}
}

// tick counts a running cell's seconds.
func (m *model) tick() tea.Cmd {
	_, out := m.running()
	if out == nil {
		return nil
	}
	out.seconds++
	m.rebuild()
	return nextTick()
}

// stop ends the run that is going on, and reports whether there was one.
func (m *model) stop() bool {
	_, out := m.running()
	if out == nil {
		return false
	}
	out.cancel()
	return true
}

// errStopped is the error of a run that the reader stopped.
var errStopped = errors.New("stopped")
