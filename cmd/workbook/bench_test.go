package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkSave measures the way from a save to its verdict in a running watch, against `go test -race`
// on the same exercise and against building and running the same tests by hand, turn by turn in one run.
// The metrics are ratios: machines differ, and are busy with other things.
func BenchmarkSave(b *testing.B) {
	solution, err := os.ReadFile(filepath.Join(repository(), "solutions", "atomicity", "counter", "counter.go"))
	if err != nil {
		b.Fatal(err)
	}
	plain := plainModule(b)
	watch := startLines(b)
	var ours, goTest, byHand time.Duration
	b.ResetTimer()
	for i := range b.N {
		text := fmt.Sprintf("%s\n// Save %d of process %d.\n", solution, i, os.Getpid())
		ours += watch.save(text)
		file := filepath.Join(plain, "solutions", "atomicity", "counter", "counter.go")
		put(b, file, text+"// Tested.\n")
		goTest += clock(func() { command(b, plain, nil, "go", "test", "-race", "-count=1", "./solutions/atomicity/counter") })
		put(b, file, text+"// By hand.\n")
		byHand += clock(func() {
			command(b, plain, nil, "go", "test", "-c", "-race", "-vet=off", "-ldflags=-s -w", "-o", "counter.test", "./solutions/atomicity/counter")
			command(b, plain, []string{"GORACE=atexit_sleep_ms=0"}, "./counter.test")
		})
	}
	b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "ms/save")
	b.ReportMetric(float64(ours)/float64(goTest), "of-go-test-race")
	b.ReportMetric(float64(ours)/float64(byHand), "of-build-and-run")
}

// BenchmarkList measures the start of a command: `workbook list`.
func BenchmarkList(b *testing.B) {
	home := b.TempDir()
	env := []string{"HOME=" + home, "WORKBOOK_CACHE=" + filepath.Join(home, "cache")}
	command(b, home, env, "workbook", "init", "ws")
	for b.Loop() {
		command(b, home, env, "workbook", "list", "--dir", "ws")
	}
}

func clock(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func put(b *testing.B, file, text string) {
	b.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
}

func command(b *testing.B, dir string, env []string, name string, args ...string) {
	b.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// plainModule is a module of its own with the exercise's solution, its tests and the test kit.
func plainModule(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	for _, part := range []string{"solutions/kit", "solutions/atomicity/counter"} {
		err := os.CopyFS(filepath.Join(dir, filepath.FromSlash(part)), os.DirFS(filepath.Join(repository(), filepath.FromSlash(part))))
		if err != nil {
			b.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(repository(), name))
		if err != nil {
			b.Fatal(err)
		}
		put(b, filepath.Join(dir, name), string(text))
	}
	return dir
}

// watchLines is a watch that prints lines.
type watchLines struct {
	b     *testing.B
	file  string
	lines chan string // closed by the reader when the watch ends
}

func startLines(b *testing.B) *watchLines {
	b.Helper()
	home := b.TempDir()
	cmd := exec.Command("workbook", "watch", "counter", "--dir", "ws")
	cmd.Dir = home
	cmd.Env = append(os.Environ(), "HOME="+home, "WORKBOOK_CACHE="+filepath.Join(home, "cache"), "GOCACHE="+goEnv("GOCACHE"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	w := &watchLines{b, filepath.Join(home, "ws", "exercises", "atomicity", "counter", "counter.go"), make(chan string, 1000)}
	go func() {
		defer close(w.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			w.lines <- s.Text()
		}
	}()
	b.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		for range w.lines {
		}
		cmd.Wait()
	})
	w.wait("counter: race: ")
	return w
}

// wait waits for a line that begins with want.
func (w *watchLines) wait(want string) {
	w.b.Helper()
	limit := time.After(3 * time.Minute)
	for {
		select {
		case line, ok := <-w.lines:
			if !ok {
				w.b.Fatalf("the watch ended before %q", want)
			}
			if strings.HasPrefix(line, want) {
				return
			}
		case <-limit:
			w.b.Fatalf("no line %q", want)
		}
	}
}

// save saves a right solution and returns how long its verdict took.
func (w *watchLines) save(text string) time.Duration {
	return clock(func() {
		put(w.b, w.file, text)
		w.wait("counter: pass: ")
	})
}
