package cell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/course"
)

const (
	buildLimit = 5 * time.Minute // the first -race build compiles the standard library
	maxBuilt   = 300             // binaries kept
)

// built is what became of compiling a program.
type built struct {
	version string
	root    string // GOROOT
	binary  string // "" where there is nothing to run
	class   string // ok, compile-error, vet
	text    string // what the tool says
	dir     string // to be removed, "" for none
}

func (b *built) remove() {
	if b.dir != "" {
		_ = os.RemoveAll(b.dir) // in the system's temporary folder
	}
}

// harness runs the program's main in a bubble. It leaves before package testing says PASS.
const harness = `package main

import (
	os__ "os"
	testing__ "testing"
	synctest__ "testing/synctest"
)

func TestCell__(t *testing__.T) {
	synctest__.Test(t, func(*testing__.T) { main() })
	os__.Exit(0)
}
`

// build compiles the program, or has it vetted. What was compiled before is not compiled again.
func (r *Runner) build(ctx context.Context, p *Program) (*built, error) {
	tool, err := r.toolchain(ctx)
	if err != nil {
		return nil, err
	}
	id := key(tool.Path, tool.Version, tool.Target, string(p.Cell.Engine), strings.Join(p.arguments("out"), " "), harness, string(p.Source))
	file := r.cached("cells", id)
	b := &built{version: tool.Version, root: tool.Root}
	if r.recall(file, b) {
		return b, nil
	}
	dir, err := os.MkdirTemp("", "workbook-cell-")
	if err != nil {
		return nil, fmt.Errorf("making a folder to build in: %w", err)
	}
	b.dir = dir
	if err := r.compile(ctx, tool, p, b); err != nil {
		b.remove()
		return nil, err
	}
	r.remember(file, b)
	return b, nil
}

// arguments are the go command's for the program's engine. There is no -trimpath, which would have
// the standard library compiled once more. With the race detector it is as the grader has it, without what
// debuggers read.
func (p *Program) arguments(out string) []string {
	switch p.Cell.Engine {
	case course.EngineVet:
		return []string{"vet", "main.go"}
	case course.EngineRace:
		return []string{"build", "-race", "-gcflags=all=-dwarf=false", "-ldflags=-s -w", "-o", out, "main.go"}
	case course.EngineBubble:
		return []string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", out, "main.go", "main_test.go"}
	}
	return []string{"build", "-ldflags=-s -w", "-o", out, "main.go"}
}

func exeName(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

func (r *Runner) compile(ctx context.Context, tool toolchain, p *Program, b *built) error {
	files := map[string][]byte{"main.go": p.Source}
	if p.Cell.Engine == course.EngineBubble {
		files["main_test.go"] = []byte(harness)
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(b.dir, name), data, 0o666); err != nil {
			return fmt.Errorf("writing the cell's program: %w", err)
		}
	}
	binary := filepath.Join(b.dir, exeName("cell"))
	ctx, cancel := context.WithTimeout(ctx, buildLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, tool.Path, p.arguments(binary)...)
	cmd.Dir, cmd.Env = b.dir, r.toolEnv()
	group(cmd)
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("building the cell: %w", ctx.Err())
	case err != nil && !errors.As(err, &exit):
		return fmt.Errorf("running %s: %w", tool.Path, err)
	}
	b.class, b.text = ClassOK, mapped(p, b.dir, string(out))
	if err == nil {
		if p.Cell.Engine != course.EngineVet && p.Cell.Engine != course.EngineBuild {
			b.binary = binary
		}
		return nil
	}
	return b.blame(p)
}

// blame decides between the cell's fault and the surroundings'.
func (b *built) blame(p *Program) error {
	switch {
	case !strings.Contains(b.text, p.Cell.File+":") && !anyFile(p, b.text):
		return fmt.Errorf("building the cell: %s", strings.TrimSpace(b.text))
	case p.Cell.Engine == course.EngineVet && !strings.Contains(b.text, "vet: "):
		b.class = ClassVet
	default:
		b.class = ClassCompile
	}
	return nil
}

// anyFile reports whether the text names the lesson, without a line, as link errors do.
func anyFile(p *Program, text string) bool {
	return strings.Contains(text, p.Cell.File) || strings.Contains(text, "main.main") || strings.Contains(text, "function main is undeclared")
}

var toolNoise = regexp.MustCompile(`(?m)^# .*\n`)

// mapped takes from the tool's output what is not about the lesson.
func mapped(p *Program, dir, out string) string {
	out = strings.ReplaceAll(out, "\r\n", "\n")
	out = toolNoise.ReplaceAllString(out, "")
	file := filepath.FromSlash(p.Cell.File)
	for _, prefix := range []string{dir + string(filepath.Separator), "." + string(filepath.Separator), "./"} {
		out = strings.ReplaceAll(out, prefix+file, p.Cell.File)
	}
	return strings.ReplaceAll(out, file, p.Cell.File)
}

// A verdict of the compiler is kept beside the binaries.
type kept struct{ Class, Text string }

// recall looks for an earlier build.
func (r *Runner) recall(file string, b *built) bool {
	if file == "" {
		return false
	}
	now := time.Now()
	if binary := exeName(file); os.Chtimes(binary, now, now) == nil {
		b.binary, b.class = binary, ClassOK
		return true
	}
	data, err := os.ReadFile(file + ".json")
	var k kept
	if err != nil || json.Unmarshal(data, &k) != nil {
		return false
	}
	b.class, b.text = k.Class, k.Text
	return true
}

// remember keeps a build for the next time. Where that does not work there is none.
func (r *Runner) remember(file string, b *built) {
	if file == "" {
		return
	}
	if b.binary == "" {
		if data, err := json.Marshal(kept{b.class, b.text}); err == nil {
			r.keep(file+".json", data)
		}
		return
	}
	if os.MkdirAll(filepath.Dir(file), 0o755) != nil {
		return
	}
	r.prune(filepath.Dir(file))
	if moveFile(b.binary, exeName(file)) {
		b.binary = exeName(file)
	}
}

// moveFile moves a binary into the cache, which may be on another disk.
func moveFile(from, to string) bool {
	if os.Rename(from, to) == nil {
		return true
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return false
	}
	tmp := to + fmt.Sprintf(".%d.new", os.Getpid())
	if os.WriteFile(tmp, data, 0o755) != nil || os.Rename(tmp, to) != nil {
		_ = os.Remove(tmp) // a leftover costs room only
		return false
	}
	return true
}

// prune removes the binaries used longest ago where there are too many.
func (r *Runner) prune(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) <= maxBuilt {
		return
	}
	age := map[string]time.Time{}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			age[e.Name()] = info.ModTime()
		}
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return age[a.Name()].Compare(age[b.Name()]) })
	for _, e := range entries[:len(entries)-maxBuilt/2] {
		_ = os.Remove(filepath.Join(dir, e.Name())) // only room is at stake
	}
}
