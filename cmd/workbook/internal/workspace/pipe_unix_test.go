//go:build unix

package workspace

import (
	"os"
	"syscall"
	"testing"
)

// TestPipes: a pipe in the place of any file is an error or nothing, and nobody waits for somebody to write
// into it.
func TestPipes(t *testing.T) {
	c := newCourse("counter")
	ex := c.Exercise("counter")
	for _, name := range []string{journalName, snapshotName, "go.mod", ex.File, ex.SolutionFile()} {
		w := create(t, c)
		put(t, w.path(ex.File), "mine")
		if err := w.Reset(ex); err != nil {
			t.Fatal(err)
		}
		file := w.path(name)
		if name == journalName || name == snapshotName {
			file = w.meta(name)
		}
		if name == ex.SolutionFile() {
			if _, err := w.WriteSolution(ex); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(file, 0o644); err != nil {
			t.Skip(err)
		}
		opened, err := Open(w.Dir, c)
		if err != nil {
			if name != journalName {
				t.Errorf("%s is a pipe: Open: %v", name, err)
			}
			opened = w
		}
		failed := opened.Undo(ex) != nil
		if _, err := opened.WriteSolution(ex); err != nil {
			failed = true
		}
		if _, _, err := Create(w.Dir, c); err != nil {
			failed = true
		}
		if wants := name != "go.mod" && name != snapshotName; failed != wants {
			t.Errorf("%s is a pipe: some operation fails: %v, want %v", name, failed, wants)
		}
		if info, err := os.Lstat(file); name != snapshotName && (err != nil || info.Mode().IsRegular()) {
			t.Errorf("the pipe %s was replaced: %v, %v", name, info, err)
		}
	}
}
