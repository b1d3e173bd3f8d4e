package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// saveTurns is how often each way is taken in one iteration of BenchmarkSave.
const saveTurns = 7

// BenchmarkSave measures the way from a save to its verdict in a running watch, against `go test -race`
// on the same exercise and against building and running the same tests by hand, turn by turn in one run.
// The metrics are ratios of the least times: machines differ, and are busy with other things.
//
//	go test ./cmd/workbook -run '^$' -bench Save -benchtime 1x
func BenchmarkSave(b *testing.B) {
	solution, err := os.ReadFile(filepath.Join(repository(), "solutions", "atomicity", "counter", "counter.go"))
	if err != nil {
		b.Fatal(err)
	}
	plain := plainModule(b)
	watch := startLines(b)
	file := filepath.Join(plain, "solutions", "atomicity", "counter", "counter.go")
	edits := 0
	edited := func() string { // no comment: what compiles to the same is not linked anew
		edits++
		return fmt.Sprintf("%s\nfunc edited() int { return %d%05d }\n", solution, edits, os.Getpid())
	}
	const never = time.Hour
	ours, goTest, byHand := never, never, never
	for b.Loop() {
		for range saveTurns {
			ours = min(ours, watch.save(edited()))
			put(b, file, edited())
			goTest = min(goTest, clock(func() { command(b, plain, nil, "go", "test", "-race", "-count=1", "./solutions/atomicity/counter") }))
			put(b, file, edited())
			byHand = min(byHand, clock(func() {
				command(b, plain, nil, "go", "test", "-c", "-race", "-vet=off", "-ldflags=-s -w", "-o", "counter.test", "./solutions/atomicity/counter")
				command(b, plain, []string{"GORACE=atexit_sleep_ms=0"}, "./counter.test")
			}))
		}
	}
	b.ReportMetric(float64(ours.Milliseconds()), "ms/save")
	b.ReportMetric(float64(ours)/float64(goTest), "of-go-test-race")
	b.ReportMetric(float64(ours)/float64(byHand), "of-build-and-run")
	b.ReportMetric(0, "ns/op")
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

// BenchmarkIdle measures what a watch costs that has nothing to do: processor time a second, and memory.
// Only Linux tells.
func BenchmarkIdle(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("there is no /proc")
	}
	watch := startLines(b)
	const look = 5 * time.Second
	time.Sleep(time.Second) // the verdict's aftermath
	var used, passed time.Duration
	for b.Loop() {
		before, start := watch.used(), time.Now()
		time.Sleep(look)
		used += watch.used() - before
		passed += time.Since(start)
	}
	b.ReportMetric(float64(used.Microseconds())/1000/passed.Seconds(), "cpu-ms/s")
	b.ReportMetric(float64(watch.resident())/1024, "MB")
	b.ReportMetric(0, "ns/op")
}

// used is the processor time that the watch has used so far, in the kernel's hundredths of a second.
func (w *watchLines) used() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.pid))
	if err != nil {
		w.b.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // the third field and what follows
	var used time.Duration
	for _, field := range fields[11:13] { // utime and stime
		ticks, err := strconv.Atoi(field)
		if err != nil {
			w.b.Fatal(err)
		}
		used += time.Duration(ticks) * 10 * time.Millisecond
	}
	return used
}

// resident is the memory that the watch has, in kilobytes.
func (w *watchLines) resident() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.pid))
	if err != nil {
		w.b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kilobytes := 0
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		w.b.Fatal(err)
	}
	return kilobytes
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
	pid   int
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
	w := &watchLines{b, filepath.Join(home, "ws", "exercises", "atomicity", "counter", "counter.go"), cmd.Process.Pid, make(chan string, 1000)}
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
