// Package workspace keeps a learner's folder.
//
// The folder holds the exercises as the learner edits them, and in .workbook/ a journal of all that
// happened, one line of JSON with its checksum for each event, only ever appended to, with a snapshot
// that saves reading it all. Killing the workbook at any moment costs at most the line that was being
// written. Several workbooks may use one folder at the same time.
//
// Nothing of the learner's is overwritten unless the journal has a copy.
package workspace

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"workbook/cmd/workbook/internal/course"
)

const (
	metaDir      = ".workbook"
	journalName  = "journal.jsonl"
	snapshotName = "state.json"
)

// Workspace is an opened folder. Its methods may be called at the same time.
type Workspace struct {
	Dir   string   // absolute
	Added []string // exercises of a newer course whose starters Open has put in

	course *course.Course
	write  func(*os.File, []byte) (int, error) // (*os.File).Write

	mu       sync.Mutex // guards what follows, and orders this process's writes
	progress Progress
	mark     mark // how far into the journal progress goes
	unsaved  int  // entries since the snapshot
}

// Attempt is one grading of one exercise.
type Attempt struct {
	Exercise string
	Class    string // the verdict's class; "pass" is a pass
	Title    string
	MS       int64
	Time     time.Time // now where zero
}

// Is says whether dir is a workspace. The course's own repository never is.
func Is(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, metaDir))
	return err == nil && info.IsDir() && !isRepository(dir)
}

// Find returns the workspace that start lies in: start itself or the nearest folder above it.
func Find(start string) (dir string, ok bool) {
	for dir = filepath.Clean(start); ; {
		if Is(dir) {
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

// isRepository says whether dir is the root of a clone of the course's repository.
func isRepository(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "cmd", "workbook"))
	return err == nil && info.IsDir() && moduleOf(filepath.Join(dir, "go.mod")) == course.Module
}

// moduleOf returns the module path that a go.mod file declares, or "".
func moduleOf(file string) string {
	text, err := readRegular(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "module" {
			return strings.Trim(f[1], `"`)
		}
	}
	return ""
}

// Open opens the workspace dir. It adds the starters of exercises that the workspace has never had,
// and leaves every other file alone.
//
// A workspace that cannot be written to can be opened all the same; what must write says so then.
func Open(dir string, c *course.Course) (*Workspace, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, readError(dir, "", err)
	}
	if isRepository(dir) {
		return nil, &Error{Kind: Repository, File: dir}
	}
	if !Is(dir) {
		return nil, &Error{Kind: NoWorkspace, File: dir}
	}
	w := &Workspace{Dir: dir, course: c, write: (*os.File).Write}
	w.removeTemps()
	if err := w.load(); err != nil {
		return nil, err
	}
	for _, ex := range c.Exercises() {
		if w.progress.Added[ex.Name] {
			continue
		}
		made, err := w.putNew(w.path(ex.File), ex.Starter)
		if err == nil && made {
			w.Added = append(w.Added, ex.Name)
		}
	}
	if len(w.Added) > 0 {
		_ = w.append(entry{Kind: kindAdded, Names: w.Added}) // they count as the learner's once a course brings them again
	}
	return w, nil
}

// path returns where a slash-separated, workspace-relative file lies.
func (w *Workspace) path(file string) string { return filepath.Join(w.Dir, filepath.FromSlash(file)) }

func (w *Workspace) meta(name string) string { return filepath.Join(w.Dir, metaDir, name) }

// Progress returns what the journal says by now, other processes' lines included.
func (w *Workspace) Progress() Progress {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.sync() // an unreadable journal leaves what was known before
	return w.progress.clone()
}

// Current returns the exercise last worked on, else the first that has not passed, else the first.
// It returns nil where the course has no exercise.
func (w *Workspace) Current() *course.Exercise {
	p := w.Progress()
	if ex := w.course.Exercise(p.Current); ex != nil {
		return ex
	}
	all := w.course.Exercises()
	for _, ex := range all {
		if !p.Passed(ex.Name) {
			return ex
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return nil
}

// SetCurrent makes ex the exercise that is worked on.
func (w *Workspace) SetCurrent(ex *course.Exercise) error {
	if w.Progress().Current == ex.Name {
		return nil
	}
	return w.append(entry{Kind: kindCurrent, Exercise: ex.Name})
}

// Record keeps an attempt.
func (w *Workspace) Record(a Attempt) error {
	return w.append(entry{Time: a.Time, Kind: kindAttempt, Exercise: a.Exercise, Class: a.Class, Title: a.Title, MS: a.MS})
}

// HintShown keeps that ex's hints up to the n-th, from 1, were shown.
func (w *Workspace) HintShown(ex *course.Exercise, n int) error {
	if n <= w.Progress().Hints(ex.Name) {
		return nil
	}
	return w.append(entry{Kind: kindHint, Exercise: ex.Name, N: n})
}

// GiveUp keeps that the learner gave ex up.
func (w *Workspace) GiveUp(ex *course.Exercise) error {
	return w.append(entry{Kind: kindGiveUp, Exercise: ex.Name})
}

// removeTemps removes what a killed workbook left half written. Young files may be another's.
func (w *Workspace) removeTemps() {
	old, err := filepath.Glob(w.meta("*" + tempSuffix))
	if err != nil {
		return
	}
	for _, file := range old {
		if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(file) // it only takes room
		}
	}
}

// exists says whether there is anything at path.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
