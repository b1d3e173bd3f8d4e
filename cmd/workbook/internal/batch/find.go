package batch

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/policy"
	"workbook/cmd/workbook/internal/verdict"
)

// Limits bound what is read of a path: an archive of a few kilobytes can hold terabytes.
type Limits struct {
	Entries  int   // files and folders
	Unpacked int64 // bytes of an archive, once unpacked
	Kept     int64 // bytes of an archive that are submissions
}

// DefaultLimits are enough for a large class.
var DefaultLimits = Limits{Entries: 500_000, Unpacked: 4 << 30, Kept: 256 << 20}

// Search says what to look for.
type Search struct {
	Course *course.Course
	Only   []string // names of exercises that every submission must have; all that were begun where empty
	Limits Limits
}

// Task is one exercise of one submission.
type Task struct {
	Submission string
	Exercise   *course.Exercise
	Number     int // the exercise's place in the course, from 1
	File       File
}

// File is where the text of a task comes from.
type File struct {
	Name    string // for people
	path    string // on disk
	text    []byte // of an archive
	refused string // why it is not read: a sentence
}

// read returns the text, at most a byte more than the policy takes.
func (f File) read() ([]byte, error) {
	if f.path == "" {
		return f.text, nil
	}
	// Lstat and Open are not one step. Who can change the folder meanwhile runs the grader's machine.
	info, err := os.Lstat(f.path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	file, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, policy.MaxBytes+1))
}

var errNotRegular = errors.New("not a regular file")

// files returns a task's files in the workspace's form, or the findings that stand in their place.
func (t *Task) files() (map[string][]byte, []verdict.Finding) {
	refuse := func(c verdict.Class, text string) []verdict.Finding {
		return []verdict.Finding{{Class: c, Message: text, Hint: "hand in " + path.Base(t.Exercise.File) + " itself, as a plain file"}}
	}
	if t.File.refused != "" {
		return nil, refuse(verdict.Policy, t.File.refused)
	}
	text, err := t.File.read()
	switch {
	case errors.Is(err, errNotRegular):
		return nil, refuse(verdict.Policy, cleanLine(t.File.Name)+" is a link or a device, and only what the submission itself holds is graded")
	case err != nil:
		return nil, []verdict.Finding{{Class: verdict.Fault, Message: "reading " + cleanLine(t.File.Name) + ": " + cleanLine(cause(err))}}
	}
	return map[string][]byte{t.Exercise.File: text}, nil
}

// cause is an error of the file system without the path, which is said already.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// Find returns the tasks that the paths hold, by submission, and how many files are there that nobody has
// begun: the starter's text.
func (s Search) Find(paths []string) (tasks []Task, unbegun int, err error) {
	f := &finder{Search: s, byName: map[string]*course.Exercise{}, number: map[string]int{}, index: map[[2]string]*group{}}
	for i, ex := range s.Course.Exercises() {
		f.byName[ex.Name], f.number[ex.Name] = ex, i+1
	}
	for _, p := range slices.Compact(slices.Sorted(slices.Values(paths))) {
		if err := f.open(p); err != nil {
			return nil, 0, err
		}
	}
	if err := f.distinguish(); err != nil {
		return nil, 0, err
	}
	for _, g := range f.groups {
		tasks = append(tasks, f.tasks(g)...)
	}
	slices.SortFunc(tasks, func(a, b Task) int {
		return cmp.Or(cmp.Compare(a.Submission, b.Submission), cmp.Compare(a.Number, b.Number))
	})
	return tasks, f.unbegun, nil
}

// finder collects files by submission.
type finder struct {
	Search
	byName  map[string]*course.Exercise
	number  map[string]int
	groups  []*group // in the order in which they were found
	index   map[[2]string]*group
	unbegun int
	entries int
}

// group is a submission.
type group struct {
	root, name string // the path it was found under, and its name there, "" for the path's own
	shown      string // its name in the report
	files      map[string]found
}

type found struct {
	File
	form form
}

// open looks into one path.
func (f *finder) open(p string) error {
	info, err := os.Stat(p)
	if err != nil {
		return fmt.Errorf("%s: %s", p, cause(err))
	}
	if info.IsDir() {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			return f.folder(p, real)
		}
		return f.folder(p, p)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is neither a folder nor a file", p)
	}
	if filepath.Ext(p) == ".go" {
		abs, err := filepath.Abs(p)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		if !f.add(filepath.Dir(abs), filepath.Base(p), File{Name: p, path: abs}) {
			return fmt.Errorf("%s has not the name of an exercise", p)
		}
		return nil
	}
	return f.archive(p)
}

// folder looks for files below a folder. Links are not followed.
func (f *finder) folder(shown, dir string) error {
	return filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("%s: %s", file, cause(err))
		}
		if d.IsDir() && file != dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if f.entries++; f.entries > f.Limits.Entries {
			return fmt.Errorf("%s holds more than %d files and folders: name the folder of the submissions itself", shown, f.Limits.Entries)
		}
		if rel, err := filepath.Rel(dir, file); err == nil && !d.IsDir() {
			f.add(shown, filepath.ToSlash(rel), File{Name: filepath.ToSlash(filepath.Join(shown, rel)), path: file})
		}
		return nil
	})
}

// add keeps a file if it is one of an exercise, and says whether it is.
func (f *finder) add(root, name string, file File) bool {
	submission, ex, form := place(name, f.byName)
	if ex == nil {
		return false
	}
	g := f.index[[2]string{root, submission}]
	if g == nil {
		g = &group{root: root, name: submission, files: map[string]found{}}
		f.index[[2]string{root, submission}] = g
		f.groups = append(f.groups, g)
	}
	if have, ok := g.files[ex.Name]; !ok || have.form < form {
		g.files[ex.Name] = found{file, form}
	}
	return true
}

// distinguish gives every submission a name of its own, the shortest that will do.
func (f *finder) distinguish() error {
	count := map[string]int{}
	for _, g := range f.groups {
		g.shown = cleanLine(cmp.Or(g.name, ownName(g.root)))
		count[g.shown]++
	}
	seen := map[string]bool{}
	for _, g := range f.groups {
		if count[g.shown] > 1 {
			g.shown = cleanLine(path.Join(filepath.ToSlash(filepath.Clean(g.root)), g.name))
		}
		if seen[g.shown] {
			return fmt.Errorf("two submissions are called %q: rename one of them", g.shown)
		}
		seen[g.shown] = true
	}
	return nil
}

// ownName is what a path that is itself a submission is called.
func ownName(root string) string {
	if abs, err := filepath.Abs(root); err == nil {
		root = abs
	}
	base := filepath.Base(root)
	for _, ext := range []string{".zip", ".tgz", ".gz", ".tar"} {
		base = strings.TrimSuffix(base, ext)
	}
	return base
}

// tasks lists what of a submission is to be graded.
func (f *finder) tasks(g *group) (tasks []Task) {
	for _, ex := range f.Course.Exercises() {
		file, handed := g.files[ex.Name]
		switch {
		case len(f.Only) > 0 && !slices.Contains(f.Only, ex.Name):
			continue
		case len(f.Only) > 0 && !handed:
			file.refused = "the exercise's file " + path.Base(ex.File) + " was not handed in"
		case len(f.Only) == 0 && !handed:
			continue
		case len(f.Only) == 0 && f.untouched(ex, file.File):
			f.unbegun++
			continue
		}
		tasks = append(tasks, Task{Submission: g.shown, Exercise: ex, Number: f.number[ex.Name], File: file.File})
	}
	return tasks
}

// untouched reports whether a file is still the starter.
func (f *finder) untouched(ex *course.Exercise, file File) bool {
	if file.refused != "" {
		return false
	}
	text, err := file.read()
	return err == nil && strings.ReplaceAll(string(text), "\r\n", "\n") == string(ex.Starter)
}

// Text returns what was handed in; ok is false where that cannot be read, or is not taken.
func (t Task) Text() (text []byte, ok bool) {
	files, refused := t.files()
	return files[t.Exercise.File], len(refused) == 0
}
