package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// MinGo is the oldest Go that can grade: the version of the course's language and library.
const MinGo = "go1.26"

// Toolchain is the Go toolchain and the C compiler that build hidden tests.
type Toolchain struct {
	Go       string   // the go command
	Version  string   // "go1.26.8"
	Root     string   // GOROOT
	Tools    string   // the folder of compile and link
	Cache    string   // GOCACHE
	ModCache string   // GOMODCACHE
	CC       string   // the C compiler's path, "" where the race detector needs none
	OS, Arch string   // GOOS, GOARCH
	Env      []string // of every go command
}

// Lookup says where to look for a toolchain.
type Lookup struct {
	Go      string   // the go command; "" means "go" in PATH
	Environ []string // the learner's environment
}

// Find returns the toolchain. What the learner must mend comes as a *Trouble.
func Find(ctx context.Context, in Lookup) (*Toolchain, error) {
	return find(ctx, in, os.TempDir(), &Toolchain{Env: Env(in.Environ)})
}

// FindIn returns the toolchain that the learner's own environment and settings choose in a folder. Its
// go commands see that environment whole.
func FindIn(ctx context.Context, in Lookup, dir string) (*Toolchain, error) {
	return find(ctx, in, dir, &Toolchain{Env: append(slices.Clone(in.Environ), "CGO_ENABLED=1")}) // the race detector needs cgo
}

func find(ctx context.Context, in Lookup, dir string, t *Toolchain) (*Toolchain, error) {
	path, err := lookPath(cmpOr(in.Go, "go"), t.Env)
	if err != nil {
		return nil, t.noGo(in.Go)
	}
	t.Go = path
	if err := t.ask(ctx, dir); err != nil {
		return nil, err
	}
	if version.Compare(t.Version, MinGo) < 0 && strings.HasPrefix(t.Version, "go1") {
		return nil, t.oldGo()
	}
	if t.Cache == "" || t.Cache == "off" {
		return nil, &Trouble{Kind: NoCache, Text: "go has no build cache: neither GOCACHE nor HOME is set",
			Mend: "export GOCACHE=/path/to/a/folder/you/can/write"}
	}
	return t, t.compiler()
}

// ask fills in what `go env` knows in a folder.
func (t *Toolchain) ask(ctx context.Context, dir string) error {
	cmd := exec.CommandContext(ctx, t.Go, "env", "-json", "GOVERSION", "GOROOT", "GOTOOLDIR", "GOCACHE", "GOMODCACHE", "GOOS", "GOARCH", "CC")
	cmd.Env, cmd.Dir = t.Env, dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &Trouble{Kind: NoGo, Text: fmt.Sprintf("%s does not work: %s", t.Go, firstLine(stderr.String(), err.Error())), Mend: installGo(t.Env)}
	}
	var v struct{ GOVERSION, GOROOT, GOTOOLDIR, GOCACHE, GOMODCACHE, GOOS, GOARCH, CC string }
	if err := json.Unmarshal(out, &v); err != nil {
		return &Trouble{Kind: NoGo, Text: t.Go + " is not the go command: `go env -json` answers something else", Mend: installGo(t.Env)}
	}
	t.Version, t.Root, t.Tools, t.Cache, t.ModCache = v.GOVERSION, v.GOROOT, v.GOTOOLDIR, v.GOCACHE, v.GOMODCACHE
	t.OS, t.Arch, t.CC = v.GOOS, v.GOARCH, v.CC
	return nil
}

// raceable lists the systems that have a race detector, as `go build -race` does.
var raceable = []string{
	"linux/amd64", "linux/ppc64le", "linux/arm64", "linux/s390x", "linux/loong64", "linux/riscv64",
	"freebsd/amd64", "netbsd/amd64", "darwin/amd64", "darwin/arm64", "windows/amd64",
}

// compiler finds the C compiler that -race needs, everywhere but on macOS.
func (t *Toolchain) compiler() error {
	if system := t.OS + "/" + t.Arch; !slices.Contains(raceable, system) {
		return &Trouble{Kind: NoRace, Text: "Go has no race detector for " + system, Mend: "use the workbook on one of " + strings.Join(raceable, ", ")}
	}
	name, _, _ := strings.Cut(strings.TrimSpace(t.CC), " ")
	if path, err := lookPath(name, t.Env); err == nil {
		t.CC = path
		return nil
	}
	if path, err := lookPath("clang", t.Env); err == nil && lookEnv(t.Env, "CC") == "" {
		t.CC = path
		t.Env = append(t.Env, "CC="+path)
		return nil
	}
	t.CC = ""
	if t.OS == "darwin" {
		return nil
	}
	return &Trouble{Kind: NoCompiler, Text: fmt.Sprintf("the race detector needs a C compiler, and %s is not in PATH", cmpOr(name, "gcc")), Mend: installCC(t.Env)}
}

// Writable tries the build cache: nil, or why nothing can be written there.
func (t *Toolchain) Writable() error {
	if err := os.MkdirAll(t.Cache, 0o777); err != nil {
		return t.readOnly(err)
	}
	f, err := os.CreateTemp(t.Cache, "workbook-")
	if err != nil {
		return t.readOnly(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func (t *Toolchain) readOnly(err error) error {
	return &Trouble{Kind: NoCache, Text: fmt.Sprintf("the build cache cannot be written: %v", err), Mend: "export GOCACHE=/path/to/a/folder/you/can/write"}
}

// lookPath finds a program in the PATH of an environment, which need not be our own.
func lookPath(name string, env []string) (string, error) {
	if name == "" {
		return "", exec.ErrNotFound
	}
	if strings.ContainsAny(name, `/\`) {
		return exec.LookPath(name)
	}
	for _, dir := range filepath.SplitList(lookEnv(env, "PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// firstLine returns the first line of the first text that has one.
func firstLine(texts ...string) string {
	for _, s := range texts {
		if line, _, _ := strings.Cut(strings.TrimSpace(s), "\n"); line != "" {
			return line
		}
	}
	return runtime.GOOS
}
