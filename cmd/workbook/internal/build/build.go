// Package build makes hidden-test binaries in a tree of its own.
//
// The learner's module, environment and settings have no part in it: the tree in the cache folder
// holds the grader's go.mod, the harness and the course's test kit, and an overlay puts the
// submission and the hidden tests in it.
package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/course"
)

// Builder builds hidden-test binaries. It is safe for use by several goroutines, and several
// processes may share its cache folder.
type Builder struct {
	Tool  *Toolchain
	Tree  *Tree
	cache string
	fsys  fs.FS
	box   box.Tier
	wall  time.Duration

	partsMu sync.Mutex // guards what follows
	partOf  *recent[part]
	tried   *recent[bool] // submissions that compile, by binaryPath of their own files
}

// Config is what a Builder needs.
type Config struct {
	Tool     *Toolchain
	Cache    string // the workbook's cache folder
	Course   fs.FS
	Requires []Require
	Box      box.Tier      // what submissions are compiled in
	Wall     time.Duration // how long that may take; 0 means half a minute in a box, a minute without
}

// New returns a Builder with its tree laid out.
func New(c Config) (*Builder, error) {
	tree, err := newTree(c.Cache, c.Course, c.Requires)
	if err != nil {
		return nil, trouble(err)
	}
	return &Builder{Tool: c.Tool, Tree: tree, cache: c.Cache, fsys: c.Course, box: c.Box, wall: c.Wall, partOf: newRecent[part](remembered), tried: newRecent[bool](remembered)}, nil
}

// Unit is what one binary is made of.
type Unit struct {
	Exercise *course.Exercise
	Files    map[string][]byte // the submission, by workspace-relative name
	Extra    map[string][]byte // further files by tree-relative name; they replace those of the same name
	NoRace   bool              // build without the race detector

	// Scheduled says that Extra holds the submission and the hidden tests rewritten for the scheduler.
	Scheduled bool
}

// Binary is a hidden-test binary.
type Binary struct {
	Path   string
	Part   int      // of a binary of several programs, which one; 0 for a binary of one
	Tree   string   // what stands before workspace-relative names in its reports
	Names  []string // further prefixes in its reports, each followed by what to show in its place
	Dir    string   // where its tests run; "" means an empty folder for each
	Timers bool     // a timer, a signal or a finalizer may wake one of its goroutines
	Cached bool     // it was there before

	Scheduled bool // its tests can be run under the scheduler
	Canary    bool // it must show after a test that the race detector still reports
}

// Build returns the binary of a unit. What the compiler says of the submission comes as a
// *CompileError, what the learner must mend on the machine as a *Trouble.
func (b *Builder) Build(ctx context.Context, u Unit) (*Binary, error) {
	files, err := b.sources(u)
	if err != nil {
		return nil, err
	}
	bin := &Binary{Path: b.binaryPath(u, files), Tree: b.Tree.Dir, Timers: b.usesTimers(u), Scheduled: u.Scheduled, Canary: !u.NoRace}
	if p, ok := b.found(bin.Path); ok {
		bin.Path, bin.Part, bin.Names, bin.Cached = p.binary, p.number, []string{partPath(p.number), "workbook/"}, true
		return bin, nil
	}
	if touch(bin.Path) {
		bin.Cached = true
		return bin, nil
	}
	if err := b.Tree.use(); err != nil {
		return nil, trouble(err)
	}
	work, err := os.MkdirTemp("", "workbook-build-")
	if err != nil {
		return nil, trouble(fmt.Errorf("making a folder for the build: %w", err))
	}
	defer os.RemoveAll(work)
	ctx, cancel := b.bounded(ctx)
	defer cancel()
	if err := b.compile(ctx, job{u, files, work, bin.Path}); err != nil {
		return nil, err
	}
	prune(filepath.Dir(bin.Path), maxBinaries)
	return bin, nil
}

// sources returns every file of the overlay by its tree-relative name.
func (b *Builder) sources(u Unit) (map[string][]byte, error) {
	ex := u.Exercise
	if len(ex.Names) == 0 {
		return nil, fmt.Errorf("exercise %s has no hidden tests", ex.Name)
	}
	hidden, err := HiddenTests(ex)
	if err != nil {
		return nil, err
	}
	files := maps.Clone(u.Files)
	if files == nil {
		files = map[string][]byte{}
	}
	files[HiddenFile(ex)] = hidden
	for name, src := range generate(ex.Name, ex.Names, u.Scheduled) {
		files[path.Join(ex.Dir, name)] = src
	}
	maps.Copy(files, u.Extra)
	return files, nil
}

// usesTimers looks at what was written by people, not at what was rewritten.
func (b *Builder) usesTimers(u Unit) bool {
	files := maps.Clone(u.Files)
	if files == nil {
		files = map[string][]byte{}
	}
	files[HiddenFile(u.Exercise)], _ = HiddenTests(u.Exercise)
	return b.Tree.usesTimers(files)
}

// HiddenFile is the name of an exercise's hidden tests in the tree, and so in every report.
func HiddenFile(ex *course.Exercise) string { return path.Join(ex.Dir, path.Base(ex.TestFile)) }

// binaryPath is where the binary of these files is kept: equal files, equal toolchain, equal path.
func (b *Builder) binaryPath(u Unit, files map[string][]byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %s %v\n", b.Tree.Hash, b.Tool.Version, b.Tool.CC, u.NoRace)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%q %d\n", name, len(files[name]))
		h.Write(files[name])
	}
	name := u.Exercise.Name + "-" + hex.EncodeToString(h.Sum(nil))[:24]
	if b.Tool.OS == "windows" {
		name += ".exe"
	}
	return filepath.Join(b.cache, "bin", name)
}

// job is one run of `go test -c`.
type job struct {
	Unit
	files  map[string][]byte
	work   string // a folder for this build alone
	binary string
}

func (b *Builder) compile(ctx context.Context, j job) error {
	overlay, err := b.overlay(j)
	if err != nil {
		return trouble(fmt.Errorf("writing the submission for the build: %w", err))
	}
	if b.direct(ctx, j) {
		return nil
	}
	out := filepath.Join(j.work, "test.exe")
	args := []string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay", overlay, "-o", out}
	if !j.NoRace {
		args = append(args, "-race", Lean)
	}
	var text words
	cmd := exec.CommandContext(ctx, b.Tool.Go, append(args, "./"+j.Exercise.Dir)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = b.Tree.Dir, &text, &text
	cmd.Env = slices.Concat(b.Tool.Env, []string{seldom, "PWD=" + b.Tree.Dir}, b.inWork(j.work))
	if err := b.run(cmd, j.work); err != nil {
		return b.judge(ctx, j, text.String(), err)
	}
	return trouble(install(out, j.binary))
}

// overlay writes the files to the work folder and returns the overlay's file.
func (b *Builder) overlay(j job) (string, error) {
	return lay(j.work, j.files, func(name string) string { return filepath.Join(b.Tree.Dir, filepath.FromSlash(name)) })
}

// lay writes files to a work folder, by their slash-separated names, and returns the overlay's file that
// puts each in its place.
func lay(work string, files map[string][]byte, place func(name string) string) (string, error) {
	replace := map[string]string{}
	for name, src := range files {
		file := filepath.Join(work, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return "", err
		}
		if err := os.WriteFile(file, src, 0o666); err != nil {
			return "", err
		}
		replace[place(name)] = file
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(work, "overlay.json")
	return file, os.WriteFile(file, data, 0o666)
}

// Lean is the go command's flag that leaves out what debuggers read. Nobody debugs a hidden-test binary, and
// linking one takes a quarter less. The standard library is compiled once more for it.
const Lean = "-gcflags=all=-dwarf=false"

// seldom makes the compiler and the linker collect garbage seldom: one small package costs a fifth less
// processor time so, and ends below 100 MB all the same.
const seldom = "GOGC=400"

// command runs the go command in the tree, for little work, and returns what it printed.
func (b *Builder) command(ctx context.Context, args ...string) (string, error) {
	var out bytes.Buffer
	err := b.Tool.Run(ctx, Command{Dir: b.Tree.Dir, Args: args, Env: []string{seldom}, Stdout: &out, Stderr: &out})
	return out.String(), err
}

// Command is one invocation of the go command.
type Command struct {
	Dir            string
	Args           []string
	Env            []string // beside the toolchain's own
	Stdout, Stderr io.Writer
}

// Run runs the go command. When the context ends, everything that it has started ends with it.
func (t *Toolchain) Run(ctx context.Context, c Command) error {
	cmd := exec.CommandContext(ctx, t.Go, c.Args...)
	cmd.Dir, cmd.Env = c.Dir, slices.Concat(t.Env, c.Env, []string{"PWD=" + c.Dir})
	cmd.Stdout, cmd.Stderr = c.Stdout, c.Stderr
	g, err := Start(cmd)
	if err != nil {
		return err
	}
	return g.Wait()
}

// install moves a finished binary to its place; the folders may be on different disks.
func install(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return fmt.Errorf("keeping the binary: %w", err)
	}
	if os.Rename(from, to) == nil {
		return nil
	}
	data, err := os.ReadFile(from)
	if err == nil {
		err = writeAtomic(to, data)
	}
	if err == nil {
		err = os.Chmod(to, 0o777)
	}
	if err != nil {
		return fmt.Errorf("keeping the binary: %w", err)
	}
	return nil
}

const (
	maxBinaries = 64
	maxAge      = 14 * 24 * time.Hour
	minAge      = 10 * time.Minute // a younger one may be running
)

// prune removes files that were not used for long, and the least recently used of too many. What
// another process has removed already, or holds open, is no trouble.
func prune(dir string, most int) {
	entries, _ := os.ReadDir(dir)
	infos := make([]fs.FileInfo, 0, len(entries))
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			infos = append(infos, info)
		}
	}
	slices.SortFunc(infos, func(x, y fs.FileInfo) int { return y.ModTime().Compare(x.ModTime()) })
	for i, info := range infos {
		age := time.Since(info.ModTime())
		if age > maxAge || i >= most && age > minAge {
			os.Remove(filepath.Join(dir, info.Name()))
		}
	}
}
