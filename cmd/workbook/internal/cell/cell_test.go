package cell

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"workbook/cmd/workbook/internal/course"
)

// TestMain is also the worker process.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "__worker" {
		os.Exit(WorkerMain(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

func runner(t *testing.T) *Runner {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &Runner{Cache: t.TempDir(), Worker: []string{exe, "__worker"}}
}

// lessons loads Markdown files as lessons.
func lessons(t testing.TB, files map[string]string) []*course.Lesson {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys["lessons/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, dir := range []string{"exercises", "solutions"} {
		fsys[dir] = &fstest.MapFile{Mode: fs.ModeDir}
	}
	c, err := course.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c.Lessons
}

// one loads a lesson with a single cell.
func one(t *testing.T, info, code string) (*course.Lesson, *course.Cell) {
	t.Helper()
	ls := lessons(t, map[string]string{"01-x.md": "# X\n\n```go cell " + info + "\n" + code + "\n```\n"})
	return ls[0], ls[0].Cells[0]
}

func TestLessons(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/lessons/*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no lessons: %v", err)
	}
	files := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = string(data)
	}
	r := runner(t)
	for _, l := range lessons(t, files) {
		for _, c := range l.Cells {
			t.Run(l.Slug+"/"+c.ID, func(t *testing.T) {
				t.Parallel()
				start := time.Now()
				for _, f := range r.Check(t.Context(), l, c) {
					t.Error(f)
				}
				first := time.Since(start)
				start = time.Now()
				if found := r.Check(t.Context(), l, c); len(found) > 0 && !t.Failed() {
					t.Errorf("second Check = %v, want nothing", found)
				}
				t.Logf("first %v, then %v", first, time.Since(start))
			})
		}
	}
}

func TestWitness(t *testing.T) {
	t.Parallel()
	l, c := one(t, "engine=explore", strings.TrimSpace(`
x := 0
var wg sync.WaitGroup
for range 2 {
	wg.Go(func() { x++ })
}
wg.Wait()
fmt.Println("x =", x)`))
	res, err := runner(t).Run(t.Context(), l, c)
	if err != nil {
		t.Fatal(err)
	}
	if want := "all 6 schedules"; res.Explored != want {
		t.Errorf("Explored = %q, want %q", res.Explored, want)
	}
	if want := "4 of 6  x = 1\n2 of 6  x = 2\n"; res.Output != want {
		t.Errorf("Output = %q, want %q", res.Output, want)
	}
	t.Logf("%v\n%s", res.Elapsed, Draw(res.Outcomes[0].Steps, 80))
}
