package tui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
)

func TestCells(t *testing.T) {
	r := open(t, Pager{}, 80, 12)
	if r.keys("r"); !strings.Contains(r.text(), "no cell on the screen") {
		t.Errorf("r without a cell: %s", r.text())
	}
	r.keys("]")
	r.want("▸ ┌ cell lost", "r runs lost")
	r.keys("]")
	r.want("▸ ┌ cell kept", "r runs kept")
	r.keys("]")
	r.want("no cell further on")
	r.keys("[")
	r.want("▸ ┌ cell lost")
	r.keys("g", "[")
	r.want("no cell further on")
	r.keys("G", "[")
	r.want("▸ ┌ cell kept")
	r.keys("r")
	r.want("cells cannot be run here")
}

func TestFoldDocumentedOutput(t *testing.T) {
	r := open(t, Pager{}, 80, 30)
	r.keys("]")
	r.want("documented result")
	r.keys("o")
	r.wantNot("documented result")
	r.want("o unfolds it", "▸ ┌ cell lost")
	r.keys("o")
	r.want("documented result")
}

// runner is a RunCell that the test controls.
type runner struct {
	started chan string
	finish  chan string
}

func (f *runner) run(ctx context.Context, c *course.Cell) (cell.Result, error) {
	f.started <- c.ID
	begin := time.Now()
	select {
	case text := <-f.finish:
		if text == "fail" {
			return cell.Result{Output: "half"}, errors.New("the go command is missing")
		}
		return cell.Result{Class: cell.ClassOK, Badge: "go1.26 -race", Output: text, Elapsed: time.Since(begin)}, nil
	case <-ctx.Done():
		return cell.Result{Output: "cut short"}, ctx.Err()
	}
}

func newRunner() *runner { return &runner{make(chan string, 1), make(chan string, 1)} }

// running opens a pager in which the first cell has been started.
func running(t *testing.T) (*runner, *reader, []tea.Cmd) {
	t.Helper()
	f := newRunner()
	r := open(t, Pager{RunCell: f.run}, 80, 30)
	return f, r, r.keys("]", "r")
}

// answer sends what the commands answer.
func (r *reader) answer(pending []tea.Cmd) {
	r.t.Helper()
	if len(pending) != 1 {
		r.t.Fatalf("%d commands wait for a cell, want 1", len(pending))
	}
	r.send(pending[0]())
}

func TestRunCell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, r, pending := running(t)
		if id := <-f.started; id != "lost" {
			t.Errorf("r ran %q, want lost", id)
		}
		r.want("running, 0 s", "lost runs, 0 s", "esc stops")
		r.keys("j", "k", "r") // live, and not run twice
		r.want("cell lost is running")
		r.send(tickMsg{})
		r.want("running, 1 s")
		time.Sleep(1500 * time.Millisecond)
		f.finish <- "printed 1\nprinted 2\nprinted 3\nprinted 4\nprinted 5\nprinted 6 \x1b[2J\u202e\nprinted 7\n"
		r.answer(pending)
		r.want("go1.26 -race · 1.50 s", "printed 4", "3 more lines; o unfolds them", "documented result")
		r.wantNot("printed 5")
		r.keys("o")
		r.want("printed 5", `printed 6 \x1b[2J\u202e`, "printed 7")
		r.keys("o")
		r.wantNot("printed 5")
		r.cells.Wait()
	})
}

func TestRunCellFails(t *testing.T) {
	f, r, pending := running(t)
	f.finish <- "fail"
	r.answer(pending)
	r.want("this run: the go command is missing", "half")
	r.cells.Wait()
}

func TestStopCell(t *testing.T) {
	f, r, pending := running(t)
	<-f.started
	r.keys("esc")
	r.answer(pending)
	r.want("this run: stopped", "cut short")
	pending = r.keys("r")
	f.finish <- "again"
	r.answer(pending)
	r.want("go1.26 -race", "again")
	r.cells.Wait()
}

func TestOutputSurvivesResize(t *testing.T) {
	f, r, pending := running(t)
	f.finish <- "kept text"
	r.answer(pending)
	r.send(tea.WindowSizeMsg{Width: 40, Height: 30})
	r.want("kept text", "cell lost")
	r.cells.Wait()
}
