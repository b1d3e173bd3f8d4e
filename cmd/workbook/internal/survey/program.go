package survey

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/build"
)

// program is the tests of one package as programs that can be run.
type program struct {
	*Survey
	target *target
	work   string // a folder for its files
	root   string // the name of the folder of the harness and the scheduler's runtime in the module

	free      *build.Binary // as it is written
	scheduled *build.Binary // rewritten for the scheduler; nil where that cannot be
	notes     []string      // why, or what of it is left as it is
	hash      [sha256.Size]byte

	loaded *loader // nil where its types are not known
	reach  *reach
}

// build makes the binaries.
func (p *program) build(ctx context.Context) error {
	base, err := p.base()
	if err != nil {
		return err
	}
	if p.free, err = p.binary(ctx, "free", p.overlay(base, nil)); err != nil {
		return err
	}
	if p.loaded, err = p.load(ctx, p.target); err != nil {
		p.notes = append(p.notes, unexplored(err.Error()))
		p.free.Timers = true
		return ctx.Err()
	}
	p.reach = newReach(p.loaded, p.shown)
	p.free.Timers = p.timers()
	if !runsOnly(p.target.testMain) {
		p.notes = append(p.notes, unexplored("TestMain does more than run the tests, once for all schedules"))
		return nil
	}
	files, err := p.rewrite()
	if err != nil {
		p.notes = append(p.notes, unexplored(err.Error()))
		return nil
	}
	p.hash = p.sum(files)
	p.scheduled, err = p.binary(ctx, "scheduled", p.overlay(base, files))
	if e := (*build.CompileError)(nil); errors.As(err, &e) {
		p.notes = append(p.notes, unexplored("the rewritten program does not compile: "+p.first(e)))
		return nil
	}
	if p.scheduled != nil {
		p.scheduled.Timers = p.free.Timers
	}
	return err
}

// first is the first thing that the compiler says.
func (p *program) first(e *build.CompileError) string {
	d := e.Diags[0]
	if d.File == "" {
		return d.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.shown(d.File), d.Line, d.Text)
}

func unexplored(why string) string { return "Schedules were not explored: " + why + "." }

// base is what every binary needs beside the package: the harness and the scheduler's runtime, in a folder
// that the module does not have.
func (p *program) base() (map[string][]byte, error) {
	p.root = "zzworkbook"
	for i := 2; exists(filepath.Join(p.target.Module.Dir, p.root)); i++ {
		p.root = fmt.Sprintf("zzworkbook%d", i)
	}
	sources, err := build.OwnSources()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for name, src := range sources {
		files[filepath.Join(p.target.Module.Dir, p.root, filepath.FromSlash(name))] = src
	}
	return files, nil
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// rootPath is the import path of that folder.
func (p *program) rootPath() string { return p.target.Module.Path + "/" + p.root }

// overlay is all files of a binary: rewritten are those for the scheduler, nil for the program as it is
// written.
func (p *program) overlay(base, rewritten map[string][]byte) map[string][]byte {
	t := p.target
	files := maps.Clone(base)
	main := build.OwnMain{Package: t.Name, Root: p.rootPath(), Scheduled: rewritten != nil}
	external := len(t.TestGoFiles) == 0
	if t.testMain != nil {
		main.TestMain = ownMain
		files[t.mainFile] = t.renamed(t.mainFile, t.sources[t.mainFile])
		external = slices.Contains(t.XTestGoFiles, filepath.Base(t.mainFile))
	}
	if rewritten != nil {
		main.TestMain = "" // it does nothing of its own
		maps.Copy(files, rewritten)
	}
	if external {
		main.Package += "_test"
	}
	files[filepath.Join(t.Dir, "zz_workbook_test.go")] = main.Source()
	return files
}

// binary builds one binary.
func (p *program) binary(ctx context.Context, name string, files map[string][]byte) (*build.Binary, error) {
	work := filepath.Join(p.work, name)
	if err := os.Mkdir(work, 0o700); err != nil {
		return nil, fmt.Errorf("making a folder for the build: %w", err)
	}
	b := &build.Binary{Path: filepath.Join(p.work, name+".test.exe"), Tree: p.c.Dir, Dir: p.target.Dir, Scheduled: name == "scheduled"}
	b.Names = p.names()
	err := p.tool.Own(ctx, build.Own{Package: p.target.ImportPath, Dir: p.c.Dir, Files: files, Flags: p.flags, Work: work, Out: b.Path})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// names are the pairs of a prefix in reports and what people see in its place: for the current folder and
// those around it, up to the module's, each also as it is marked.
func (p *program) names() []string {
	var pairs []string
	root, up := p.target.Module.Dir, ""
	for dir := p.c.Dir; ; dir, up = filepath.Dir(dir), up+"../" {
		rel, err := filepath.Rel(root, dir)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			break // the current folder is outside of the module
		}
		pairs = append(pairs, dir, up, filepath.ToSlash(filepath.Join(moduleMark, rel)), up)
		if rel == "." {
			return pairs
		}
	}
	prefix := p.shown(root) + "/"
	return append(pairs, root, prefix, moduleMark, prefix)
}

// shown is a file's name as seen from the current folder.
func (s *Survey) shown(name string) string {
	if rel, err := filepath.Rel(s.c.Dir, name); err == nil {
		name = rel
	}
	return filepath.ToSlash(name)
}

// moduleMark stands for the module's folder in the tables of sites: they are part of what a schedule's
// string is checked against, which has to hold in every folder and on every machine.
const moduleMark = "zzworkbook-module"

// marked is a file's name in those tables.
func (p *program) marked(name string) string {
	rel, err := filepath.Rel(p.target.Module.Dir, name)
	if err != nil {
		return name
	}
	return moduleMark + "/" + filepath.ToSlash(rel)
}

// timers reports whether something other than a goroutine may wake a goroutine of the tests.
func (p *program) timers() bool {
	files := map[string][]byte{}
	own := map[string]bool{}
	for _, u := range p.loaded.units {
		maps.Copy(files, u.sources)
		own[u.path] = true
	}
	return build.UsesTimers(files, func(path string) bool { return own[path] })
}

// files are the learner's files by the names that they are shown under: those of the package itself, or of
// all packages of the module that are in the binary.
func (p *program) files(all bool) map[string][]byte {
	files := map[string][]byte{}
	if p.loaded != nil {
		for _, u := range p.loaded.units {
			for name, src := range u.sources {
				if all || u.Dir == p.target.Dir {
					files[p.shown(name)] = src
				}
			}
		}
	}
	for name, src := range p.target.sources {
		files[p.shown(name)] = src
	}
	for _, base := range p.target.GoFiles {
		name := filepath.Join(p.target.Dir, base)
		if src, err := os.ReadFile(name); err == nil && files[p.shown(name)] == nil {
			files[p.shown(name)] = src
		}
	}
	return files
}

// sum identifies the rewritten program.
func (p *program) sum(files map[string][]byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		rel, _ := filepath.Rel(p.target.Module.Dir, name)
		fmt.Fprintf(h, "%s %d\n", filepath.ToSlash(rel), len(files[name]))
		h.Write([]byte(strings.ReplaceAll(string(files[name]), p.target.Module.Dir, "")))
	}
	h.Sum(sum[:0])
	return sum
}
