package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// Kind is what kept the workspace from doing something.
type Kind string

// The kinds.
const (
	Missing       Kind = "missing"
	Unreadable    Kind = "unreadable"
	NotRegular    Kind = "not regular"
	Binary        Kind = "binary"
	NotUTF8       Kind = "not UTF-8"
	TooBig        Kind = "too big"
	ReadOnly      Kind = "read-only"
	DiskFull      Kind = "disk full"
	Unwritable    Kind = "unwritable" // any other failure to write
	NoWorkspace   Kind = "no workspace"
	Repository    Kind = "repository"
	NothingToUndo Kind = "nothing to undo"
)

// Error says what is wrong with a file or folder of the workspace.
type Error struct {
	Kind     Kind
	File     string // as a person would type it
	Exercise string // the exercise that the file belongs to, or ""
	Size     int64  // of a file that is TooBig
	Limit    int64  // that it is over
	Line     int    // of the first bad byte where the file is Binary or NotUTF8
	Err      error  // the system's own word, or nil
}

// Unwrap returns the system's error.
func (e *Error) Unwrap() error { return e.Err }

func (e *Error) Error() string {
	switch e.Kind {
	case Missing:
		return fmt.Sprintf("%s is missing", e.File)
	case Unreadable:
		return fmt.Sprintf("%s cannot be read: %v", e.File, cause(e.Err))
	case NotRegular:
		return fmt.Sprintf("%s is not a regular file", e.File)
	case Binary:
		return fmt.Sprintf("%s is not text: line %d has a NUL byte", e.File, e.Line)
	case NotUTF8:
		return fmt.Sprintf("%s is not UTF-8 in line %d", e.File, e.Line)
	case TooBig:
		return fmt.Sprintf("%s has %s: more than %s is no exercise", e.File, size(e.Size), size(e.Limit))
	case ReadOnly:
		return fmt.Sprintf("%s cannot be written: it or its folder is read-only", e.File)
	case DiskFull:
		return fmt.Sprintf("%s cannot be written: the disk is full", e.File)
	case Unwritable:
		return fmt.Sprintf("%s cannot be written: %v", e.File, cause(e.Err))
	case NoWorkspace:
		return fmt.Sprintf("%s is not a workspace", e.File)
	case Repository:
		return fmt.Sprintf("%s belongs to the course's own repository: it is no place for a workspace", e.File)
	}
	return fmt.Sprintf("no earlier text of %s is saved", e.Exercise)
}

// Hints returns what to do next.
func (e *Error) Hints() []string {
	reset := "workbook reset " + e.Exercise + " puts the starter there"
	switch e.Kind {
	case Missing:
		return []string{reset}
	case Unreadable:
		return []string{"give yourself the right to read " + e.File}
	case NotRegular, TooBig:
		if e.Exercise == "" {
			return []string{"move " + e.File + " away: the workbook makes it anew"}
		}
		return []string{"move " + e.File + " away; then " + reset}
	case Binary, NotUTF8:
		return []string{"save it as UTF-8 text in your editor", reset + " and keeps what is there now for workbook undo"}
	case ReadOnly:
		return []string{"give yourself the right to write to " + filepath.Dir(e.File), "or make a workspace elsewhere: workbook init DIR"}
	case DiskFull:
		return []string{"make room on the disk and try again; nothing of yours was changed"}
	case NoWorkspace:
		return []string{"workbook init DIR makes a workspace", "--dir DIR names one elsewhere"}
	case Repository:
		return []string{"workbook init my-workbook makes a workspace in a folder of its own"}
	case NothingToUndo:
		return []string{"only workbook reset saves a text to go back to"}
	}
	if errors.Is(e.Err, fs.ErrNotExist) {
		return []string{"the folder " + filepath.Dir(e.File) + " is gone: put it back, or workbook init makes a new one"}
	}
	return []string{"nothing of yours was changed; try again"}
}

// cause is the part of a system error that does not repeat the file's name.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

func size(n int64) string {
	if n < 10<<10 {
		return fmt.Sprintf("%d bytes", n)
	}
	if n < 10<<20 {
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d MiB", n>>20)
}

// readError makes an error of reading file an Error.
func readError(file, exercise string, err error) error {
	kind := Unreadable
	if errors.Is(err, fs.ErrNotExist) {
		kind = Missing
	}
	return &Error{Kind: kind, File: file, Exercise: exercise, Err: err}
}

// writeError makes an error of writing file an Error.
func writeError(file, exercise string, err error) error {
	kind := Unwritable
	switch {
	case diskFull(err):
		kind = DiskFull
	case readOnly(err) || errors.Is(err, fs.ErrPermission):
		kind = ReadOnly
	}
	return &Error{Kind: kind, File: file, Exercise: exercise, Err: err}
}
