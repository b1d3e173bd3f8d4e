package gate

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/course"
)

// GoVet is `go vet` for files of the course's module.
type GoVet struct {
	Go  string   // the go command
	Env []string // its environment
	Mod []byte   // go.mod; the course's module without requirements where nil
	Sum []byte   // go.sum
}

var vetLine = regexp.MustCompile(`^(?:vet: )?(?:\./)?(\S+\.go):(\d+):(?:\d+:)? (.*)$`)

// Vet vets the files in a module of their own and returns what it complains about.
func (v GoVet) Vet(ctx context.Context, files map[string][]byte) (course.Faults, error) {
	dir, err := os.MkdirTemp("", "workbook-vet-")
	if err != nil {
		return nil, fmt.Errorf("making a folder to vet in: %w", err)
	}
	defer os.RemoveAll(dir)
	all := maps.Clone(files)
	all["go.mod"], all["go.sum"] = v.Mod, v.Sum
	if v.Mod == nil {
		all["go.mod"] = []byte("module " + course.Module + "\n\ngo 1.26\n")
	}
	for name, text := range all {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return nil, fmt.Errorf("writing what to vet: %w", err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return nil, fmt.Errorf("writing what to vet: %w", err)
		}
	}
	return v.run(ctx, dir, files)
}

// run runs go vet in dir. When ctx ends it leaves no process behind.
func (v GoVet) run(ctx context.Context, dir string, files map[string][]byte) (course.Faults, error) {
	cmd := exec.CommandContext(ctx, v.Go, "vet", "./...")
	cmd.Dir, cmd.Env = dir, append(slices.Clone(v.Env), "PWD="+dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	group, err := build.Start(cmd)
	if err != nil {
		return nil, fmt.Errorf("running go vet: %w", err)
	}
	err = group.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	faults := readVet(out.String(), files)
	if err != nil && len(faults) == 0 {
		return nil, fmt.Errorf("running go vet: %w: %s", err, indented(out.String()))
	}
	return faults, nil
}

// readVet reads go vet's complaints about the named files.
func readVet(text string, files map[string][]byte) (faults course.Faults) {
	for line := range strings.Lines(text) {
		m := vetLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		name := filepath.ToSlash(m[1])
		n, err := strconv.Atoi(m[2])
		if _, ours := files[name]; !ours || err != nil {
			continue
		}
		f := course.Fault{File: name, Line: n, Text: "go vet: " + m[3]}
		if !slices.Contains(faults, f) {
			faults = append(faults, f)
		}
	}
	return faults
}
