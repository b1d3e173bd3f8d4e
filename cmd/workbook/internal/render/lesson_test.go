package render

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"workbook/cmd/workbook/internal/course"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file in testdata. Escape characters are written as "␛" there.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	got = bytes.ReplaceAll(got, []byte("\x1b"), []byte("␛"))
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update rewrites it); got\n%s", file, got)
	}
}

// readLesson binds a lesson as course does. Its files are missing, so there are faults; they do not matter here.
func readLesson(t testing.TB, markdown []byte) *course.Lesson {
	t.Helper()
	c, err := course.Open(fstest.MapFS{"lessons/09-atomicity.md": {Data: markdown}})
	if c == nil || len(c.Lessons) != 1 {
		t.Fatalf("course.Open = %v, %v", c, err)
	}
	return c.Lessons[0]
}

func fixture(t testing.TB) *course.Lesson {
	t.Helper()
	return readLesson(t, readFixture(t))
}

func readFixture(t testing.TB) []byte {
	t.Helper()
	markdown, err := os.ReadFile("testdata/lesson.md")
	if err != nil {
		t.Fatal(err)
	}
	return markdown
}

// styles are the ones with golden files.
var styles = []struct {
	name string
	Style
}{
	{"40", Style{Width: 40}},
	{"80", Style{Width: 80}},
	{"120", Style{Width: 120}},
	{"plain", Style{Width: 80, Plain: true}},
	{"color", Style{Width: 80, Color: true, Links: true}},
}

func TestLessonGolden(t *testing.T) {
	l := fixture(t)
	for _, s := range styles {
		t.Run(s.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := s.Lesson(&b, l); err != nil {
				t.Fatal(err)
			}
			golden(t, "lesson-"+s.name+".txt", b.Bytes())
			checkLines(t, s.Style, b.String())
		})
	}
}

// checkLines checks what holds for all output.
func checkLines(t *testing.T, s Style, out string) {
	t.Helper()
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		if n := width(line); n > max(s.Width, minWidth) {
			t.Errorf("line of %d columns, want at most %d: %q", n, s.Width, line)
		}
		if strings.HasSuffix(Strip(line), " ") {
			t.Errorf("blank at the end of %q", line)
		}
	}
	if bad := foreign(s, out); bad != "" {
		t.Errorf("output of %+v has %s", s, bad)
	}
}
