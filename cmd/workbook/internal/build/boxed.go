package build

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/check"
)

// Builds in a box.
//
// A compiler runs nothing of what it compiles, cgo being refused by package policy, so what a build's box
// is for is bounds: a few hundred bytes of Go can keep a compiler busy for days, or have it fill the
// memory. Whatever is in a box gets Wall to be built, and memory as package box says. It reads the
// caches and cannot write them (trap 9: a cached package that is changed is believed later): what is
// worth keeping is put there from outside, when the compiler has ended.
//
// A build without a box, on the learner's own machine, has bounds too, wider ones: the go command may have
// to compile packages of the standard library there, and the machine is busy with the learner's own work.

// These are what a build gets where nothing else is said: in a box, and without one.
const (
	defaultWall = 30 * time.Second
	openWall    = time.Minute
)

// openMemory and openFile are the bounds of each compiler without a box, where the system knows such.
const (
	openMemory = 2 << 30
	openFile   = 256 << 20
)

// maxWords bounds what is read of a compiler's output.
const maxWords = 256 << 10

// errWall is the cause of a context that ended because a build took too long.
var errWall = errors.New("the build took too long")

// bounded returns a context for all that is built of a unit.
func (b *Builder) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, b.limit(), errWall)
}

// boundedTogether returns a context for all that is built of several units. Without a box none of them has
// been tried, and each may take its time.
func (b *Builder) boundedTogether(ctx context.Context, units int) (context.Context, context.CancelFunc) {
	if b.box == box.Open {
		return context.WithTimeoutCause(ctx, b.limit()*time.Duration(units), errWall)
	}
	return b.bounded(ctx)
}

// limit is how long a unit may be built.
func (b *Builder) limit() time.Duration {
	if b.box == box.Open {
		return cmp.Or(b.wall, openWall)
	}
	return cmp.Or(b.wall, defaultWall)
}

// run runs a compiler, or the go command, in the builder's box; work is the folder that it writes in.
func (b *Builder) run(cmd *exec.Cmd, work string) error {
	in, err := b.spec(work).Enclose(cmd)
	if err != nil {
		return err
	}
	g, err := Start(cmd)
	in.Started()
	if err != nil {
		return err
	}
	if b.box == box.Open {
		g.Hold(openMemory, openFile)
	}
	err = g.Wait()
	if fault := in.Err(); fault != nil {
		return fault
	}
	return err
}

// spec says what a build needs: the toolchain, the caches and the tree to read, work to write in.
func (b *Builder) spec(work string) box.Spec {
	t := b.Tool
	read := []string{t.Root, t.Tools, b.cache, b.Tree.Dir, t.Cache, t.ModCache, filepath.Dir(t.Go), filepath.Dir(cmp.Or(t.CC, t.Go))}
	read = slices.DeleteFunc(read, func(name string) bool { return !filepath.IsAbs(name) || name == "/" })
	return box.Spec{Tier: b.box, Build: true, Dir: work, Scratch: work, Read: read}
}

// inWork is what a build in a box sees of the world beside the toolchain's own: it may write in its
// folder alone. Without a home the go command keeps no telemetry, for which it would start a session; an
// index of packages that it cannot write is an error to it, while other entries of its cache are not.
func (b *Builder) inWork(work string) []string {
	if b.box == box.Open {
		return nil
	}
	return []string{"TMPDIR=" + work, "HOME=", "XDG_CONFIG_HOME=", "GODEBUG=goindex=0", "GOCACHE=" + b.Tool.Cache, "GOMODCACHE=" + b.Tool.ModCache}
}

// words keeps the beginning of what a compiler prints.
type words struct{ bytes.Buffer }

// Write implements io.Writer. It never fails.
func (w *words) Write(p []byte) (int, error) {
	w.Buffer.Write(p[:min(len(p), maxWords-w.Len())])
	return len(p), nil
}

// Try compiles a submission, alone and under the bounds, before anything else looks at it: a type-checker
// in this process could not be stopped, nor kept from filling the memory. Without a box, where all come from
// one person who waits, only those are tried that look as if they were too much. It returns a *CompileError
// for what the compiler says, nil where there is nothing to try or to say.
func (b *Builder) Try(ctx context.Context, u Unit) error {
	if b.box == box.Open && !check.Heavy(u.Files) || b.compiles(u) {
		return nil
	}
	if err := b.Tree.use(); err != nil {
		return trouble(err)
	}
	work, err := os.MkdirTemp("", "workbook-try-")
	if err != nil {
		return trouble(fmt.Errorf("making a folder for the build: %w", err))
	}
	defer os.RemoveAll(work)
	j := job{Unit: u, files: u.Files, work: work}
	overlay, err := b.overlay(j)
	if err != nil {
		return trouble(fmt.Errorf("writing the submission for the build: %w", err))
	}
	ctx, cancel := b.bounded(ctx)
	defer cancel()
	text, err := b.trial(ctx, j, overlay, b.parts())
	if err != nil && strings.Contains(text, "could not import ") { // a package that is no part
		text, err = b.trial(ctx, j, overlay, "")
	}
	if err != nil {
		return b.judge(ctx, j, text, err)
	}
	b.partsMu.Lock()
	defer b.partsMu.Unlock()
	b.tried.put(b.binaryPath(u, u.Files), true)
	return nil
}

// trial compiles a submission alone, with the parts or, where there are none, by the go command. It has
// the compiler say all that is wrong, as go/types does in what follows: a mistake that stops the
// compiler early must not hide from it what would keep others busy.
func (b *Builder) trial(ctx context.Context, j job, overlay, parts string) (string, error) {
	out := filepath.Join(j.work, "x.x")
	cmd := exec.CommandContext(ctx, b.Tool.Go, "build", "-race", Lean, "-gcflags=-dwarf=false -e", "-overlay", overlay, "-o", out, "./"+j.Exercise.Dir)
	if parts != "" {
		config := filepath.Join(j.work, "importcfg")
		if err := os.WriteFile(config, []byte(parts), 0o666); err != nil {
			return "", trouble(fmt.Errorf("writing the submission for the build: %w", err))
		}
		args := append([]string{"-e", "-o", out}, b.flags(j, "workbook/"+j.Exercise.Dir, config)...)
		for _, name := range slices.Sorted(maps.Keys(j.files)) {
			args = append(args, filepath.Join(j.work, filepath.FromSlash(name)))
		}
		cmd = exec.CommandContext(ctx, filepath.Join(b.Tool.Tools, "compile"), args...)
	}
	var text words
	cmd.Dir, cmd.Stdout, cmd.Stderr = b.Tree.Dir, &text, &text
	cmd.Env = slices.Concat(b.Tool.Env, []string{seldom, "PWD=" + b.Tree.Dir}, b.inWork(j.work))
	err := b.run(cmd, j.work)
	return text.String(), err
}

// exhausted are the words of a compiler that met the box's limits, or its own.
var exhausted = []string{"out of memory", "cannot allocate memory", "stack overflow", "goroutine stack exceeds", "File size limit exceeded", "file too large", "signal: killed", "symbol too large", "too much data", "internal compiler error"}

// judge turns the end of a build into the error that it means.
func (b *Builder) judge(ctx context.Context, j job, text string, err error) error {
	if context.Cause(ctx) == errWall {
		return &CompileError{Limit: fmt.Sprintf("your program was not compiled after %s: the compiler was ended", b.limit())}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	if exit.ExitCode() < 0 || slices.ContainsFunc(exhausted, func(s string) bool { return strings.Contains(text, s) }) {
		return &CompileError{Limit: "your program was too much for the compiler, which ran out of memory or gave up"}
	}
	return b.explain(j, text, err)
}
