package grader

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/build"
)

// edited returns the lab's right program with a change that no cache has seen.
func edited(b *testing.B, source []byte) []byte {
	b.Helper()
	text := bytes.Replace(source, []byte("\tc.n++\n"), fmt.Appendf(nil, "\tc.n += %d\n\tc.n -= %[1]d\n\tc.n++\n", time.Now().UnixNano()), 1)
	if bytes.Equal(text, source) {
		b.Fatal("the program has no c.n++")
	}
	return text
}

// BenchmarkSave compares what a learner waits for after a save with what the go command takes for
// the same tests of the same source: `go test -race`, and a build as ours with a run of the binary.
// The three are measured by turns, so that they see the same machine; once with the free runs alone,
// once with the exploration of schedules.
//
//	go test ./cmd/workbook/internal/grader -run '^$' -bench Save -benchtime 10x
func BenchmarkSave(b *testing.B) {
	b.Run("free", func(b *testing.B) { benchmarkSave(b, true) })
	b.Run("schedules", func(b *testing.B) { benchmarkSave(b, false) })
}

func benchmarkSave(b *testing.B, free bool) {
	ex, g := lab(b), labGrader(b)
	g.c.NoSchedules = free
	module := plainModule(b, g)
	var ours, plain, built time.Duration
	for b.Loop() {
		src := edited(b, ex.Solution)
		if err := os.WriteFile(filepath.Join(module, "solutions/first/lab/lab.go"), src, 0o666); err != nil {
			b.Fatal(err)
		}
		plain += timed(b, g, module, "test", "-race", "./solutions/first/lab")
		src = edited(b, ex.Solution)
		if err := os.WriteFile(filepath.Join(module, "solutions/first/lab/lab.go"), src, 0o666); err != nil {
			b.Fatal(err)
		}
		built += timed(b, g, module, "test", "-c", "-race", "-vet=off", "-ldflags=-s -w", "-o", filepath.Join(module, "lab.test"), "./solutions/first/lab")
		built += timedRun(b, module)
		start := time.Now()
		v, err := g.Grade(b.Context(), Submission{ex, map[string][]byte{ex.File: edited(b, ex.Solution)}})
		ours += time.Since(start)
		if err != nil || !v.Passed {
			b.Fatalf("%s, %v", v.Class, err)
		}
	}
	n := float64(b.N)
	b.ReportMetric(float64(ours.Milliseconds())/n, "ours-ms")
	b.ReportMetric(float64(plain.Milliseconds())/n, "gotest-ms")
	b.ReportMetric(float64(built.Milliseconds())/n, "build+run-ms")
	b.ReportMetric(float64(ours)/float64(plain), "of-gotest")
	b.ReportMetric(float64(ours)/float64(built), "of-build+run")
	b.ReportMetric(0, "ns/op")
}

// plainModule is the lab as an ordinary module.
func plainModule(b *testing.B, g *Grader) string {
	b.Helper()
	dir := b.TempDir()
	if err := os.CopyFS(dir, os.DirFS(g.Build.Tree.Dir)); err != nil {
		b.Fatal(err)
	}
	lab := filepath.Join(dir, "solutions/first/lab")
	tests, err := os.ReadFile("testdata/lab/hidden_test.go.txt")
	if err != nil {
		b.Fatal(err)
	}
	if err := os.MkdirAll(lab, 0o777); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(lab, "lab_test.go"), tests, 0o666); err != nil {
		b.Fatal(err)
	}
	return dir
}

func timed(b *testing.B, g *Grader, dir string, args ...string) time.Duration {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), g.Build.Tool.Go, args...)
	cmd.Dir, cmd.Env = dir, build.Env(os.Environ())
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("go %v: %v\n%s", args, err, out)
	}
	return time.Since(start)
}

func timedRun(b *testing.B, dir string) time.Duration {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), filepath.Join(dir, "lab.test"))
	cmd.Env = []string{"GORACE=atexit_sleep_ms=0"}
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("lab.test: %v\n%s", err, out)
	}
	return time.Since(start)
}
