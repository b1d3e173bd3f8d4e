package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Programs that are built together.
//
// Nine tenths of a small program's build are what every program has: the tests' main, and linking the
// standard library. Together links several submissions of one exercise, each with its own copy of the
// hidden tests, into one binary; the harness is told which of them a process is about. Each is a package
// with an import path of its own, named after its number, and its files keep their names.
//
// Every process of such a binary holds them all, so only programs of which nothing runs unasked may be
// built together (check.Package.Inert): the caller sees to that. What the scheduler must know of a program
// is registered when it is chosen, and not when the process starts.

// part says which program of which binary a unit is.
type part struct {
	binary string
	number int // from 1
}

// partPath is what stands before the import paths of a part's packages, in place of "workbook/".
func partPath(number int) string { return fmt.Sprintf("workbook/part%d", number) }

// Together builds one binary of several units of one exercise, none of which may run anything before one of
// its functions is called. Build finds them then. What does not compile, or cannot be built like that, is
// left for Build: the error is the context's alone.
func (b *Builder) Together(ctx context.Context, units []Unit) error {
	if len(units) < 2 || b.parts() == "" || b.Tree.use() != nil {
		return ctx.Err()
	}
	work, err := os.MkdirTemp("", "workbook-build-")
	if err != nil {
		return ctx.Err()
	}
	defer os.RemoveAll(work)
	bounded, cancel := b.boundedTogether(ctx, len(units))
	defer cancel()
	t := &together{b: b, ctx: bounded, work: work}
	if t.gather(units); len(t.parts) < 2 {
		return ctx.Err()
	}
	binary := t.binary()
	if !touch(binary) { // where it is, an earlier build of the same units had all of them in it
		if t.compile(); len(t.parts) < 2 {
			return ctx.Err()
		}
		binary = t.binary()
		if err := t.link(binary); err != nil {
			return ctx.Err()
		}
	}
	b.partsMu.Lock()
	defer b.partsMu.Unlock()
	for _, p := range t.parts {
		b.partOf.put(p.alone, part{binary, p.number})
	}
	prune(filepath.Dir(binary), maxBinaries)
	return ctx.Err()
}

// compiles reports whether Try has had nothing against a unit before.
func (b *Builder) compiles(u Unit) bool {
	b.partsMu.Lock()
	defer b.partsMu.Unlock()
	ok, _ := b.tried.get(b.binaryPath(u, u.Files))
	return ok
}

// found returns the part whose own binary would have a path.
func (b *Builder) found(alone string) (part, bool) {
	b.partsMu.Lock()
	defer b.partsMu.Unlock()
	p, ok := b.partOf.get(alone)
	return p, ok && touch(p.binary)
}

// together is one build of several units.
type together struct {
	b     *Builder
	ctx   context.Context
	work  string
	parts []*compiled
}

// compiled is a unit on its way into the binary.
type compiled struct {
	direction
	number     int
	alone      string // the path of the binary that it would have alone
	own, tests object
	register   []string // calls that tell the scheduler of it, in the order in which they must run
	ok         bool
}

// gather takes the units that are not built yet.
func (t *together) gather(units []Unit) {
	seen := map[string]bool{}
	for _, u := range units {
		files, err := t.b.sources(u)
		if err != nil || u.NoRace {
			continue
		}
		alone := t.b.binaryPath(u, files)
		if _, shared := t.b.found(alone); shared || seen[alone] || touch(alone) {
			continue
		}
		seen[alone] = true
		p := &compiled{number: len(t.parts) + 1, alone: alone}
		if p.lazily(u, files) {
			p.direction = t.direction(u, files, p.number)
			t.parts = append(t.parts, p)
		}
	}
}

// direction is a part's own build, up to linking.
func (t *together) direction(u Unit, files map[string][]byte, number int) direction {
	dir := u.Exercise.Dir
	d := direction{b: t.b, ctx: t.ctx, path: partPath(number) + "/" + dir}
	d.job = job{Unit: u, files: files, work: filepath.Join(t.work, fmt.Sprint(number))}
	d.parts = t.b.parts() + fmt.Sprintf("importmap workbook/%s=%s\n", dir, d.path)
	d.divide(files)
	return d
}

// generated are the files that register a program with the scheduler, by the functions that do so in a
// binary of several programs. They run in this order, as they would when the process starts.
var generated = []struct{ file, function string }{
	{"zz_wbreset.go", "own.WorkbookReset"}, {"zz_wbsites.go", "own.WorkbookSites"},
	{"zz_wbreset_test.go", "tests.WorkbookReset"}, {"zz_wbsites_test.go", "tests.WorkbookSites"},
}

var initHead = []byte("\nfunc init() {")

// lazily makes functions of the init functions in a unit's generated files. It reports whether there is no
// other init function.
func (p *compiled) lazily(u Unit, files map[string][]byte) bool {
	for _, g := range generated {
		name := path.Join(u.Exercise.Dir, g.file)
		src, ok := files[name]
		if !ok {
			continue
		}
		if bytes.Count(src, initHead) != 1 {
			return false
		}
		_, function, _ := strings.Cut(g.function, ".")
		files[name] = bytes.Replace(src, initHead, []byte("\nfunc "+function+"() {"), 1)
		p.register = append(p.register, g.function)
	}
	for name, src := range files {
		if path.Dir(name) != u.Exercise.Dir || path.Ext(name) != ".go" || bytes.Contains(src, initHead) {
			return false
		}
	}
	return true
}

// compile compiles every part, and drops those that do not compile.
func (t *together) compile() {
	queue := make(chan *compiled)
	var wg sync.WaitGroup
	for range max(1, runtime.NumCPU()/2) { // other programs are run meanwhile
		wg.Go(func() {
			for p := range queue {
				p.ok = p.compilePart() == nil
			}
		})
	}
	for _, p := range t.parts {
		queue <- p
	}
	close(queue)
	wg.Wait()
	t.parts = slices.DeleteFunc(t.parts, func(p *compiled) bool { return !p.ok })
}

func (p *compiled) compilePart() error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	if _, err := p.b.overlay(p.job); err != nil {
		return err
	}
	in := func(name string) string { return filepath.Join(p.job.work, name) }
	p.own = object{p.path, in("own.x"), in("own.o")}
	p.tests = object{p.path + "_test", in("tests.x"), in("tests.o")}
	if err := p.direction.compile(p.own, p.sources(p.direction.own), nil); err != nil {
		return err
	}
	return p.direction.compile(p.tests, p.sources(p.direction.tests), []object{p.own})
}

// binary is where the binary of exactly these parts is kept.
func (t *together) binary() string {
	h := sha256.New()
	for _, p := range t.parts {
		fmt.Fprintln(h, p.number, p.alone)
	}
	return filepath.Join(t.b.cache, "bin", t.parts[0].job.Exercise.Name+"-together-"+hex.EncodeToString(h.Sum(nil))[:24])
}

// link makes the binary of all parts.
func (t *together) link(binary string) error {
	d := direction{b: t.b, ctx: t.ctx, parts: t.b.parts(), job: job{work: t.work, binary: binary}}
	var objects []object
	for _, p := range t.parts {
		objects = append(objects, p.own, p.tests)
	}
	start, err := d.start()
	if err != nil {
		return err
	}
	objects = append(objects, start)
	source := filepath.Join(t.work, "main.go")
	if err := os.WriteFile(source, t.main(t.parts[0].job.Exercise.Names), 0o666); err != nil {
		return err
	}
	main := object{"main", filepath.Join(t.work, "main.x"), filepath.Join(t.work, "main.o")}
	if err := d.compile(main, []string{source}, objects); err != nil {
		return err
	}
	return d.link(main.link, objects)
}

// main is the program of several parts: that of one, with a choice of its tests.
func (t *together) main(tests []string) []byte {
	var imports, names, cases strings.Builder
	for _, test := range tests {
		fmt.Fprintf(&names, "\t\t{Name: %q},\n", test)
	}
	for _, p := range t.parts {
		own := "_"
		if slices.ContainsFunc(p.register, func(call string) bool { return strings.HasPrefix(call, "own.") }) {
			own = fmt.Sprintf("own%d", p.number)
		}
		fmt.Fprintf(&imports, "\t%s %q\n\ttests%d %q\n", own, p.own.path, p.number, p.tests.path)
		fmt.Fprintf(&cases, "\t\tcase %d:\n", p.number)
		for _, call := range p.register {
			fmt.Fprintf(&cases, "\t\t\t%s()\n", strings.Replace(call, ".", fmt.Sprintf("%d.", p.number), 1))
		}
		for i, test := range tests {
			fmt.Fprintf(&cases, "\t\t\ttests[%d].F = tests%d.%s\n", i, p.number, test)
		}
	}
	return fmt.Appendf(nil, `package main

import (
	"os"
	"testing"

%s	"%s"
)

func main() {
	tests := []testing.InternalTest{
%s	}
	os.Exit(start.Tests(tests, func(part int) {
		switch part {
%s		}
	}))
}
`, imports.String(), startPath, names.String(), cases.String())
}
