package grader

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// TestForeignSettings grades with an environment that would spoil every go command.
func TestForeignSettings(t *testing.T) {
	evil := t.TempDir()
	if err := os.WriteFile(filepath.Join(evil, "env"), []byte("GOFLAGS=-run=^$ -tags=evil\nGOPROXY=https://evil.example\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	environ := append(os.Environ(),
		"GOFLAGS=-nonsense", "GOENV="+filepath.Join(evil, "env"), "GOWORK="+filepath.Join(evil, "go.work"), "GOTOOLCHAIN=go1.99.0",
		"GORACE=report_bugs=0", "CGO_ENABLED=0", "GOOS=plan9", "GOEXPERIMENT=nonsense", "CGO_CFLAGS=-nonsense", "GOMAXPROCS=1")
	g, err := New(Config{Course: &course.Course{FS: os.DirFS("../../../..")}, Cache: t.TempDir(), Environ: environ})
	if err != nil {
		t.Fatal(err)
	}
	ex := lab(t)
	for _, p := range programs(t) {
		if p.name != "right" && p.name != "race" {
			continue
		}
		if v, err := g.Grade(t.Context(), p.submission(ex)); err != nil || string(v.Class) != p.want {
			t.Errorf("%s is %s, %v, want %s", p.name, v.Class, err, p.want)
		}
	}
}

// TestCancel: a grading that is cancelled at any moment says so, and leaves no folder behind.
func TestCancel(t *testing.T) {
	ex, g := lab(t), labGrader(t)
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	var hang program
	for _, p := range programs(t) {
		if p.name == "timeout_init" {
			hang = p
		}
	}
	for _, after := range []time.Duration{0, 20 * time.Millisecond, 200 * time.Millisecond, 600 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		start := time.Now()
		v, err := g.Grade(ctx, hang.submission(ex))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || v.Passed {
			t.Errorf("cancelled after %v: %s, %v, want the context's error", after, v.Class, err)
		}
		if took := time.Since(start) - after; took > 10*time.Second {
			t.Errorf("cancelled after %v: it took %v more", after, took)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(tmp, "workbook-*")); len(left) > 0 {
		t.Errorf("folders left: %v", left)
	}
}

// TestUnchanged: what was built is not built again, and the verdict is the same.
func TestUnchanged(t *testing.T) {
	ex, g := lab(t), labGrader(t)
	s := Submission{ex, map[string][]byte{ex.File: ex.Solution}}
	for i := range 2 {
		bin, _, err := g.compile(t.Context(), s)
		if err != nil || bin.Cached != (i == 1) {
			t.Fatalf("build %d: cached %v, %v", i, bin != nil && bin.Cached, err)
		}
	}
	if v, err := g.Grade(t.Context(), s); err != nil || !v.Passed {
		t.Errorf("%s, %v", v.Class, err)
	}
	os.RemoveAll(filepath.Join(g.c.Cache, "bin"))
	if v, err := g.Grade(t.Context(), s); err != nil || !v.Passed {
		t.Errorf("with the binaries gone: %s, %v", v.Class, err)
	}
}

// TestWarm: progress is told while there is something to do, and never again.
func TestWarm(t *testing.T) {
	g, err := New(Config{Course: &course.Course{FS: os.DirFS("../../../..")}, Cache: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	var last [2]int
	calls := 0
	tell := func(done, total int) {
		if done < last[0] || done > total || last[1] != 0 && total != last[1] {
			t.Errorf("progress goes from %v to %d of %d", last, done, total)
		}
		last, calls = [2]int{done, total}, calls+1
	}
	if err := g.Warm(t.Context(), tell); err != nil {
		t.Fatal(err)
	}
	if calls < 2 || last[0] != last[1] || last[1] < 20 {
		t.Errorf("%d calls, the last one %v", calls, last)
	}
	if err := g.Warm(t.Context(), func(int, int) { t.Error("warm, and yet progress is told") }); err != nil {
		t.Error(err)
	}
}

// TestFault: something of ours that goes wrong is an error, never a verdict.
func TestFault(t *testing.T) {
	ex, g := lab(t), labGrader(t)
	s := Submission{ex, map[string][]byte{ex.File: ex.Solution}}
	bin, _, err := g.compile(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(bin.Path, []byte("no program"), 0o777); err != nil {
		t.Fatal(err)
	}
	if v, err := g.Grade(t.Context(), s); err == nil || v.Passed || !strings.Contains(err.Error(), "could not run Test") {
		t.Errorf("a damaged binary: %s, %v, want an error", v.Class, err)
	}
	ex.Names = nil
	if v, err := g.Grade(t.Context(), s); err == nil || v.Passed {
		t.Errorf("an exercise without tests: %s, %v, want an error", v.Class, err)
	}
}

func TestNoGo(t *testing.T) {
	_, err := New(Config{Course: &course.Course{}, Cache: t.TempDir(), Environ: []string{"PATH=" + t.TempDir()}})
	var trouble *build.Trouble
	if !errors.As(err, &trouble) || trouble.Kind != build.NoGo || trouble.Mend == "" {
		t.Errorf("New without a go command = %v", err)
	}
}

// TestReadOnlyCache: a cache folder that cannot be written is an error that says so.
func TestReadOnlyCache(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Course: &course.Course{}, Cache: file}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("New with a file as its cache = %v", err)
	}
}

// TestFaultIsNoPass: the classes that Grade retries and returns are told apart.
func TestFaultIsNoPass(t *testing.T) {
	v := verdict.Verdict{Findings: []verdict.Finding{{Class: verdict.Race, Message: "a"}, {Class: verdict.Fault, Message: "b"}, {Class: verdict.Fault, Message: "c"}}}
	if got := faults(v); got != "b\nc" {
		t.Errorf("faults = %q", got)
	}
	if runtime.NumGoroutine() > 100 {
		t.Errorf("%d goroutines are left", runtime.NumGoroutine())
	}
}
