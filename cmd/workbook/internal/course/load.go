package course

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// Load reads the course in fsys, whose root holds lessons/, exercises/ and solutions/, with every
// check that needs no Go toolchain.
//
// The error is Faults where the content is faulty, everything at once; the course is returned even so,
// as far as it could be read.
func Load(fsys fs.FS) (*Course, error) {
	c, faults := open(fsys)
	faults = append(faults, c.checkLinks()...)
	faults = append(faults, c.checkStrays()...)
	for _, l := range c.Lessons {
		for _, e := range l.Exercises {
			faults = append(faults, e.readArchives(fsys, l.File)...)
			faults = append(faults, e.check(l.File)...)
		}
	}
	return c, faults.err()
}

// Open is Load without the checks on links, stray files, Go source and hints, and without the programs
// of the archives, which only authors need. It takes a fraction of the time, for content that was checked
// before.
func Open(fsys fs.FS) (*Course, error) {
	c, faults := open(fsys)
	return c, faults.err()
}

// err returns nil where there are no faults, else the faults, sorted, each once.
func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	f.sort()
	return slices.Compact(f)
}

func open(fsys fs.FS) (*Course, Faults) {
	c := &Course{FS: fsys}
	files, faults := lessonFiles(fsys)
	lessons := make([]*Lesson, len(files))
	found := make([]Faults, len(files))
	var wg sync.WaitGroup
	for i, file := range files {
		wg.Go(func() { lessons[i], found[i] = openLesson(fsys, file) })
	}
	wg.Wait()
	for i, l := range lessons {
		faults = append(faults, found[i]...)
		if l != nil {
			c.Lessons = append(c.Lessons, l)
		}
	}
	slices.SortStableFunc(c.Lessons, func(a, b *Lesson) int { return a.Number - b.Number })
	return c, append(faults, c.checkNames()...)
}

// lessonFiles lists the Markdown files of lessons/ that have a lesson's name.
func lessonFiles(fsys fs.FS) (files []string, faults Faults) {
	entries, err := fs.ReadDir(fsys, "lessons")
	if err != nil {
		return nil, Faults{{"lessons", 0, "unreadable: " + reason(err)}}
	}
	for _, e := range entries {
		file := path.Join("lessons", e.Name())
		switch {
		case lessonForm.MatchString(e.Name()):
			files = append(files, file)
		case strings.HasSuffix(e.Name(), ".md") && e.Name() != "README.md" && !hidden(e.Name()):
			faults = append(faults, Fault{file, 0, "bad name: a lesson's file is NUMBER-SLUG.md, the slug of a-z, 0-9 and -"})
		}
	}
	if len(files) == 0 {
		faults = append(faults, Fault{"lessons", 0, "no lesson: want files NUMBER-SLUG.md"})
	}
	return files, faults
}

func openLesson(fsys fs.FS, file string) (*Lesson, Faults) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, Faults{{file, 0, "unreadable: " + reason(err)}}
	}
	l, faults := parseLesson(file, text)
	faults = append(faults, l.bind()...)
	for _, e := range l.Exercises {
		faults = append(faults, e.read(fsys, l.File)...)
	}
	return l, faults
}

// checkNames wants every number, slug and exercise name once.
func (c *Course) checkNames() (faults Faults) {
	numbers, slugs := map[int]string{}, map[string]string{}
	for _, l := range c.Lessons {
		if other := numbers[l.Number]; other != "" {
			faults = append(faults, Fault{l.File, 0, fmt.Sprintf("duplicate number %d: %s has it", l.Number, other)})
		}
		if other := slugs[l.Slug]; other != "" {
			faults = append(faults, Fault{l.File, 0, fmt.Sprintf("duplicate slug %q: %s has it", l.Slug, other)})
		}
		if l.Slug == kitFolder {
			faults = append(faults, Fault{l.File, 0, fmt.Sprintf("slug %q is taken: solutions/%s holds the tests' kit", l.Slug, kitFolder)})
		}
		numbers[l.Number], slugs[l.Slug] = l.File, l.File
	}
	names := map[string]string{}
	for _, l := range c.Lessons {
		for _, e := range l.Exercises {
			if other := names[e.Name]; other != "" {
				faults = append(faults, Fault{l.File, e.Line, fmt.Sprintf("duplicate exercise name %q: %s has it", e.Name, other)})
				continue
			}
			names[e.Name] = fmt.Sprintf("%s:%d", l.File, e.Line)
		}
	}
	return faults
}

// reason is the part of a file system error that does not repeat the file's name.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// hidden says whether a file is one that embedding leaves out: an editor's or a system's.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}
