package workspace

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/course"
)

// Report is what Create did.
type Report struct {
	Dir   string   // absolute
	New   bool     // there was no workspace before
	Made  []string // files that were written, slash-separated and relative to Dir
	Kept  []string // files that were there already
	Notes []string // what may surprise: each a sentence
}

// String returns the report in sentences, one a line.
func (r Report) String() string {
	starters := 0
	for _, file := range r.Made {
		if strings.HasPrefix(file, "exercises/") {
			starters++
		}
	}
	var lines []string
	switch {
	case r.New:
		lines = append(lines, fmt.Sprintf("made a workspace in %s with %s", r.Dir, count(starters, "exercise")))
	case starters > 0:
		lines = append(lines, fmt.Sprintf("added %s to the workspace in %s", count(starters, "exercise"), r.Dir))
	default:
		lines = append(lines, fmt.Sprintf("the workspace in %s is complete", r.Dir))
	}
	if len(r.Kept) > 0 {
		were := "were"
		if len(r.Kept) == 1 {
			were = "was"
		}
		lines = append(lines, fmt.Sprintf("kept %s that %s there", count(len(r.Kept), "file"), were))
	}
	return strings.Join(append(lines, r.Notes...), "\n")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

const goMod = "module " + course.Module + "\n\ngo 1.26\n"

const readme = `# Your workbook

The exercises are in exercises/, a folder for each lesson. Edit the file of an exercise and save it:

    workbook            shows the current exercise, and answers every save
    workbook list       shows where you stand
    workbook read       opens the lesson
    workbook hint       helps, a step at a time
    workbook reset X    starts exercise X over; workbook undo X brings your text back

The file go.mod is for your editor. The folder .workbook/ keeps your progress and every text that a
reset replaced; keep it with your files.
`

// Create makes a workspace in dir, or completes one: it writes every file that is missing and never
// touches one that is there.
func Create(dir string, c *course.Course) (*Workspace, Report, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, Report{}, writeError(dir, "", err)
	}
	r := Report{Dir: dir, New: !Is(dir)}
	if inRepository(dir) {
		return nil, r, &Error{Kind: Repository, File: dir}
	}
	if err := os.MkdirAll(filepath.Join(dir, metaDir), 0o755); err != nil {
		return nil, r, writeError(dir, "", err)
	}
	r.Notes = notes(dir)
	w := &Workspace{Dir: dir, course: c, write: (*os.File).Write}
	if err := w.load(); err != nil {
		return nil, r, err
	}
	put := func(file string, text []byte) error {
		made, err := w.putNew(w.path(file), text)
		switch {
		case err != nil:
			return writeError(w.path(file), "", err)
		case made:
			r.Made = append(r.Made, file)
		default:
			r.Kept = append(r.Kept, file)
		}
		return nil
	}
	if err := w.fill(put); err != nil {
		return nil, r, err
	}
	return w, r, nil
}

// fill puts in the workspace's own files and all starters, and notes the new ones in the journal.
func (w *Workspace) fill(put func(file string, text []byte) error) error {
	if err := put("go.mod", []byte(goMod)); err != nil {
		return err
	}
	if err := put("README.md", []byte(readme)); err != nil {
		return err
	}
	var added []string
	for _, ex := range w.course.Exercises() {
		if err := put(ex.File, ex.Starter); err != nil {
			return err
		}
		if !w.progress.Added[ex.Name] {
			added = append(added, ex.Name)
		}
	}
	if len(added) > 0 {
		if err := w.append(entry{Kind: kindAdded, Names: added}); err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.saveSnapshot()
}

// inRepository says whether dir is the course's own repository or one of the folders that are part of it.
func inRepository(dir string) bool {
	own := []string{".", "cmd", "exercises", "lessons", "solutions", ".git", ".github", ".ci"}
	for up := realDir(dir); ; up = filepath.Dir(up) {
		if isRepository(up) {
			rel, err := filepath.Rel(up, realDir(dir))
			first, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
			return err == nil && slices.Contains(own, first)
		}
		if filepath.Dir(up) == up {
			return false
		}
	}
}

// realDir resolves the symbolic links in the part of dir that exists.
func realDir(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	if up := filepath.Dir(dir); up != dir {
		return filepath.Join(realDir(up), filepath.Base(dir))
	}
	return dir
}

// notes says what around dir keeps an editor from understanding the exercises. Grading never minds.
func notes(dir string) (notes []string) {
	if m := moduleOf(filepath.Join(dir, "go.mod")); m != "" && m != course.Module {
		notes = append(notes, fmt.Sprintf("go.mod there is of module %s and stays: your editor takes the exercises for packages of it; grading does not", m))
	}
	for up := dir; ; up = filepath.Dir(up) {
		if work := filepath.Join(up, "go.work"); exists(work) {
			notes = append(notes, fmt.Sprintf("%s covers this folder: `go work use %s` makes your editor know the exercises; grading does not need it", work, dir))
			return notes
		}
		if filepath.Dir(up) == up {
			return notes
		}
	}
}
