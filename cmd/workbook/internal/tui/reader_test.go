package tui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	tea "charm.land/bubbletea/v2"

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

var update = flag.Bool("update", false, "rewrite the golden files")

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

// shots returns a function that types keys and writes the screen after them.
func (r *reader) shots(b *strings.Builder) func(keys ...string) []tea.Cmd {
	return func(keys ...string) []tea.Cmd {
		pending := r.keys(keys...)
		fmt.Fprintf(b, "=== %s\n%s\n", strings.Join(keys, " "), r.text())
		return pending
	}
}
