package build

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A newer course or workbook has a tree of its own, with a folder of export data and a marker for each
// toolchain. What belongs to trees that nobody uses any more is removed when a tree is warmed.
const (
	treeAge  = 30 * 24 * time.Hour
	maxTrees = 12
	busyAge  = 24 * time.Hour // of a tree that counts as used, however many there are
	fallen   = ".old-"        // begins the name of what is being removed
	workAge  = 24 * time.Hour // of a working folder: no submission and no build takes that long
)

// workFolder matches the folders that the workbook works in, as os.MkdirTemp names them.
var workFolder = regexp.MustCompile(`^workbook-(build|cell|check|explore|probe|run|try|vet)-[0-9]+$`)

// sweepWork removes the working folders that a killed workbook has left in the folder for temporary files.
func sweepWork(temp string) {
	entries, _ := os.ReadDir(temp)
	for _, e := range entries {
		if !e.IsDir() || !workFolder.MatchString(e.Name()) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > workAge {
			_ = os.RemoveAll(filepath.Join(temp, e.Name())) // another user's stays
		}
	}
}

// use marks the tree as used now, and lays it out again where another process has removed it meanwhile.
func (t *Tree) use() error {
	if touch(t.Dir) {
		return nil
	}
	return t.write()
}

// sweep removes the trees in a cache folder that were not used for long, and the least recently used of too
// many, except the one to keep. What cannot be removed is left for the next time.
func sweep(cache, keep string) {
	entries, _ := os.ReadDir(cache)
	var trees []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.IsDir() && strings.HasPrefix(e.Name(), "tree-") && e.Name() != keep {
			trees = append(trees, info)
		}
	}
	slices.SortFunc(trees, func(x, y fs.FileInfo) int { return y.ModTime().Compare(x.ModTime()) })
	for i, info := range trees {
		if age := time.Since(info.ModTime()); age > treeAge || i+1 >= maxTrees && age > busyAge {
			fell(cache, info)
		}
	}
	for _, e := range entries {
		name := e.Name()
		switch tree := treeOf(name); {
		case strings.HasPrefix(name, fallen): // somebody was interrupted
			os.RemoveAll(filepath.Join(cache, name))
		case tree != "" && !stands(filepath.Join(cache, tree)):
			os.RemoveAll(filepath.Join(cache, name))
		}
	}
}

// fell removes a tree. It is moved away first, whole, so that nobody finds half of it; one that somebody has
// begun to use meanwhile is put back.
func fell(cache string, was fs.FileInfo) {
	dir, away := filepath.Join(cache, was.Name()), filepath.Join(cache, fallen+was.Name())
	if os.Rename(dir, away) != nil {
		return
	}
	if now, err := os.Stat(away); err == nil && now.ModTime().After(was.ModTime()) && os.Rename(away, dir) == nil {
		return
	}
	os.RemoveAll(away)
}

// treeOf is the name of the tree that something in a cache folder was made for: export data or a marker; ""
// for everything else.
func treeOf(name string) string {
	if rest, ok := strings.CutPrefix(name, "export-"); ok {
		if i := strings.LastIndex(rest, "tree-"); i >= 0 {
			return rest[i:]
		}
	}
	if rest, ok := strings.CutPrefix(name, "warm-"); ok {
		return "tree-" + strings.TrimSuffix(rest[strings.LastIndex(rest, "-")+1:], ".json")
	}
	return ""
}

func stands(dir string) bool {
	_, err := os.Stat(dir)
	return err == nil
}
