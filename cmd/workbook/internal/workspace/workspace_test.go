package workspace

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/course"
)

// newCourse returns a course of one lesson with the named exercises.
func newCourse(names ...string) *course.Course {
	l := &course.Lesson{Slug: "atomicity", Title: "Atomicity"}
	for _, name := range names {
		l.Exercises = append(l.Exercises, &course.Exercise{
			Name: name, Lesson: l.Slug, Dir: "exercises/atomicity/" + name, File: "exercises/atomicity/" + name + "/" + name + ".go",
			Starter: []byte("package " + name + " // TODO\n"), Solution: []byte("package " + name + "\n"),
		})
	}
	return &course.Course{Lessons: []*course.Lesson{l}}
}

func create(t *testing.T, c *course.Course) *Workspace {
	t.Helper()
	w, _, err := Create(filepath.Join(t.TempDir(), "ws"), c)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func reopen(t *testing.T, w *Workspace) *Workspace {
	t.Helper()
	w, err := Open(w.Dir, w.course)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func text(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func wantKind(t *testing.T, what string, err error, kind Kind) {
	t.Helper()
	if !is(err, kind) {
		t.Errorf("%s = %v, want an error of kind %q", what, err, kind)
	}
}

func TestCreate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	c := newCourse("counter", "tokens")
	mine := filepath.Join(dir, "exercises", "atomicity", "counter", "counter.go")
	put(t, mine, "mine")
	w, r, err := Create(dir, c)
	if err != nil {
		t.Fatal(err)
	}
	if want := "made a workspace in " + dir + " with 1 exercise\nkept 1 file that was there"; r.String() != want {
		t.Errorf("report = %q, want %q", r, want)
	}
	if got := text(t, mine); got != "mine" {
		t.Errorf("Create wrote %q over the learner's file", got)
	}
	if got := text(t, filepath.Join(dir, "go.mod")); got != "module workbook\n\ngo 1.26\n" {
		t.Errorf("go.mod = %q", got)
	}
	if files, err := w.Read(c.Exercise("tokens")); err != nil || string(files["exercises/atomicity/tokens/tokens.go"]) != "package tokens // TODO\n" {
		t.Errorf("Read(tokens) = %q, %v", files, err)
	}
	if !Is(dir) {
		t.Error("Is is false for a workspace just made")
	}
	if _, r, err = Create(dir, c); err != nil || r.New || len(r.Made) > 0 || len(r.Kept) != 4 {
		t.Errorf("the second Create = %+v, %v", r, err)
	}
	if got, ok := Find(filepath.Dir(mine)); !ok || got != dir {
		t.Errorf("Find = %q, %v, want %q", got, ok, dir)
	}
	if got, ok := Find(filepath.Dir(dir)); ok {
		t.Errorf("Find above the workspace = %q", got)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".workbook", ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
}

func TestCreateNotes(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "go.work"), "go 1.26\n")
	put(t, filepath.Join(dir, "ws", "go.mod"), "// mine\nmodule example.com/mine\n")
	_, r, err := Create(filepath.Join(dir, "ws"), newCourse("counter"))
	if err != nil {
		t.Fatal(err)
	}
	got := r.String()
	for _, want := range []string{"go.mod there is of module example.com/mine and stays", "go.work covers this folder: `go work use "} {
		if !strings.Contains(got, want) {
			t.Errorf("report = %q, want it to contain %q", got, want)
		}
	}
}

func TestCreateFails(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "file"), "x")
	_, _, err := Create(filepath.Join(dir, "file"), newCourse("counter"))
	wantKind(t, "Create on a file", err, Unwritable)
	_, err = Open(dir, newCourse("counter"))
	wantKind(t, "Open of a plain folder", err, NoWorkspace)
}

func TestRepository(t *testing.T) {
	repo := t.TempDir()
	put(t, filepath.Join(repo, "go.mod"), "module workbook\n\ngo 1.26\n")
	put(t, filepath.Join(repo, "cmd", "workbook", "main.go"), "package main\n")
	put(t, filepath.Join(repo, ".workbook", "state.json"), "{}")
	put(t, filepath.Join(repo, "exercises", "atomicity", "counter", "counter.go"), "package counter\n")
	c := newCourse("counter")
	if Is(repo) {
		t.Error("Is is true for the course's repository")
	}
	if dir, ok := Find(filepath.Join(repo, "exercises", "atomicity")); ok {
		t.Errorf("Find in the repository's exercises = %q", dir)
	}
	_, err := Open(repo, c)
	wantKind(t, "Open of the repository", err, Repository)
	for _, sub := range []string{".", "exercises", "exercises/atomicity", "solutions/new/deep", "cmd/workbook"} {
		_, _, err := Create(filepath.Join(repo, filepath.FromSlash(sub)), c)
		wantKind(t, "Create in the repository's "+sub, err, Repository)
	}
	w, _, err := Create(filepath.Join(repo, "my-workbook"), c)
	if err != nil {
		t.Fatalf("Create in a folder of its own: %v", err)
	}
	if dir, ok := Find(filepath.Join(w.Dir, "exercises")); !ok || dir != w.Dir {
		t.Errorf("Find = %q, %v, want %q", dir, ok, w.Dir)
	}
}

func TestNewerCourse(t *testing.T) {
	w := create(t, newCourse("counter", "tokens"))
	put(t, w.path("exercises/atomicity/counter/counter.go"), "mine")
	if err := os.Remove(w.path("exercises/atomicity/tokens/tokens.go")); err != nil {
		t.Fatal(err)
	}
	newer := newCourse("counter", "tokens", "snapshot")
	w, err := Open(w.Dir, newer)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(w.Added, []string{"snapshot"}) {
		t.Errorf("Added = %v, want snapshot alone", w.Added)
	}
	if got := text(t, w.path("exercises/atomicity/counter/counter.go")); got != "mine" {
		t.Errorf("Open changed the learner's file to %q", got)
	}
	_, err = w.Read(newer.Exercise("tokens"))
	wantKind(t, "Read of a file that the learner removed", err, Missing)
	if w = reopen(t, w); len(w.Added) > 0 {
		t.Errorf("Added again: %v", w.Added)
	}
	if err := w.Reset(newer.Exercise("tokens")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Read(newer.Exercise("tokens")); err != nil {
		t.Errorf("Read after Reset: %v", err)
	}
}

func TestProgress(t *testing.T) {
	c := newCourse("counter", "tokens", "snapshot")
	w := create(t, c)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if ex := w.Current(); ex.Name != "counter" {
		t.Errorf("Current of a new workspace = %s, want counter", ex.Name)
	}
	must(w.Record(Attempt{Exercise: "counter", Class: "race", Title: "data race", MS: 5, Time: at}))
	must(w.Record(Attempt{Exercise: "counter", Class: "pass", MS: 7, Time: at.Add(time.Minute)}))
	must(w.Record(Attempt{Exercise: "counter", Class: "wrong", MS: 1, Time: at.Add(time.Hour)}))
	must(w.Record(Attempt{Exercise: "tokens", Class: "leak", Time: at}))
	must(w.HintShown(c.Exercise("tokens"), 2))
	must(w.HintShown(c.Exercise("tokens"), 1))
	must(w.GiveUp(c.Exercise("snapshot")))
	for range 2 {
		p := w.Progress()
		s := p.Exercises["counter"]
		if !p.Passed("counter") || !s.Passed.Equal(at.Add(time.Minute)) || s.Before != 2 || s.Attempts != 3 || p.Class("counter") != "wrong" || s.Spent != 13 {
			t.Errorf("counter = %+v", s)
		}
		for name, want := range map[string]string{"counter": Passed, "tokens": Tried, "snapshot": GivenUp, "none": New} {
			if got := p.State(name); got != want {
				t.Errorf("State(%s) = %q, want %q", name, got, want)
			}
		}
		if p.Hints("tokens") != 2 || p.Attempts("tokens") != 1 || p.Earned("tokens") || !p.Earned("snapshot") || !p.Earned("counter") {
			t.Errorf("tokens = %+v", p.Exercises["tokens"])
		}
		if ex := w.Current(); ex.Name != "tokens" {
			t.Errorf("Current = %s, want tokens, the last one worked on", ex.Name)
		}
		w = reopen(t, w)
	}
	must(w.SetCurrent(c.Exercise("counter")))
	if ex := reopen(t, w).Current(); ex.Name != "counter" {
		t.Errorf("Current = %s, want counter, which was chosen", ex.Name)
	}
	if w, err := Open(w.Dir, newCourse("snapshot", "other")); err != nil || w.Current().Name != "snapshot" {
		t.Errorf("Current in a course without the last exercise = %v, %v, want snapshot", w.Current(), err)
	}
}

func TestResetAndUndo(t *testing.T) {
	c := newCourse("counter")
	ex := c.Exercise("counter")
	w := create(t, c)
	file := w.path(ex.File)
	wantKind(t, "Undo of nothing", w.Undo(ex), NothingToUndo)
	if err := w.Reset(ex); err != nil || w.Progress().Exercises["counter"].Resets != 0 {
		t.Errorf("Reset of the starter = %v, and is counted", err)
	}
	step := func(what string, f func(*course.Exercise) error, want string) {
		t.Helper()
		if err := f(ex); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if got := text(t, file); got != want {
			t.Errorf("after %s the file is %q, want %q", what, got, want)
		}
		w = reopen(t, w)
	}
	put(t, file, "first")
	step("reset", w.Reset, string(ex.Starter))
	put(t, file, "second \xff\x00")
	step("reset", w.Reset, string(ex.Starter))
	step("undo", w.Undo, "second \xff\x00")
	put(t, file, "third")
	step("undo of a new text", w.Undo, "first")
	step("undo, going round", w.Undo, "second \xff\x00")
	step("undo", w.Undo, "third")
	step("undo", w.Undo, "first")
	step("reset", w.Reset, string(ex.Starter))
	step("undo", w.Undo, "first")
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the file's mode is %v, %v", info.Mode(), err)
	}
}

func TestResetOnce(t *testing.T) {
	c := newCourse("counter")
	ex := c.Exercise("counter")
	w := create(t, c)
	put(t, w.path(ex.File), "mine")
	for _, f := range []func(*course.Exercise) error{w.Reset, w.Undo} {
		if err := f(ex); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, "the second Undo of one Reset", w.Undo(ex), NothingToUndo)
	if got := text(t, w.path(ex.File)); got != "mine" {
		t.Errorf("the file is %q, want the learner's", got)
	}
}

func TestDiskFull(t *testing.T) {
	c := newCourse("counter")
	ex := c.Exercise("counter")
	w := create(t, c)
	put(t, w.path(ex.File), "mine")
	full := true
	w.write = func(f *os.File, b []byte) (int, error) {
		if !full {
			return f.Write(b)
		}
		n, _ := f.Write(b[:len(b)/2])
		return n, &os.PathError{Op: "write", Path: f.Name(), Err: diskFullErr}
	}
	wantKind(t, "Record", w.Record(Attempt{Exercise: "counter", Class: "pass"}), DiskFull)
	wantKind(t, "Reset", w.Reset(ex), DiskFull)
	_, err := w.WriteSolution(ex)
	wantKind(t, "WriteSolution", err, DiskFull)
	if got := text(t, w.path(ex.File)); got != "mine" {
		t.Errorf("the failed Reset left %q", got)
	}
	full = false
	if err := w.Record(Attempt{Exercise: "counter", Class: "race"}); err != nil {
		t.Fatal(err)
	}
	if p := reopen(t, w).Progress(); p.Attempts("counter") != 1 || p.Class("counter") != "race" || p.Damaged != 3 {
		t.Errorf("after the disk was full: %+v, %d damaged lines, want one attempt and the three torn lines", p.Exercises, p.Damaged)
	}
}

func TestWriteSolution(t *testing.T) {
	c := newCourse("counter")
	ex := c.Exercise("counter")
	w := create(t, c)
	file, err := w.WriteSolution(ex)
	if err != nil || file != w.path("solutions/atomicity/counter/counter.go") || text(t, file) != string(ex.Solution) {
		t.Fatalf("WriteSolution = %q, %v", file, err)
	}
	put(t, file, "notes")
	if _, err := w.WriteSolution(ex); err != nil || text(t, file) != string(ex.Solution) {
		t.Errorf("WriteSolution over another text = %v", err)
	}
	if !strings.Contains(text(t, w.meta(journalName)), `"text":"notes"`) {
		t.Error("the journal has no copy of the text that was replaced")
	}
	if w.Progress().Exercises["counter"].Viewed.IsZero() {
		t.Error("the journal does not know that the solution was seen")
	}
}

func TestTwoProcesses(t *testing.T) {
	c := newCourse("counter", "tokens")
	w := create(t, c)
	const each = 100
	var wg sync.WaitGroup
	for _, name := range []string{"counter", "tokens", "counter", "tokens"} {
		other := reopen(t, w)
		wg.Go(func() {
			for range each {
				if err := other.Record(Attempt{Exercise: name, Class: "race", Title: strings.Repeat("x", 300)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for what, w := range map[string]*Workspace{"the one that was open": w, "a new one": reopen(t, w)} {
		p := w.Progress()
		if p.Attempts("counter") != 2*each || p.Attempts("tokens") != 2*each || p.Damaged != 0 {
			t.Errorf("%s sees %d and %d attempts and %d damaged lines, want %d, %d and 0", what, p.Attempts("counter"), p.Attempts("tokens"), p.Damaged, 2*each, 2*each)
		}
	}
}

func TestCutWhileOpen(t *testing.T) {
	w := create(t, newCourse("counter"))
	for range 3 {
		if err := w.Record(Attempt{Exercise: "counter", Class: "race"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Truncate(w.meta(journalName), 0); err != nil {
		t.Fatal(err)
	}
	if err := w.Record(Attempt{Exercise: "counter", Class: "pass"}); err != nil {
		t.Fatal(err)
	}
	if p := w.Progress(); p.Attempts("counter") != 3 || !p.Passed("counter") {
		t.Errorf("after the journal was cut: %+v", p.Exercises)
	}
	put(t, w.meta(journalName)+".old", "")
	if err := os.Remove(w.meta(journalName)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(w.meta(journalName), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := w.Record(Attempt{Exercise: "counter", Class: "pass"}); err == nil {
		t.Error("Record into a folder succeeded")
	}
	_, err := Open(w.Dir, w.course)
	if e := (*Error)(nil); err != nil && !errors.As(err, &e) {
		t.Errorf("Open with a folder for a journal = %v, want *Error", err)
	}
}
