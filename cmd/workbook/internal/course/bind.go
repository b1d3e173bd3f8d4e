package course

import (
	"bytes"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

var (
	nameForm     = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	exerciseForm = regexp.MustCompile(`^Exercise(?::\s*(.*)|\s*)$`)
	hintForm     = regexp.MustCompile(`^Hint(?: \d+)?(?::\s*(.*))?$`)
	testForm     = regexp.MustCompile(`^func (Test(?:[^a-z(]\w*)?)\(\w+ \*testing\.T\)`)
)

// bind collects the lesson's exercises from its sections.
func (l *Lesson) bind() Faults {
	b := binder{lesson: l}
	for n := l.Doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && b.heading(h) {
			continue
		}
		switch {
		case b.hint != nil:
			b.hint.Blocks = append(b.hint.Blocks, n)
		case b.exercise != nil:
			b.exercise.Task = append(b.exercise.Task, n)
		}
	}
	b.close(l.LineAt(len(l.Source)) + 1)
	return b.faults
}

// binder goes through a lesson's blocks and knows the exercise and the hint that it is in.
type binder struct {
	lesson   *Lesson
	exercise *Exercise
	hint     *Hint
	faults   Faults
}

func (b *binder) fault(line int, format string, args ...any) {
	b.faults = append(b.faults, Fault{b.lesson.File, line, fmt.Sprintf(format, args...)})
}

// heading says whether h is the binder's own: it begins or ends an exercise or a hint.
func (b *binder) heading(h *ast.Heading) bool {
	line, title := b.lesson.LineAt(h.Pos()), plainText(h, b.lesson.Source)
	exercise, hint := exerciseForm.FindStringSubmatch(title), hintForm.FindStringSubmatch(title)
	switch {
	case h.Level <= 2:
		b.close(line)
		if exercise != nil && h.Level == 2 {
			b.open(line, strings.TrimSpace(exercise[1]))
		}
	case h.Level == 3 && hint != nil && b.exercise != nil:
		b.closeHint(line)
		b.hint = &Hint{Title: strings.TrimSpace(hint[1]), Line: line}
		return true
	case h.Level == 3 && b.hint != nil:
		b.fault(line, "section %q after a hint: only hints follow hints", title)
		b.closeHint(line)
	}
	if exercise != nil && h.Level != 2 {
		b.fault(line, "exercise %q has a heading of level %d: want \"## Exercise: Title\"", title, h.Level)
	}
	if hint != nil {
		b.fault(line, "hint outside of an exercise's hints: want \"### Hint\" in a section \"## Exercise: Title\"")
	}
	return h.Level <= 2
}

func (b *binder) open(line int, title string) {
	b.exercise = &Exercise{Lesson: b.lesson.Slug, Title: title, Line: line}
	if title == "" {
		b.fault(line, "exercise without a title: want \"## Exercise: Title\"")
	}
}

// closeHint ends the hint that is open; line is the first one behind it.
func (b *binder) closeHint(line int) {
	if b.hint == nil {
		return
	}
	b.hint.Text = string(bytes.TrimSpace(b.lesson.lines(b.hint.Line+1, line-1)))
	b.exercise.Hints = append(b.exercise.Hints, *b.hint)
	b.hint = nil
}

// close ends the exercise that is open, and keeps it if its link says where its files are.
func (b *binder) close(line int) {
	b.closeHint(line)
	e := b.exercise
	if e == nil {
		return
	}
	b.exercise = nil
	b.readImports(e, line)
	b.readPoints(e, line)
	b.readLazy(e, line)
	names := b.linked(e)
	switch {
	case len(names) == 0:
		b.fault(e.Line, "exercise %q has no link to ../exercises/%s/NAME/ in its task", e.Title, e.Lesson)
		return
	case len(names) > 1:
		b.fault(e.Line, "exercise %q links to the folders of %d exercises, %s: one section, one exercise", e.Title, len(names), joined(names))
	}
	e.Name = names[0]
	if !nameForm.MatchString(e.Name) || token.IsKeyword(e.Name) || e.Name == "main" {
		b.fault(e.Line, "bad exercise name %q: it is also the package's, of a-z and 0-9", e.Name)
		return
	}
	e.Dir = path.Join("exercises", e.Lesson, e.Name)
	e.File = path.Join(e.Dir, e.Name+".go")
	e.TestFile = path.Join("solutions", e.Lesson, e.Name, e.Name+"_test.go")
	b.lesson.Exercises = append(b.lesson.Exercises, e)
}

// linked returns the names of the lesson's exercise folders that e's task links to.
func (b *binder) linked(e *Exercise) (names []string) {
	seen := map[string]bool{}
	for _, n := range e.Task {
		walk(n, func(n ast.Node) {
			link, ok := n.(*ast.Link)
			if !ok {
				return
			}
			target, _ := resolve(b.lesson.File, string(link.Destination))
			dir, name := path.Split(target)
			if dir == "exercises/"+e.Lesson+"/" && !strings.Contains(name, ".") && !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		})
	}
	return names
}

// resolve returns the file that a relative link in a file leads to, and its anchor.
// The file is "" where the destination is not a relative path.
func resolve(file, dest string) (target, fragment string) {
	u, err := url.Parse(dest)
	if err != nil || u.Scheme != "" || u.Host != "" || strings.HasPrefix(u.Path, "/") {
		return "", ""
	}
	if u.Path == "" {
		return file, u.Fragment
	}
	return path.Join(path.Dir(file), u.Path), u.Fragment
}

// SolutionFile returns where the reference solution is: "solutions/atomicity/counter/counter.go".
func (e *Exercise) SolutionFile() string {
	return path.Join("solutions", e.Lesson, e.Name, e.Name+".go")
}

// ImportPath returns the import path of the package that a learner writes.
func (e *Exercise) ImportPath() string { return path.Join(Module, e.Dir) }

// archive returns the path of one of the exercise's two archives.
func (e *Exercise) archive(name string) string {
	return path.Join("solutions", e.Lesson, e.Name, name)
}

// read reads the files that an exercise cannot do without.
func (e *Exercise) read(fsys fs.FS, lesson string) (faults Faults) {
	e.Starter = e.file(fsys, lesson, e.File, &faults)
	e.Solution = e.file(fsys, lesson, e.SolutionFile(), &faults)
	e.Tests = e.file(fsys, lesson, e.TestFile, &faults)
	e.Names = testNames(e.Tests)
	if e.Names != nil {
		faults = append(faults, e.checkPoints(lesson)...)
	}
	return faults
}

// readArchives reads the programs that the author's checks need.
func (e *Exercise) readArchives(fsys fs.FS, lesson string) (faults Faults) {
	if text := e.file(fsys, lesson, e.archive(altArchive), &faults); text != nil {
		faults = append(faults, e.readAlts(text)...)
	}
	if text := e.file(fsys, lesson, e.archive(wrongArchive), &faults); text != nil {
		faults = append(faults, e.readWrongs(text)...)
	}
	return faults
}

// file reads a file of the exercise; it returns nil where that cannot be.
func (e *Exercise) file(fsys fs.FS, lesson, name string, faults *Faults) []byte {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		what := "missing"
		if !errors.Is(err, fs.ErrNotExist) {
			what = "unreadable: " + reason(err)
		}
		*faults = append(*faults, Fault{name, 0, fmt.Sprintf("%s: the exercise at %s:%d needs it", what, lesson, e.Line)})
		return nil
	}
	text = normal(text)
	*faults = append(*faults, checkText(name, text)...)
	return text
}

// testNames returns the names of the tests in a file.
func testNames(text []byte) (names []string) {
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, []byte("func Test")) {
			continue
		}
		if m := testForm.FindSubmatch(line); m != nil {
			names = append(names, string(m[1]))
		}
	}
	return names
}
