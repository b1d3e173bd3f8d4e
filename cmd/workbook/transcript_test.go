package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

// transcript is a lesson as a screen reader gets it.
func transcript(t *testing.T, l *course.Lesson) string {
	t.Helper()
	var b bytes.Buffer
	if err := (render.Style{Plain: true}).Lesson(&b, l); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTranscript is the contract with those who listen: a whole lesson as `workbook read --plain` gives it,
// word for word. -update rewrites it after a change of the lesson; read the difference aloud.
func TestTranscript(t *testing.T) {
	got := workbook(t, "read", "--plain", "atomicity")
	file := filepath.Join("testdata", "transcript.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("workbook read --plain atomicity differs from %s; go test ./cmd/workbook -run TestTranscript -update rewrites it", file)
	}
}

// TestPlainLessons wants of every lesson in plain mode: no character that controls a terminal or draws, as
// tables and drawings are told in words; lines of at most 80 columns; the sections in their order.
func TestPlainLessons(t *testing.T) {
	c, err := course.Open(os.DirFS(repository()))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range c.Lessons {
		text := transcript(t, l)
		for i, line := range strings.Split(text, "\n") {
			for _, r := range line {
				switch {
				case unicode.IsControl(r):
					t.Errorf("%s in plain text, line %d: control character %U", l.Slug, i+1, r)
				case 0x2500 <= r && r <= 0x25ff || r == 0x2571 || r == 0x2572:
					t.Errorf("%s in plain text, line %d: %q is drawn: want \"<!-- in words: … -->\" in front of the drawing", l.File, i+1, line)
				default:
					continue
				}
				break
			}
			if n := len([]rune(line)); n > 80 && !strings.Contains(line, "://") {
				t.Errorf("%s in plain text, line %d: %d columns: %q", l.Slug, i+1, n, line)
			}
		}
		at := 0
		for _, s := range l.Sections {
			if strings.HasPrefix(s.Title, "Hint") {
				continue
			}
			heading := strings.Repeat("#", s.Level) + " " + s.Title
			if i := strings.Index(strings.Join(strings.Fields(text[at:]), " "), strings.Join(strings.Fields(heading), " ")); i < 0 {
				t.Errorf("%s in plain text: section %q is missing, or out of its order", l.Slug, s.Title)
			}
			if i := strings.Index(text[at:], heading); i >= 0 {
				at += i
			}
		}
	}
}
