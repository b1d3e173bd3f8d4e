package tui

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

// lesson reads the fixture as course binds it. Its exercises' files are missing, so there are faults that do not matter here.
func lesson(t testing.TB) *course.Lesson {
	t.Helper()
	markdown, err := os.ReadFile("testdata/lesson.md")
	if err != nil {
		t.Fatal(err)
	}
	c, err := course.Open(fstest.MapFS{"lessons/09-atomicity.md": {Data: markdown}})
	if c == nil || len(c.Lessons) != 1 {
		t.Fatalf("course.Open = %v, %v", c, err)
	}
	return c.Lessons[0]
}

// reader drives a model as a terminal does.
type reader struct {
	*model
	t     testing.TB
	cells sync.WaitGroup
	quit  bool
}

func open(t testing.TB, p Pager, width, height int) *reader {
	t.Helper()
	if p.Lesson == nil {
		p.Lesson = lesson(t)
	}
	r := &reader{t: t}
	r.model = newModel(t.Context(), &p, &r.cells)
	r.send(tea.WindowSizeMsg{Width: width, Height: height})
	return r
}

// send delivers a message. It returns the commands that wait for a cell; ticks come only when a test sends them.
func (r *reader) send(msg tea.Msg) []tea.Cmd {
	_, cmd := r.Update(msg)
	r.check()
	if _, tick := msg.(tickMsg); cmd == nil || tick {
		return nil
	}
	switch msg := cmd().(type) {
	case tea.QuitMsg:
		r.quit = true
	case tea.BatchMsg:
		return msg[:1]
	}
	return nil
}

// keys types keys, each by its name.
func (r *reader) keys(names ...string) (pending []tea.Cmd) {
	r.t.Helper()
	for _, name := range names {
		pending = append(pending, r.send(press(name))...)
	}
	return pending
}

// press makes the message of a key.
func press(name string) tea.KeyPressMsg {
	special := map[string]rune{"space": ' ', "enter": tea.KeyEnter, "esc": tea.KeyEscape, "backspace": tea.KeyBackspace,
		"up": tea.KeyUp, "down": tea.KeyDown, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "home": tea.KeyHome, "end": tea.KeyEnd}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	if code, ok := special[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// check checks what holds for every screen.
func (r *reader) check() {
	r.t.Helper()
	lines := r.screen()
	if len(lines) != max(r.height, 2) {
		r.t.Errorf("screen of %d lines, want %d", len(lines), r.height)
	}
	for _, line := range lines {
		if n := renderWidth(line); n > r.width {
			r.t.Errorf("line of %d columns in a screen of %d: %q", n, r.width, line)
		}
		if !r.pager.Style.Color && strings.Contains(line, "\x1b") {
			r.t.Errorf("escape sequence without colour: %q", line)
		}
	}
}

func renderWidth(line string) int { return len([]rune(render.Strip(line))) } // the fixture has no wide characters

// text is the screen without escape sequences.
func (r *reader) text() string { return render.Strip(strings.Join(r.screen(), "\n")) }

func (r *reader) want(parts ...string) {
	r.t.Helper()
	for _, part := range parts {
		if !strings.Contains(r.text(), part) {
			r.t.Errorf("the screen does not show %q:\n%s", part, r.text())
		}
	}
}

func (r *reader) wantNot(part string) {
	r.t.Helper()
	if strings.Contains(r.text(), part) {
		r.t.Errorf("the screen shows %q:\n%s", part, r.text())
	}
}

func TestScrolling(t *testing.T) {
	r := open(t, Pager{}, 80, 10)
	r.want("What is indivisible", "top")
	for _, step := range []struct {
		key string
		top int
	}{
		{"j", 1}, {"down", 2}, {"k", 1}, {"up", 0}, {"k", 0}, {"space", 8}, {"pgdown", 16}, {"b", 8}, {"pgup", 0},
		{"d", 4}, {"ctrl+d", 8}, {"u", 4}, {"ctrl+u", 0}, {"ctrl+f", 8}, {"ctrl+b", 0}, {"enter", 1}, {"home", 0},
	} {
		if r.keys(step.key); r.top != step.top {
			t.Fatalf("after %q the first row is %d, want %d", step.key, r.top, step.top)
		}
	}
	r.keys("G")
	r.want("The last line.", "end")
	if r.keys("j"); r.top != len(r.rows)-9 {
		t.Errorf("scrolled past the end: %d of %d rows", r.top, len(r.rows))
	}
	r.keys("g")
	r.want("What is indivisible", "top")
}

func TestEverySizeOfScreen(t *testing.T) {
	for _, style := range []render.Style{{}, {Plain: true}, {Color: true, Links: true}} {
		for _, width := range []int{1, 10, 22, 40, 80, 120, 300} {
			for _, height := range []int{1, 2, 5, 24, 400} {
				r := open(t, Pager{Style: style}, width, height)
				r.keys("space", "]", "t", "j", "enter", "/", "x", "+", "enter", "n", "o", "?", "j", "z", "e")
			}
		}
	}
}

func TestNarrowStatusKeepsTheEssentials(t *testing.T) {
	r := open(t, Pager{}, 40, 12)
	lines := r.screen()
	if status := lines[len(lines)-1]; !strings.Contains(status, "top") || !strings.Contains(status, "? keys") {
		t.Errorf("status line at 40 columns: %q", status)
	}
	r.keys("?")
	r.want("] [", "next cell", "quit")
	r.keys("x")
	r.want("What is indivisible")
}

func TestSearch(t *testing.T) {
	r := open(t, Pager{}, 60, 12)
	r.keys("/", "m", "u", "t", "e", "x", "x", "backspace")
	r.want("/mutex_")
	r.keys("enter")
	r.want("mutex", "match 1 of 3")
	first := r.top
	r.keys("n")
	r.want("match 2 of 3")
	r.keys("n", "n")
	r.want("match 1 of 3")
	if r.top != first {
		t.Errorf("round the end the first row is %d, want %d", r.top, first)
	}
	r.keys("N")
	r.want("match 3 of 3")
	r.keys("esc")
	r.wantNot("match")
	r.keys("n")
	r.want("nothing to search for")
}

func TestSearchAcrossLines(t *testing.T) {
	r := open(t, Pager{}, 60, 40)
	rows := r.rows[:20]
	for i, row := range rows[:19] {
		first, second := strings.Fields(row.text), strings.Fields(strings.TrimPrefix(rows[i+1].text, "│ "))
		if len(first) < 5 || len(second) < 5 {
			continue
		}
		r.keys("/")
		r.send(tea.PasteMsg{Content: strings.Join(first[3:], " ") + " " + second[0]})
		r.keys("enter")
		if n := len(r.search.matches); n != 1 || r.search.matches[0].row != i || r.search.matches[0].lastRow != i+1 {
			t.Errorf("looking for %q over rows %d and %d: %+v", r.search.typed, i, i+1, r.search.matches)
		}
	}
}

func TestSearchCase(t *testing.T) {
	for _, tt := range []struct {
		typed string
		want  string
	}{{"mutex", "of 3"}, {"Mutex", "of 1"}, {"absent.", "not found: absent."}, {"(", "match 1"}} {
		r := open(t, Pager{}, 80, 12)
		r.keys("/")
		r.send(tea.PasteMsg{Content: tt.typed + "\n"})
		r.keys("enter")
		r.want(tt.want)
	}
}

func TestSearchKeepsFaces(t *testing.T) {
	r := open(t, Pager{Style: render.Style{Color: true}}, 80, 12)
	r.keys("/", "m", "u", "t", "e", "x", "enter")
	if view := strings.Join(r.screen(), "\n"); !strings.Contains(view, "\x1b[7mmutex") {
		t.Errorf("the match is not reversed: %q", view)
	}
}

func TestContents(t *testing.T) {
	r := open(t, Pager{}, 80, 14)
	r.keys("t")
	r.want("▸ What is indivisible", "    Cells", "enter goes there")
	r.keys("j", "j", "k", "j")
	r.want("▸   Cells")
	r.keys("enter")
	if row := r.rows[r.top].text; row != "Cells" {
		t.Errorf("the contents lead to %q, want Cells", row)
	}
	r.keys("j", "t")
	r.want("▸   Cells")
	r.keys("G")
	r.want("▸   After")
	r.keys("esc")
	if r.mode != reading {
		t.Error("esc does not leave the contents")
	}
}

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
		f := &runner{make(chan string, 1), make(chan string, 1)}
		r := open(t, Pager{RunCell: f.run}, 80, 30)
		pending := r.keys("]", "r")
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
	f := &runner{make(chan string, 1), make(chan string, 1)}
	r := open(t, Pager{RunCell: f.run}, 80, 30)
	pending := r.keys("]", "r")
	f.finish <- "fail"
	r.answer(pending)
	r.want("this run: the go command is missing", "half")
	r.cells.Wait()
}

func TestStopCell(t *testing.T) {
	f := &runner{make(chan string, 1), make(chan string, 1)}
	r := open(t, Pager{RunCell: f.run}, 80, 30)
	pending := r.keys("]", "r")
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
	f := &runner{make(chan string, 1), make(chan string, 1)}
	r := open(t, Pager{RunCell: f.run}, 80, 30)
	pending := r.keys("]", "r")
	f.finish <- "kept text"
	r.answer(pending)
	r.send(tea.WindowSizeMsg{Width: 40, Height: 30})
	r.want("kept text", "cell lost")
	r.cells.Wait()
}

func TestPlaceSurvivesWidth(t *testing.T) {
	for top := range 200 {
		r := open(t, Pager{}, 100, 5)
		if top > len(r.rows)-4 {
			break
		}
		r.scroll(top)
		src := r.rows[r.top].src
		for _, width := range []int{40, 60, 120} {
			r.send(tea.WindowSizeMsg{Width: width, Height: 5})
			if got := r.rows[r.top].src; got != src && r.top != len(r.rows)-4 {
				t.Errorf("from row %d at width %d, source line %d is at the top, want %d", top, width, got, src)
			}
		}
		place := r.result().Place
		again := open(t, Pager{Start: place}, 44, 5)
		if got := again.rows[again.top].src; got != src && again.top != len(again.rows)-4 && r.top != len(r.rows)-4 {
			t.Errorf("%+v leads to source line %d, want %d", place, got, src)
		}
	}
}

func TestPlaceNames(t *testing.T) {
	r := open(t, Pager{}, 80, 5)
	if got := r.result().Place; got != (Place{}) {
		t.Errorf("the place at the top is %+v", got)
	}
	r.keys("t", "j", "j", "enter")
	if got := r.result().Place; got != (Place{Anchor: "cells"}) {
		t.Errorf("the place at a heading is %+v", got)
	}
	gone := open(t, Pager{Start: Place{Anchor: "gone", Line: 7}}, 80, 5)
	if gone.top != 0 {
		t.Errorf("a section that is gone leads to row %d", gone.top)
	}
	far := open(t, Pager{Start: Place{Anchor: "after", Line: 900}}, 80, 5)
	far.want("The last line.")
}

func TestEdit(t *testing.T) {
	r := open(t, Pager{}, 80, 12)
	r.keys("e")
	r.want("no exercise on the screen")
	r.keys("t", "G", "k", "enter", "e")
	res := r.result()
	if !r.quit || res.Action != Edit || res.Exercise == nil || res.Exercise.Name != "counter" {
		t.Errorf("e gives %+v, quit %v", res, r.quit)
	}
	r = open(t, Pager{}, 80, 12)
	if r.keys("q"); !r.quit || r.result().Action != Quit {
		t.Errorf("q gives %+v, quit %v", r.result(), r.quit)
	}
	r = open(t, Pager{}, 80, 12)
	if r.keys("/", "ctrl+c"); !r.quit {
		t.Error("ctrl+c does not quit while a search is typed")
	}
}

func TestHelpNamesEveryKey(t *testing.T) {
	var named []string
	for _, b := range bindings {
		named = append(named, strings.Fields(strings.ReplaceAll(b.keys, ",", " "))...)
	}
	for _, key := range []string{"j", "k", "space", "b", "d", "u", "g", "G", "t", "/", "n", "N", "]", "[", "p", "P", "r", "esc", "o", "e", "q"} {
		if !slices.Contains(named, key) {
			t.Errorf("the help does not name %q", key)
		}
		r := open(t, Pager{}, 80, 12)
		r.keys(key)
		if r.message == "? lists the keys" {
			t.Errorf("the help names %q, which does nothing", key)
		}
	}
}

var update = flag.Bool("update", false, "rewrite the golden files")

func TestScreenGolden(t *testing.T) {
	for _, tt := range []struct {
		name          string
		width, height int
		style         render.Style
	}{{"80", 80, 20, render.Style{}}, {"40", 40, 16, render.Style{}}, {"plain", 60, 16, render.Style{Plain: true}}} {
		t.Run(tt.name, func(t *testing.T) {
			f := &runner{make(chan string, 1), make(chan string, 1)}
			r := open(t, Pager{Style: tt.style, RunCell: f.run}, tt.width, tt.height)
			var b strings.Builder
			shot := func(keys ...string) []tea.Cmd {
				pending := r.keys(keys...)
				fmt.Fprintf(&b, "=== %s\n%s\n", strings.Join(keys, " "), r.text())
				return pending
			}
			shot("g")
			shot("space")
			shot("t")
			pending := shot("esc", "]", "r")
			<-f.started
			f.finish <- "fail"
			r.answer(pending)
			shot("j")
			shot("?")
			shot("x", "/", "x")
			shot("enter")
			r.cells.Wait()
			golden(t, "screen-"+tt.name+".txt", b.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update rewrites it); got\n%s", file, got)
	}
}
