package workspace

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"

	"workbook/cmd/workbook/internal/course"
)

// MaxFile is the size of the biggest file that is a submission.
const MaxFile = 64 << 10

// maxSaved is the size of the biggest file that a reset keeps in the journal.
const maxSaved = 1 << 20

const tempSuffix = ".tmp"

// Files are files' contents under their slash-separated, workspace-relative names.
type Files = map[string][]byte

// Read returns the learner's files of an exercise. An error is *Error.
func (w *Workspace) Read(ex *course.Exercise) (Files, error) {
	text, err := w.readFile(ex, MaxFile)
	if err != nil {
		return nil, err
	}
	kind, at := Kind(""), bytes.IndexByte(text, 0)
	if at >= 0 {
		kind = Binary
	} else if !utf8.Valid(text) {
		kind, at = NotUTF8, invalid(text)
	}
	if kind != "" {
		return nil, &Error{Kind: kind, File: ex.File, Exercise: ex.Name, Line: 1 + bytes.Count(text[:at], []byte("\n"))}
	}
	return Files{ex.File: text}, nil
}

// invalid returns the place of the first byte of text that is not UTF-8.
func invalid(text []byte) int {
	at := 0
	for at < len(text) {
		r, n := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && n == 1 {
			return at
		}
		at += n
	}
	return at
}

// readFile returns the bytes of an exercise's file, at most limit.
func (w *Workspace) readFile(ex *course.Exercise, limit int64) ([]byte, error) {
	path := w.path(ex.File)
	info, err := os.Stat(path)
	if err != nil {
		return nil, readError(ex.File, ex.Name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, &Error{Kind: NotRegular, File: ex.File, Exercise: ex.Name}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, readError(ex.File, ex.Name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, readError(ex.File, ex.Name, err)
	}
	if n := int64(len(text)); n > limit {
		return nil, &Error{Kind: TooBig, File: ex.File, Exercise: ex.Name, Size: max(n, info.Size()), Limit: limit}
	}
	return text, nil
}

// Written reports whether an exercise's file holds a text of the learner's: it is there, and it is not the
// starter.
func (w *Workspace) Written(ex *course.Exercise) bool {
	text, err := w.readFile(ex, maxSaved)
	return err == nil && !bytes.Equal(text, ex.Starter)
}

// Reset puts an exercise's starter back, with the learner's text in the journal first. It does
// nothing where the file is the starter.
func (w *Workspace) Reset(ex *course.Exercise) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := entry{Kind: kindReset, Exercise: ex.Name}
	text, err := w.readFile(ex, maxSaved)
	switch {
	case is(err, Missing):
	case err != nil:
		return err
	case bytes.Equal(text, ex.Starter):
		return nil
	default:
		e.setText(text)
	}
	if err := w.appendLocked(e); err != nil {
		return err
	}
	return w.writeFile(ex, ex.Starter)
}

// Undo puts back the text that the last reset replaced; doing it again goes on to the one before, and
// round. The text that is there now is saved too, unless it is the starter. Where there is nothing to
// go back to the error's kind is NothingToUndo.
func (w *Workspace) Undo(ex *course.Exercise) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.sync(); err != nil {
		return err
	}
	now, err := w.readFile(ex, maxSaved)
	if err != nil && !is(err, Missing) {
		return err
	}
	s, text, ok := w.lastSave(ex.Name, now)
	if !ok {
		return &Error{Kind: NothingToUndo, File: ex.File, Exercise: ex.Name}
	}
	e := entry{Kind: kindUndo, Exercise: ex.Name, Restored: s.Hash}
	if err == nil && !bytes.Equal(now, ex.Starter) {
		e.setText(now)
	}
	if err := w.appendLocked(e); err != nil {
		return err
	}
	return w.writeFile(ex, text)
}

// lastSave returns the text saved last that is not the one that is there now. w.mu is held.
func (w *Workspace) lastSave(name string, now []byte) (save, []byte, bool) {
	saves := w.progress.Exercises[name].Saves
	for i := len(saves) - 1; i >= 0; i-- {
		text, ok := w.saved(saves[i])
		if ok && !bytes.Equal(text, now) {
			return saves[i], text, true
		}
	}
	return save{}, nil, false
}

func is(err error, kind Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}

// writeFile replaces an exercise's file, whose bytes are in the journal by now.
func (w *Workspace) writeFile(ex *course.Exercise, text []byte) error {
	file := w.path(ex.File)
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(file); err == nil {
		mode = info.Mode().Perm()
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return writeError(ex.File, ex.Name, err)
	}
	if err := w.replace(file, text, mode); err != nil {
		return writeError(ex.File, ex.Name, err)
	}
	return nil
}

// WriteSolution puts the reference solution into the workspace's solutions folder, notes that it was
// seen, and returns its path. Another text that is there is kept in the journal.
func (w *Workspace) WriteSolution(ex *course.Exercise) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	rel := ex.SolutionFile()
	file := w.path(rel)
	if err := w.appendLocked(entry{Kind: kindSolution, Exercise: ex.Name}); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", writeError(rel, ex.Name, err)
	}
	old, err := readRegular(file)
	switch {
	case err == nil && bytes.Equal(old, ex.Solution):
		return file, nil
	case err == nil:
		e := entry{Kind: kindReplaced, Exercise: ex.Name}
		e.setText(old)
		if err := w.appendLocked(e); err != nil {
			return "", err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return "", readError(rel, ex.Name, err)
	}
	if err := w.replace(file, ex.Solution, 0o644); err != nil {
		return "", writeError(rel, ex.Name, err)
	}
	return file, nil
}

// replace writes a file so that at every moment it is whole: the old one or the new one.
func (w *Workspace) replace(file string, text []byte, mode fs.FileMode) error {
	temp, err := w.temp(filepath.Join(w.Dir, metaDir), text, mode)
	if err != nil {
		return err
	}
	if os.Rename(temp, file) == nil {
		return nil
	}
	_ = os.Remove(temp)
	// The file is on another file system than .workbook, or its folder cannot be written to.
	if temp, err = w.temp(filepath.Dir(file), text, mode); err != nil {
		return err
	}
	if err := os.Rename(temp, file); err != nil {
		_ = os.Remove(temp)
		return err
	}
	return nil
}

// putNew writes a file unless there is something at its path already; it says whether it did.
func (w *Workspace) putNew(file string, text []byte) (made bool, err error) {
	if exists(file) {
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return false, err
	}
	temp, err := w.temp(filepath.Join(w.Dir, metaDir), text, 0o644)
	if err != nil {
		return false, err
	}
	defer os.Remove(temp)
	err = os.Link(temp, file) // never replaces a file, and the file is whole at once
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrExist):
		return false, nil
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return false, ignoreExist(err)
	}
	_, err = w.write(f, text)
	return err == nil, errors.Join(err, f.Close())
}

func ignoreExist(err error) error {
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// temp writes a new file in dir, on the disk when temp returns, and returns its path.
func (w *Workspace) temp(dir string, text []byte, mode fs.FileMode) (string, error) {
	f, err := os.CreateTemp(dir, ".*"+tempSuffix)
	if err != nil {
		return "", err
	}
	_, err = w.write(f, text)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
