package course_test

import (
	"errors"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"workbook/cmd/workbook/internal/course"
)

const lessonText = `---
title: Atomicity
minutes: 40
---
# Atomicity

A lost update, see [below](#the-lost-update) and [memory](02-memory.md#order).

![a drawing](img/lost.svg)

## The lost update

- In a list:

  ` + "```go cell id=lost engine=race expect=race runs=3 gomaxprocs=2 timeout=5s after=setup" + `
  //hide
  package main
  //show
  func main() { x++ }
  ` + "```" + `

  ` + "```output match=unordered" + `
  1
  2
  ` + "```" + `

` + "```go cell id=setup" + `
var x int
` + "```" + `

> [!WARNING]
> A data race
> is a bug.

## Exercise: A safe counter

Make [the counter](../exercises/atomicity/counter/) safe.

Its readers must see every update.

### Hint

The increment reads, adds and writes; between the reading and the writing another goroutine may have
done all three. What would keep it out?

### Hint 2: Where the lock goes

A lock helps only where every access holds it, and a reader is an access as well. Look at each method
of the type and ask which of them touch the field.

## Afterwards

Well done.
`

const starter = `package counter

// Counter counts.
type Counter struct{ n int }

// Inc adds one.
func (c *Counter) Inc() {
	c.n++ // TODO: make it safe
}
`

const solution = `package counter

import "sync"

// Counter counts.
type Counter struct {
	mu sync.Mutex
	n  int
}

// Inc adds one.
func (c *Counter) Inc() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}
`

const tests = `package counter_test

import (
	"testing"

	"workbook/solutions/atomicity/counter"
	"workbook/solutions/kit"
)

func TestInc(t *testing.T) {
	var c counter.Counter
	kit.Do(c.Inc)
}

func TestStressInc(t *testing.T) {
	var c counter.Counter
	kit.Do(c.Inc)
}
`

const wrong = `# What learners write.
plain.go: race: the field n
late.go: wrong, schedule: lost: 1
-- plain.go --
package counter
type Counter struct{ n int }
func (c *Counter) Inc() { c.n++ }
-- late.go --
package counter
type Counter struct{ n int32 }
func (c *Counter) Inc() {}
`

const alt = `Other right ones.
-- atomic.go --
package counter

type Counter struct{}

func (c *Counter) Inc() {}
`

// good returns the files of a course without faults.
func good() map[string]string {
	return map[string]string{
		"lessons/embed.go":                            "package lessons\n",
		"lessons/README.md":                           "# Lessons\n",
		"lessons/img/lost.svg":                        "<svg/>",
		"lessons/01-atomicity.md":                     lessonText,
		"lessons/02-memory.md":                        "# Memory\n\n## Order\n\nSee [01](01-atomicity.md).\n",
		"exercises/embed.go":                          "package exercises\n",
		"exercises/atomicity/counter/counter.go":      starter,
		"solutions/embed.go":                          "package solutions\n",
		"solutions/kit/kit.go":                        "package kit\n",
		"solutions/atomicity/counter/counter.go":      solution,
		"solutions/atomicity/counter/counter_test.go": tests,
		"solutions/atomicity/counter/wrong.txtar":     wrong,
		"solutions/atomicity/counter/alt.txtar":       alt,
	}
}

func tree(files map[string]string) fs.FS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func TestLoad(t *testing.T) {
	for _, crlf := range []bool{false, true} {
		files := good()
		if crlf {
			for name, text := range files {
				files[name] = strings.ReplaceAll(text, "\n", "\r\n")
			}
		}
		c, err := course.Load(tree(files))
		if err != nil {
			t.Fatalf("Load with crlf=%v: %v", crlf, err)
		}
		l := c.Lesson("atomicity")
		if l == nil || len(c.Lessons) != 2 || c.Lessons[0] != l {
			t.Fatalf("Load(…).Lessons = %v", c.Lessons)
		}
		checkLesson(t, l)
		checkExercise(t, c.Exercise("counter"))
	}
}

func checkLesson(t *testing.T, l *course.Lesson) {
	t.Helper()
	if l.Title != "Atomicity" || l.Number != 1 || l.Meta["minutes"] != "40" || l.File != "lessons/01-atomicity.md" {
		t.Errorf("lesson = %q, %d, %v, %q", l.Title, l.Number, l.Meta, l.File)
	}
	lines := strings.Split(lessonText, "\n")
	for _, s := range l.Sections {
		if got := strings.TrimLeft(lines[s.Line-1], "# "); got != s.Title {
			t.Errorf("section %q has line %d, which is %q", s.Title, s.Line, got)
		}
	}
	if s := l.Section("exercise-a-safe-counter"); s == nil || s.Level != 2 {
		t.Errorf("Section(exercise-a-safe-counter) = %v", s)
	}
	if len(l.Cells) != 2 {
		t.Fatalf("%d cells, want 2", len(l.Cells))
	}
	c := l.Cell("lost")
	if c.Engine != course.EngineRace || c.Expect != "race" || c.Runs != 3 || c.Procs != 2 || c.Limit.Seconds() != 5 || len(c.After) != 1 {
		t.Errorf("Cell(lost) = %+v", c)
	}
	if got := strings.TrimSpace(lines[c.Line-1]); got != "//hide" {
		t.Errorf("Cell(lost).Line = %d, which is %q", c.Line, got)
	}
	if c.Code != "//hide\npackage main\n//show\nfunc main() { x++ }\n" {
		t.Errorf("Cell(lost).Code = %q", c.Code)
	}
	if got := c.Visible(); got != "func main() { x++ }\n" {
		t.Errorf("Cell(lost).Visible() = %q", got)
	}
	if c.Output == nil || c.Output.Match != "unordered" || c.Output.Text != "1\n2\n" || strings.TrimSpace(lines[c.Output.Line-1]) != "1" {
		t.Errorf("Cell(lost).Output = %+v", c.Output)
	}
	chain, err := l.Chain(c)
	if err != nil || len(chain) != 2 || chain[0].ID != "setup" || chain[1] != c {
		t.Errorf("Chain(lost) = %v, %v", chain, err)
	}
	if got := l.Cell("setup"); got.Engine != course.EngineRun || got.Expect != "ok" || got.Runs != 1 || got.Output != nil {
		t.Errorf("Cell(setup) = %+v", got)
	}
}

func checkExercise(t *testing.T, e *course.Exercise) {
	t.Helper()
	if e == nil {
		t.Fatal("no exercise counter")
	}
	if e.Title != "A safe counter" || e.File != "exercises/atomicity/counter/counter.go" || e.Lesson != "atomicity" {
		t.Errorf("exercise = %q, %q, %q", e.Title, e.File, e.Lesson)
	}
	if string(e.Starter) != starter || string(e.Solution) != solution || len(e.Task) != 2 {
		t.Errorf("starter, solution or task are wrong; task has %d blocks", len(e.Task))
	}
	if got := strings.Join(e.Names, " "); got != "TestInc TestStressInc" {
		t.Errorf("Names = %q", got)
	}
	if len(e.Hints) != 2 || e.Hints[0].Title != "" || e.Hints[1].Title != "Where the lock goes" || len(e.Hints[1].Blocks) != 1 {
		t.Fatalf("Hints = %+v", e.Hints)
	}
	if h := e.Hints[1].Text; !strings.HasPrefix(h, "A lock helps") || !strings.HasSuffix(h, "touch the field.") {
		t.Errorf("Hints[1].Text = %q", h)
	}
	if len(e.Alts) != 1 || e.Alts[0].Name != "atomic" || e.Alts[0].Start != 3 {
		t.Errorf("Alts = %+v", e.Alts)
	}
	if len(e.Wrongs) != 2 {
		t.Fatalf("Wrongs = %+v", e.Wrongs)
	}
	if w := e.Wrongs[0]; w.Name != "plain" || w.Class != "race" || w.Schedule || w.Text != "the field n" || w.Line != 2 || w.Start != 5 {
		t.Errorf("Wrongs[0] = %+v", w)
	}
	if w := e.Wrongs[1]; w.Class != "wrong" || !w.Schedule || w.Text != "lost: 1" || w.Line != 3 {
		t.Errorf("Wrongs[1] = %+v", w)
	}
}

func TestOpen(t *testing.T) {
	files := good()
	files["lessons/02-memory.md"] += "\n[nowhere](03-gone.md)\n"
	if c, err := course.Open(tree(files)); err != nil || c.Exercise("counter") == nil {
		t.Errorf("Open of a course with a bad link = %v", err)
	}
	delete(files, "exercises/atomicity/counter/counter.go")
	if _, err := course.Open(tree(files)); err == nil {
		t.Error("Open of a course without a starter succeeded")
	}
}

func TestNearest(t *testing.T) {
	c, err := course.Load(tree(good()))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"counter": "counter", "conter": "counter", "cuonter": "counter", "Counter": "counter", "count": "counter",
		"atomicty": "atomicity", "atom": "atomicity", "memroy": "memory", "zebra": "", "": "", "x": "", "mutex": "",
	} {
		if got := c.Nearest(name); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestUnion(t *testing.T) {
	parts := map[string]fs.FS{}
	for _, root := range []string{"lessons", "exercises", "solutions"} {
		sub, err := fs.Sub(tree(good()), root)
		if err != nil {
			t.Fatal(err)
		}
		parts[root] = sub
	}
	u := course.Union(parts)
	var names []string
	for name := range maps.Keys(good()) {
		names = append(names, name)
	}
	if err := fstest.TestFS(u, names...); err != nil {
		t.Error(err)
	}
	if _, err := course.Load(u); err != nil {
		t.Errorf("Load(Union(…)) = %v", err)
	}
	if _, err := u.Open("other/x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open(other/x) = %v, want fs.ErrNotExist", err)
	}
	if _, err := fs.ReadFile(u, "lessons/gone.md"); err == nil || !strings.Contains(err.Error(), "lessons/gone.md") {
		t.Errorf("ReadFile(lessons/gone.md) = %v, want an error with the whole name", err)
	}
}
