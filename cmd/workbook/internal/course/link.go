package course

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// checkLinks reports links and images of the lessons that lead nowhere.
func (c *Course) checkLinks() (faults Faults) {
	for _, l := range c.Lessons {
		for _, r := range l.references() {
			if bad := c.checkReference(l, r); bad != "" {
				faults = append(faults, Fault{l.File, r.line, bad})
			}
		}
	}
	return faults
}

// reference is a link or an image in a lesson.
type reference struct {
	what string // "link" or "image"
	dest string
	line int
}

// references returns the lesson's links and images in the order of the text.
func (l *Lesson) references() (all []reference) {
	line := 0
	walk(l.Doc, func(n ast.Node) {
		if at := n.Pos(); at >= 0 && (n.Type() == ast.TypeBlock || at > 0) {
			line = l.LineAt(at)
		}
		switch n := n.(type) {
		case *ast.Link:
			all = append(all, reference{"link", string(n.Destination), line})
		case *ast.Image:
			all = append(all, reference{"image", string(n.Destination), line})
		}
	})
	return all
}

func (c *Course) checkReference(l *Lesson, r reference) string {
	u, err := url.Parse(r.dest)
	switch {
	case err != nil:
		return fmt.Sprintf("malformed %s %q", r.what, r.dest)
	case r.dest == "":
		return fmt.Sprintf("%s without a destination", r.what)
	case slices.Contains([]string{"http", "https"}, u.Scheme) && u.Host != "", u.Scheme == "mailto" && r.what == "link":
		return ""
	case u.Scheme != "" || u.Host != "":
		return fmt.Sprintf("%s %s: want https or a relative path", r.what, r.dest)
	case strings.HasPrefix(u.Path, "/"):
		return fmt.Sprintf("%s %s: an absolute path leads nowhere; want a relative one", r.what, r.dest)
	}
	target, fragment := resolve(l.File, r.dest)
	if !fs.ValidPath(target) {
		return fmt.Sprintf("%s %s leads out of the course", r.what, r.dest)
	}
	info, err := fs.Stat(c.FS, target)
	if err != nil {
		return fmt.Sprintf("%s %s: no file %s%s", r.what, r.dest, target, meant(target, c.files()))
	}
	if r.what == "image" && info.IsDir() {
		return fmt.Sprintf("image %s is a folder", r.dest)
	}
	if fragment == "" || path.Ext(target) != ".md" {
		return ""
	}
	return c.checkAnchor(r.dest, target, fragment)
}

// checkAnchor reports an anchor that no heading of a lesson has.
func (c *Course) checkAnchor(dest, file, fragment string) string {
	i := slices.IndexFunc(c.Lessons, func(l *Lesson) bool { return l.File == file })
	if i < 0 {
		return fmt.Sprintf("link %s: %s is not a lesson with sections", dest, file)
	}
	if c.Lessons[i].Section(fragment) != nil {
		return ""
	}
	var slugs []string
	for _, s := range c.Lessons[i].Sections {
		slugs = append(slugs, s.Slug)
	}
	return fmt.Sprintf("link %s: no section #%s in %s%s", dest, fragment, file, meant(fragment, slugs))
}

// files returns the files and folders that a lesson may mean.
func (c *Course) files() (all []string) {
	for _, l := range c.Lessons {
		all = append(all, l.File)
	}
	for _, e := range c.Exercises() {
		all = append(all, e.Dir, e.File)
	}
	return all
}

// checkStrays reports what lies in the course's folders and belongs to nothing.
func (c *Course) checkStrays() (faults Faults) {
	known := c.known()
	for _, root := range []string{"lessons", "exercises", "solutions"} {
		err := fs.WalkDir(c.FS, root, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case file == root:
				return nil
			case hidden(d.Name()) || file == path.Join("solutions", kitFolder):
				return skip(d)
			case d.IsDir():
				text := c.strayFolder(file, known)
				if text == "" {
					return nil
				}
				faults = append(faults, Fault{file, 0, text})
				return fs.SkipDir
			case known[file] || path.Dir(file) == root && (path.Ext(file) == ".go" || d.Name() == "README.md"):
				return nil
			case root == "lessons" && path.Ext(file) == ".md":
				return nil // its bad name is reported already
			}
			faults = append(faults, Fault{file, 0, "stray file: no lesson or exercise needs it"})
			return nil
		})
		if err != nil && root != "lessons" {
			faults = append(faults, Fault{root, 0, "unreadable: " + reason(err)})
		}
	}
	return faults
}

// kitFolder is the folder in solutions/ that holds what the hidden tests share.
const kitFolder = "kit"

func skip(d fs.DirEntry) error {
	if d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// strayFolder says what is wrong with a folder in which no known file lies, or returns "".
func (c *Course) strayFolder(dir string, known map[string]bool) string {
	for file := range known {
		if strings.HasPrefix(file, dir+"/") {
			return ""
		}
	}
	parts := strings.Split(dir, "/")
	l := c.Lesson(parts[1])
	switch {
	case parts[0] == "lessons":
		return "stray folder: no lesson shows a file in it"
	case l == nil:
		return fmt.Sprintf("stray folder: no lesson lessons/NUMBER-%s.md", parts[1])
	case len(parts) == 3:
		return fmt.Sprintf("exercise folder without a section: want \"## Exercise: Title\" in %s with a link to ../exercises/%s/%s/", l.File, parts[1], parts[2])
	case len(parts) == 2:
		return "" // its folders are reported one by one
	}
	return "stray folder: no exercise needs it"
}

// known returns every file that a lesson or an exercise needs.
func (c *Course) known() map[string]bool {
	known := map[string]bool{}
	for _, l := range c.Lessons {
		known[l.File] = true
		for _, r := range l.references() {
			if target, _ := resolve(l.File, r.dest); target != "" && strings.HasPrefix(target, "lessons/") {
				known[target] = true
			}
		}
		for _, e := range l.Exercises {
			for _, file := range []string{e.File, e.SolutionFile(), e.TestFile, e.archive(altArchive), e.archive(wrongArchive)} {
				known[file] = true
			}
		}
	}
	return known
}
