package build

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestEnv(t *testing.T) {
	got := Env([]string{
		"PATH=/bin", "HOME=/h", "GOFLAGS=-run=^$", "GOENV=/evil", "GOWORK=/evil/go.work", "GOTOOLCHAIN=go1.99", "GOEXPERIMENT=x", "GOOS=plan9",
		"GORACE=report_bugs=0", "GODEBUG=x=1", "CGO_ENABLED=0", "CGO_CFLAGS=-fplugin=x", "Path=C:\\bin", "GOCACHE=/c", "TMPDIR=", "CC=clang", "nonsense",
	})
	want := append([]string{"PATH=/bin", "HOME=/h", `Path=C:\bin`, "GOCACHE=/c", "CC=clang"}, fixed...)
	if !slices.Equal(got, want) {
		t.Errorf("Env = %q, want %q", got, want)
	}
}

// fakeGo is a folder with a go command and a C compiler that answer as told.
func fakeGo(t *testing.T, script string, others ...string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("shell scripts")
	}
	dir := t.TempDir()
	for _, name := range append(others, "go") {
		text := "#!/bin/sh\nexit 0\n"
		if name == "go" {
			text = "#!/bin/sh\n" + script
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func answers(version, goos, goarch string) string {
	return `echo '{"GOVERSION":"` + version + `","GOROOT":"/go","GOTOOLDIR":"/go/tool","GOCACHE":"/cache","GOMODCACHE":"/mod","GOOS":"` + goos + `","GOARCH":"` + goarch + `","CC":"gcc"}'`
}

func TestFindTrouble(t *testing.T) {
	tests := []struct {
		name, script string
		others       []string
		want         Kind
		text, mend   string
	}{
		{"too old", answers("go1.24.3", "linux", "amd64"), []string{"gcc"}, OldGo, "is go1.24.3, and the course needs go1.26 or newer", ""},
		{"broken", "echo sad >&2; exit 1", []string{"gcc"}, NoGo, "does not work: sad", ""},
		{"something else", "echo hello", []string{"gcc"}, NoGo, "is not the go command", ""},
		{"no race detector", answers("go1.26.1", "plan9", "386"), []string{"gcc"}, NoRace, "no race detector for plan9/386", ""},
		{"no compiler, apt", answers("go1.26.1", "linux", "amd64"), []string{"apt-get"}, NoCompiler, "gcc is not in PATH", "sudo apt-get install -y gcc libc6-dev"},
		{"no compiler, apk", answers("go1.26.1", "linux", "amd64"), []string{"apk"}, NoCompiler, "gcc is not in PATH", "sudo apk add gcc musl-dev"},
		{"no compiler, pacman", answers("go1.26.1", "linux", "amd64"), []string{"pacman"}, NoCompiler, "gcc is not in PATH", "sudo pacman -S --needed gcc"},
		{"no compiler, dnf", answers("go1.26.1", "linux", "amd64"), []string{"dnf"}, NoCompiler, "gcc is not in PATH", "sudo dnf install -y gcc glibc-devel"},
		{"no cache", strings.ReplaceAll(answers("go1.26.1", "linux", "amd64"), "/cache", "off"), []string{"gcc"}, NoCache, "go has no build cache", "export GOCACHE="},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := fakeGo(t, tt.script, tt.others...)
			_, err := Find(t.Context(), Lookup{Environ: []string{"PATH=" + dir}})
			var trouble *Trouble
			if !errors.As(err, &trouble) || trouble.Kind != tt.want || !strings.Contains(trouble.Text, tt.text) || trouble.Mend == "" {
				t.Fatalf("Find = %#v, want kind %d with %q", err, tt.want, tt.text)
			}
			if runtime.GOOS == "linux" && !strings.HasPrefix(trouble.Mend, tt.mend) {
				t.Errorf("mend %q, want %q", trouble.Mend, tt.mend)
			}
		})
	}
}

func TestFindNothing(t *testing.T) {
	for _, in := range []Lookup{{}, {Environ: []string{"PATH=" + t.TempDir()}}, {Go: filepath.Join(t.TempDir(), "go")}} {
		_, err := Find(t.Context(), in)
		var trouble *Trouble
		if !errors.As(err, &trouble) || trouble.Kind != NoGo || trouble.Mend == "" {
			t.Errorf("Find(%+v) = %#v, want no go command", in, err)
		}
	}
}

func TestFindClang(t *testing.T) {
	dir := fakeGo(t, answers("go1.26.1", "linux", "amd64"), "clang")
	tool, err := Find(t.Context(), Lookup{Environ: []string{"PATH=" + dir}})
	if err != nil || tool.CC != filepath.Join(dir, "clang") || lookEnv(tool.Env, "CC") != tool.CC {
		t.Errorf("Find = %+v, %v, want clang for want of gcc", tool, err)
	}
	_, err = Find(t.Context(), Lookup{Environ: []string{"PATH=" + dir, "CC=gcc"}})
	if err == nil {
		t.Error("clang is taken though CC says gcc")
	}
}

func TestWritable(t *testing.T) {
	tool := &Toolchain{Cache: filepath.Join(t.TempDir(), "a", "b")}
	if err := tool.Writable(); err != nil {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	var trouble *Trouble
	if err := (&Toolchain{Cache: filepath.Join(file, "cache")}).Writable(); !errors.As(err, &trouble) || trouble.Kind != NoCache {
		t.Errorf("Writable = %v, want trouble with the cache", err)
	}
}

func TestMachineTrouble(t *testing.T) {
	tool := &Toolchain{Cache: "/home/x/.cache/go-build"}
	for text, want := range map[string]Kind{
		"# runtime/cgo\ncgo: C compiler \"gcc\" not found: exec: \"gcc\": executable file not found in $PATH":  NoCompiler,
		"# runtime/cgo\n_cgo_export.c:3:10: fatal error: stdlib.h: No such file or directory":                  NoHeaders,
		"write /home/x/.cache/go-build/a: no space left on device":                                             NoSpace,
		"go: could not create /home/x/.cache/go-build/00: mkdir /home/x/.cache/go-build/00: permission denied": NoCache,
		"open /home/x/.cache/go-build/0a-a: read-only file system":                                             NoCache,
	} {
		var trouble *Trouble
		if err := machineTrouble(tool, text); !errors.As(err, &trouble) || trouble.Kind != want || trouble.Mend == "" {
			t.Errorf("machineTrouble(%q) = %#v, want kind %d", text, err, want)
		}
	}
	if err := machineTrouble(tool, "a.go:1:2: undefined: x"); err != nil {
		t.Errorf("machineTrouble(a mistake) = %v", err)
	}
}
