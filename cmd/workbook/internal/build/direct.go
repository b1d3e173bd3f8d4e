package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// direct builds a binary by the compiler and the linker alone, in half the time that the go command
// takes: it does not look for what has changed, links no part of `go test` that no hidden test uses, and
// takes over the compiled tests where nothing that they see of the submission has changed. It reports
// whether it did: where it does not know how, and where anything fails, the go command is to build, and
// its words are the ones that count.
func (b *Builder) direct(ctx context.Context, j job) bool {
	parts := b.parts()
	if parts == "" || j.NoRace {
		return false
	}
	d := direction{b: b, ctx: ctx, job: j, parts: parts, path: "workbook/" + j.Exercise.Dir}
	for name := range j.files {
		if path.Dir(name) != j.Exercise.Dir || path.Ext(name) != ".go" {
			return false
		}
	}
	d.divide(j.files)
	return d.build() == nil
}

// divide tells the submission's files from those of its tests.
func (d *direction) divide(files map[string][]byte) {
	for name := range files {
		switch {
		case path.Base(name) == mainFile:
		case strings.HasSuffix(name, "_test.go"):
			d.tests = append(d.tests, name)
		default:
			d.own = append(d.own, name)
		}
	}
	slices.Sort(d.tests)
	slices.Sort(d.own)
}

// direction is one direct build.
type direction struct {
	b          *Builder
	ctx        context.Context
	job        job
	parts      string   // what every importcfg begins with
	path       string   // the submission's import path
	own, tests []string // names of files
}

// object is a compiled package: what its importers and what the linker need of it.
type object struct{ path, export, link string }

func (d *direction) build() error {
	own := object{d.path, filepath.Join(d.job.work, "own.x"), filepath.Join(d.job.work, "own.o")}
	if err := d.compile(own, d.sources(d.own), nil); err != nil {
		return err
	}
	tests, err := d.kept(d.path+"_test", d.sources(d.tests), []object{own})
	if err != nil {
		return err
	}
	source := filepath.Join(d.job.work, "main.go")
	if err := os.WriteFile(source, testMain(d.path, d.job.Exercise.Names), 0o666); err != nil {
		return err
	}
	start, err := d.start()
	if err != nil {
		return err
	}
	main, err := d.kept("main", []string{source}, []object{own, tests, start})
	if err != nil {
		return err
	}
	return d.link(main.link, []object{own, tests, start})
}

// sources are where the named files lie.
func (d *direction) sources(names []string) []string {
	files := make([]string, len(names))
	for i, name := range names {
		files[i] = filepath.Join(d.job.work, filepath.FromSlash(name))
	}
	return files
}

// kept compiles a package, or takes it over from an earlier build of the same files with the same
// exports of what they import.
func (d *direction) kept(importPath string, files []string, imports []object) (object, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", importPath, d.parts)
	for _, file := range slices.Concat(files, exports(imports)) {
		data, err := os.ReadFile(file)
		if err != nil {
			return object{}, err
		}
		fmt.Fprintf(h, "%s %d\n", filepath.Base(file), len(data))
		h.Write(data)
	}
	base := filepath.Join(d.b.cache, "compiled", hex.EncodeToString(h.Sum(nil))[:32])
	o := object{importPath, base + ".x", base + ".o"}
	if d.has(o) {
		return o, nil
	}
	fresh := object{importPath, filepath.Join(d.job.work, path.Base(importPath)+".x"), filepath.Join(d.job.work, path.Base(importPath)+".o")}
	if err := d.compile(fresh, files, imports); err != nil {
		return object{}, err
	}
	if err := install(fresh.link, o.link); err != nil {
		return object{}, err
	}
	prune(filepath.Dir(base), 4*maxBinaries)
	return o, install(fresh.export, o.export) // last: where it is, the other is too
}

// has reports whether a kept package is there, and keeps it from being removed soon.
func (d *direction) has(o object) bool { return touch(o.export) && touch(o.link) }

func exports(objects []object) []string {
	var files []string
	for _, o := range objects {
		files = append(files, o.export)
	}
	return files
}

func (d *direction) compile(to object, files []string, imports []object) error {
	config, err := d.config("importcfg", imports, func(o object) string { return o.export })
	if err != nil {
		return err
	}
	return d.tool("compile", slices.Concat([]string{"-o", to.export, "-linkobj", to.link}, d.b.flags(d.job, to.path, config), files)...)
}

// flags are what the compiler is told of every package of a job.
func (b *Builder) flags(j job, importPath, config string) []string {
	return []string{
		"-p", importPath, "-trimpath", j.work + "=>" + b.Tree.Dir, "-lang=" + MinGo, "-complete", "-installsuffix", "race", "-race",
		"-dwarf=false", "-nolocalimports", "-importcfg", config, "-pack", "-c=2",
	}
}

func (d *direction) link(main string, imports []object) error {
	config, err := d.config("importcfg.link", imports, func(o object) string { return o.link })
	if err != nil {
		return err
	}
	out := filepath.Join(d.job.work, "direct.exe")
	err = d.tool("link", "-o", out, "-importcfg", config, "-installsuffix", "race", "-buildmode=exe", "-race", "-s", "-w",
		"-X", "testing.testBinary=1", "-extld="+d.b.Tool.CC, main)
	if err != nil {
		return err
	}
	return install(out, d.job.binary)
}

// config writes a file that says where compiled packages are.
func (d *direction) config(name string, imports []object, file func(object) string) (string, error) {
	text := d.parts
	for _, o := range imports {
		text += fmt.Sprintf("packagefile %s=%s\n", o.path, file(o))
	}
	config := filepath.Join(d.job.work, name)
	return config, os.WriteFile(config, []byte(text), 0o666)
}

// tool runs the compiler or the linker.
func (d *direction) tool(name string, args ...string) error {
	cmd := exec.CommandContext(d.ctx, filepath.Join(d.b.Tool.Tools, name), args...)
	cmd.Dir, cmd.Env = d.b.Tree.Dir, slices.Concat(d.b.Tool.Env, []string{seldom, "PWD=" + d.b.Tree.Dir}, d.b.inWork(d.job.work))
	return d.b.run(cmd, d.job.work)
}
