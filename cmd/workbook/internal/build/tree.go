package build

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/schedule"
)

//go:embed harness/*.go
var harness embed.FS

// schedDir is the folder of the scheduler's runtime, and Scheduler its import path in the tree.
const (
	schedDir  = "sched"
	Scheduler = "workbook/" + schedDir
)

// kitDir is the folder of the course's own test kit, which hidden tests may import.
const kitDir = "solutions/kit"

// Tree is the grader's module on disk: what is the same for every submission. The submission, the
// hidden tests and the generated main come in by an overlay and are never written here.
type Tree struct {
	Dir   string
	Hash  string            // of its files
	files map[string][]byte // slash-separated, relative to Dir
}

// Require is a module that the course's kit needs beside the standard library.
type Require struct {
	Path, Version string
	Sums          []string // its lines in go.sum
}

// newTree lays the tree out in the cache folder, or finds it there.
func newTree(cache string, course fs.FS, needs []Require) (*Tree, error) {
	t := &Tree{files: map[string][]byte{}}
	if err := t.collect(course, needs); err != nil {
		return nil, err
	}
	t.Hash = t.sum()
	t.Dir = filepath.Join(cache, "tree-"+t.Hash)
	if real, err := filepath.EvalSymlinks(cache); err == nil {
		t.Dir = filepath.Join(real, "tree-"+t.Hash) // the go command prints real paths
	}
	if err := t.write(); err != nil {
		return t, err
	}
	return t, t.use()
}

// collect reads go.mod, the harness and the kit into files.
func (t *Tree) collect(course fs.FS, needs []Require) error {
	mod, sum := "module workbook\n\ngo "+strings.TrimPrefix(MinGo, "go")+"\n", ""
	for _, r := range needs {
		mod += fmt.Sprintf("\nrequire %s %s\n", r.Path, r.Version)
		sum += strings.Join(r.Sums, "\n") + "\n"
	}
	t.files["go.mod"] = []byte(mod)
	if sum != "" {
		t.files["go.sum"] = []byte(sum)
	}
	if err := t.add(harness, "harness"); err != nil {
		return fmt.Errorf("reading the harness: %w", err)
	}
	for name, src := range schedule.Runtime() {
		t.files[path.Join(schedDir, name)] = src
	}
	if _, err := fs.Stat(course, kitDir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := t.add(course, kitDir); err != nil {
		return fmt.Errorf("reading the course's test kit: %w", err)
	}
	return nil
}

// add reads every Go file below dir, tests left out.
func (t *Tree) add(fsys fs.FS, dir string) error {
	return fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		src, err := fs.ReadFile(fsys, name)
		t.files[name] = src
		return err
	})
}

func (t *Tree) sum() string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(t.files)) {
		fmt.Fprintf(h, "%s %d\n", name, len(t.files[name]))
		h.Write(t.files[name])
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// write writes what is missing or different. Every file appears whole or not at all, so several
// processes may do this at once.
func (t *Tree) write() error {
	for _, name := range slices.Sorted(maps.Keys(t.files)) {
		file := filepath.Join(t.Dir, filepath.FromSlash(name))
		if have, err := os.ReadFile(file); err == nil && bytes.Equal(have, t.files[name]) {
			continue
		}
		if err := writeAtomic(file, t.files[name]); err != nil {
			return fmt.Errorf("writing the grader's tree: %w", err)
		}
	}
	return nil
}

// writeAtomic writes a file so that a reader sees all of it or what was there before.
func writeAtomic(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// packages returns the import paths of the tree's packages.
func (t *Tree) packages() []string {
	dirs := map[string]bool{}
	for name := range t.files {
		if path.Ext(name) == ".go" {
			dirs["workbook/"+path.Dir(name)] = true
		}
	}
	return slices.Sorted(maps.Keys(dirs))
}
