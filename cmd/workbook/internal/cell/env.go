package cell

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// inherited are the variables that the toolchain gets from its surroundings: where things are and
// how to compile C for -race. GOFLAGS and its like are not among them.
var inherited = []string{"PATH", "HOME", "TMPDIR", "GOCACHE", "GOPATH", "GOMODCACHE", "GOROOT", "XDG_CACHE_HOME", "CC",
	"SystemRoot", "SYSTEMDRIVE", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "PATHEXT", "COMSPEC"}

// toolEnv is the environment of the go command.
func (r *Runner) toolEnv() []string {
	return append(r.inherit(inherited), "GOENV=off", "GOWORK=off", "GOFLAGS=", "GOTOOLCHAIN=local",
		"GOPROXY=off", "GO111MODULE=on", "GODEBUG=", "GOEXPERIMENT=", "PWD=")
}

// cellEnv is the environment of a cell's program, which runs in dir.
func (r *Runner) cellEnv(dir string, procs int) []string {
	env := append(r.inherit([]string{"PATH", "SystemRoot", "SYSTEMDRIVE", "PATHEXT", "COMSPEC"}),
		"HOME="+dir, "TMPDIR="+dir, "TEMP="+dir, "TMP="+dir, "GORACE=atexit_sleep_ms=0 halt_on_error=0 exitcode=66")
	if procs > 0 {
		env = append(env, fmt.Sprintf("GOMAXPROCS=%d", procs))
	}
	return env
}

func (r *Runner) inherit(names []string) []string {
	base := r.Env
	if base == nil {
		base = os.Environ()
	}
	var env []string
	for _, kv := range base {
		name, _, _ := strings.Cut(kv, "=")
		same := func(n string) bool { return n == name || runtime.GOOS == "windows" && strings.EqualFold(n, name) }
		if slices.ContainsFunc(names, same) {
			env = append(env, kv)
		}
	}
	return env
}

// toolchain is what identifies a go command.
type toolchain struct {
	Path    string
	Version string // "go1.26.8"
	Target  string // "linux/amd64"
	Root    string // GOROOT
}

// toolchain finds the go command and its version, which is remembered as long as the file does not
// change.
func (r *Runner) toolchain(ctx context.Context) (toolchain, error) {
	name := r.Go
	if name == "" {
		name = "go"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return toolchain{}, fmt.Errorf("finding the go command: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return toolchain{}, fmt.Errorf("finding the go command: %w", err)
	}
	file := r.cached("go", key(path, fmt.Sprint(info.Size()), fmt.Sprint(info.ModTime().UnixNano()), strings.Join(r.toolEnv(), "\n"))+".json")
	var t toolchain
	if data, err := os.ReadFile(file); err == nil && json.Unmarshal(data, &t) == nil && t.Version != "" {
		return t, nil
	}
	cmd := exec.CommandContext(ctx, path, "env", "-json", "GOVERSION", "GOOS", "GOARCH", "GOROOT")
	cmd.Env = r.toolEnv()
	out, err := cmd.Output()
	if err != nil {
		return t, fmt.Errorf("asking %s for its version: %w", path, err)
	}
	var vars map[string]string
	if err := json.Unmarshal(out, &vars); err != nil {
		return t, fmt.Errorf("reading the answer of %s env: %w", path, err)
	}
	t = toolchain{Path: path, Version: vars["GOVERSION"], Target: vars["GOOS"] + "/" + vars["GOARCH"], Root: vars["GOROOT"]}
	data, err := json.Marshal(t)
	if err != nil {
		return t, fmt.Errorf("keeping the go version: %w", err)
	}
	r.keep(file, data)
	return t, nil
}

// key is a name for what the given strings say.
func key(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d %s\n", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// cached is a file's place in the cache, "" without one.
func (r *Runner) cached(kind, name string) string {
	if r.Cache == "" {
		return ""
	}
	return filepath.Join(r.Cache, kind, name)
}

// keep writes a file into the cache, whole or not at all. Nothing depends on its being there.
func (r *Runner) keep(file string, data []byte) {
	if file == "" || os.MkdirAll(filepath.Dir(file), 0o755) != nil {
		return
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return
	}
	_, err = tmp.Write(data)
	if tmp.Close() != nil || err != nil || os.Rename(tmp.Name(), file) != nil {
		_ = os.Remove(tmp.Name()) // a leftover costs room only
	}
}
