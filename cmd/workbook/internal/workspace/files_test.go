package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const diskFullErr = syscall.ENOSPC

func TestReadErrors(t *testing.T) {
	c := newCourse("counter")
	ex := c.Exercise("counter")
	for _, row := range []struct {
		name string
		make func(t *testing.T, file string)
		kind Kind
		want string
	}{
		{"missing", func(t *testing.T, file string) { remove(t, file) }, Missing, "exercises/atomicity/counter/counter.go is missing"},
		{"folder gone", func(t *testing.T, file string) { remove(t, filepath.Dir(file)) }, Missing, "exercises/atomicity/counter/counter.go is missing"},
		{"folder", func(t *testing.T, file string) { remove(t, file); mkdir(t, file) }, NotRegular, "exercises/atomicity/counter/counter.go is not a regular file"},
		{"binary", func(t *testing.T, file string) { put(t, file, "package counter\n\x7fELF\x00") }, Binary, "exercises/atomicity/counter/counter.go is not text: line 2 has a NUL byte"},
		{"latin 1", func(t *testing.T, file string) { put(t, file, "package counter\n\n// caf\xe9\n") }, NotUTF8, "exercises/atomicity/counter/counter.go is not UTF-8 in line 3"},
		{"64 KiB and one", func(t *testing.T, file string) { put(t, file, strings.Repeat("x", 65537)) }, TooBig, "exercises/atomicity/counter/counter.go has 64 KiB: more than 64 KiB is no exercise"},
		{"10 MB", func(t *testing.T, file string) { put(t, file, strings.Repeat("x", 10_000_000)) }, TooBig, "exercises/atomicity/counter/counter.go has 9765 KiB: more than 64 KiB is no exercise"},
		{"64 KiB", func(t *testing.T, file string) { put(t, file, strings.Repeat("x", 65536)) }, "", ""},
		{"empty", func(t *testing.T, file string) { put(t, file, "") }, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := create(t, c)
			row.make(t, w.path(ex.File))
			files, err := w.Read(ex)
			if row.kind == "" {
				if err != nil || len(files) != 1 {
					t.Errorf("Read = %v files, %v", len(files), err)
				}
				return
			}
			wantKind(t, "Read", err, row.kind)
			if err.Error() != row.want {
				t.Errorf("Read says %q, want %q", err, row.want)
			}
		})
	}
}

func remove(t *testing.T, file string) {
	t.Helper()
	if err := os.RemoveAll(file); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestResetKeepsWhatItCannotSave(t *testing.T) {
	c := newCourse("counter")
	ex := c.Exercise("counter")
	w := create(t, c)
	file := w.path(ex.File)
	big := strings.Repeat("x", maxSaved+1)
	put(t, file, big)
	wantKind(t, "Reset of a big file", w.Reset(ex), TooBig)
	wantKind(t, "Undo over a big file", undoOver(t, w), TooBig)
	if text(t, file) != big {
		t.Error("the big file was changed")
	}
	remove(t, file)
	mkdir(t, file)
	put(t, filepath.Join(file, "x"), "mine")
	wantKind(t, "Reset of a folder", w.Reset(ex), NotRegular)
	if text(t, filepath.Join(file, "x")) != "mine" {
		t.Error("the folder was changed")
	}
}

// undoOver undoes where a text was saved earlier.
func undoOver(t *testing.T, w *Workspace) error {
	t.Helper()
	e := entry{Kind: kindReset, Exercise: "counter"}
	e.setText([]byte("earlier"))
	if err := w.append(e); err != nil {
		t.Fatal(err)
	}
	return w.Undo(w.course.Exercise("counter"))
}

func TestSymlink(t *testing.T) {
	c := newCourse("counter")
	ex := c.Exercise("counter")
	w := create(t, c)
	file, elsewhere := w.path(ex.File), filepath.Join(t.TempDir(), "mine.go")
	put(t, elsewhere, "mine")
	remove(t, file)
	if err := os.Symlink(elsewhere, file); err != nil {
		t.Skip(err)
	}
	if files, err := w.Read(ex); err != nil || string(files[ex.File]) != "mine" {
		t.Errorf("Read through a link = %q, %v", files, err)
	}
	if err := w.Reset(ex); err != nil || text(t, elsewhere) != string(ex.Starter) {
		t.Errorf("Reset through a link = %v, and the file is %q", err, text(t, elsewhere))
	}
	if info, err := os.Lstat(file); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if err := w.Undo(ex); err != nil || text(t, elsewhere) != "mine" {
		t.Errorf("Undo through a link = %v, and the file is %q", err, text(t, elsewhere))
	}
}

func TestReadOnly(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	c := newCourse("counter")
	ex := c.Exercise("counter")
	w := create(t, c)
	put(t, w.path(ex.File), "mine")
	for _, dir := range []string{w.meta(""), w.Dir} {
		if err := os.Chmod(dir, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(dir, 0o755) })
	}
	if err := os.Chmod(w.meta(journalName), 0o444); err != nil {
		t.Fatal(err)
	}
	w = reopen(t, w)
	wantKind(t, "Reset in a read-only folder", w.Reset(ex), ReadOnly)
	if got := text(t, w.path(ex.File)); got != "mine" {
		t.Errorf("the file is %q", got)
	}
	_, _, err := Create(filepath.Join(w.Dir, "other"), c)
	wantKind(t, "Create in a read-only folder", err, ReadOnly)
}

func TestErrors(t *testing.T) {
	for _, row := range []struct {
		err  error
		kind Kind
		want string
	}{
		{writeError("x", "", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}), DiskFull, "x cannot be written: the disk is full"},
		{writeError("x", "", fs.ErrPermission), ReadOnly, "x cannot be written: it or its folder is read-only"},
		{writeError("x", "", &fs.PathError{Op: "open", Path: "/long/x", Err: syscall.ENOTDIR}), Unwritable, "x cannot be written: not a directory"},
		{readError("x", "y", &fs.PathError{Op: "open", Path: "/long/x", Err: fs.ErrPermission}), Unreadable, "x cannot be read: permission denied"},
		{readError("x", "y", fs.ErrNotExist), Missing, "x is missing"},
		{&Error{Kind: TooBig, File: "x", Size: 20 << 20, Limit: 9000}, TooBig, "x has 20 MiB: more than 9000 bytes is no exercise"},
		{&Error{Kind: NoWorkspace, File: "x"}, NoWorkspace, "x is not a workspace"},
		{&Error{Kind: Repository, File: "x"}, Repository, "x belongs to the course's own repository: it is no place for a workspace"},
		{&Error{Kind: NothingToUndo, Exercise: "y"}, NothingToUndo, "no earlier text of y is saved"},
		{&Error{Kind: Binary, File: "x", Line: 3}, Binary, "x is not text: line 3 has a NUL byte"},
		{&Error{Kind: NotRegular, File: "x"}, NotRegular, "x is not a regular file"},
		{&Error{Kind: NotUTF8, File: "x", Line: 3}, NotUTF8, "x is not UTF-8 in line 3"},
	} {
		var e *Error
		if !errors.As(fmt.Errorf("outer: %w", row.err), &e) || e.Kind != row.kind || e.Error() != row.want {
			t.Errorf("error = %q, %q, want %q, %q", e.Kind, e, row.kind, row.want)
		}
		if hints := e.Hints(); len(hints) == 0 || hints[0] == "" {
			t.Errorf("error %q has no hint", e)
		}
	}
}
