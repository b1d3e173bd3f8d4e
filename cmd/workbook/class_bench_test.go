package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// classFlag says how many submissions the classes have that BenchmarkClass grades, one after the other.
var classFlag = flag.String("class", "50,200", "how many submissions BenchmarkClass grades, by commas")

// sample is how many submissions the go command tests.
const sample = 24

// BenchmarkClass grades a class of different submissions, right and wrong ones, and compares what one takes
// with what the go command takes for the same tests: in a loop of `go test -race`, as a shell script would
// do it, and in one run of `go test -race ./...`. The go command does a sample, since it takes minutes.
//
//	go test ./cmd/workbook -run '^$' -bench Class -benchtime 1x -timeout 60m
//	go test ./cmd/workbook -run '^$' -bench Class -benchtime 1x -timeout 60m -class 100,2000
func BenchmarkClass(b *testing.B) {
	programs := classPrograms(b)
	var sizes []int
	for text := range strings.SplitSeq(*classFlag, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			b.Fatalf("-class %s: want numbers", *classFlag)
		}
		sizes = append(sizes, n)
	}
	for b.Loop() {
		home := b.TempDir()
		handIn(b, filepath.Join(home, "warm"), programs, 2)
		gradeClass(b, home, "warm", 2)
		var took []time.Duration
		var used time.Duration
		for _, n := range sizes {
			name := fmt.Sprintf("class%d", n)
			handIn(b, filepath.Join(home, name), programs, n)
			begun := time.Now()
			memory, cpu := gradeClass(b, home, name, n)
			took, used = append(took, time.Since(begun)), cpu/time.Duration(n)
			b.ReportMetric(float64(memory)/1024, fmt.Sprintf("MB-of-%d", n))
		}
		last := len(took) - 1
		each := took[last] / time.Duration(sizes[last])
		loop, once := goTests(b, programs)
		b.ReportMetric(float64(each.Milliseconds()), "ms/submission")
		b.ReportMetric(float64(used.Milliseconds()), "cpu-ms/submission")
		b.ReportMetric(float64(loop.wall)/float64(each), "times-a-loop")
		b.ReportMetric(float64(once.wall)/float64(each), "times-one-run")
		b.ReportMetric(float64(loop.cpu)/float64(used), "cpu-times-a-loop")
		b.ReportMetric(float64(once.cpu)/float64(used), "cpu-times-one-run")
		b.ReportMetric(float64(took[last])/float64(sizes[last])/(float64(took[0])/float64(sizes[0])), "growth")
	}
	b.ReportMetric(0, "ns/op")
}

// classPrograms are programs of an exercise that end by themselves.
func classPrograms(b *testing.B) [][]byte {
	b.Helper()
	dir := filepath.Join(repository(), "solutions", "atomicity", "counter")
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			b.Fatal(err)
		}
		return text
	}
	programs := [][]byte{read("counter.go")}
	for _, archive := range []string{"alt.txtar", "wrong.txtar"} {
		a := txtar.Parse(read(archive))
		for _, f := range a.Files {
			comment := string(a.Comment)
			if strings.Contains(comment, f.Name+": deadlock") || strings.Contains(comment, f.Name+": leak") {
				continue // go test would wait for minutes
			}
			programs = append(programs, f.Data)
		}
	}
	return programs
}

// submission is the i-th hand-in: no two are equal.
func submission(programs [][]byte, i int) string {
	return fmt.Sprintf("%s\nfunc submission%d() int { return %d }\n", programs[i%len(programs)], i, os.Getpid())
}

func handIn(b *testing.B, dir string, programs [][]byte, n int) {
	b.Helper()
	for i := range n {
		to := filepath.Join(dir, fmt.Sprintf("s%04d", i))
		if err := os.MkdirAll(to, 0o777); err != nil {
			b.Fatal(err)
		}
		put(b, filepath.Join(to, "counter.go"), submission(programs, i))
	}
}

// gradeClass grades a folder and returns the memory that the workbook itself had at most, in kilobytes, and
// the processor time of all that it ran.
func gradeClass(b *testing.B, home, name string, n int) (memory int, cpu time.Duration) {
	b.Helper()
	cmd := exec.Command("workbook", "grade", name, "--format", "text", "--out", name+".txt")
	cmd.Dir = home
	cmd.Env = append(os.Environ(), "HOME="+home, "WORKBOOK_CACHE="+filepath.Join(home, "cache"), "GOCACHE="+goEnv("GOCACHE"))
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	most := 0
	for {
		select {
		case <-done:
			text, err := os.ReadFile(filepath.Join(home, name+".txt"))
			if err != nil || !strings.Contains(string(text), fmt.Sprintf(" of %d passed", n)) {
				b.Fatalf("%v\n%s", err, text)
			}
			return most, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		case <-time.After(100 * time.Millisecond):
			most = max(most, highWater(cmd.Process.Pid))
		}
	}
}

// highWater is the most memory that a process has had, in kilobytes; only Linux tells.
func highWater(pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if runtime.GOOS != "linux" || err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kilobytes := 0
	fmt.Sscan(rest, &kilobytes)
	return kilobytes
}

// cost is what something took.
type cost struct{ wall, cpu time.Duration }

// goTests returns what the go command takes for a submission, in a loop and in one run.
func goTests(b *testing.B, programs [][]byte) (loop, once cost) {
	b.Helper()
	plain := plainModule(b)
	tests, err := os.ReadFile(filepath.Join(plain, "solutions", "atomicity", "counter", "counter_test.go"))
	if err != nil {
		b.Fatal(err)
	}
	for i := range sample {
		name := fmt.Sprintf("%s/s%04d", []string{"loop", "once"}[i%2], i)
		to := filepath.Join(plain, filepath.FromSlash(name))
		if err := os.MkdirAll(to, 0o777); err != nil {
			b.Fatal(err)
		}
		put(b, filepath.Join(to, "counter.go"), submission(programs, 1000+i/2))
		put(b, filepath.Join(to, "counter_test.go"), strings.ReplaceAll(string(tests), "workbook/solutions/atomicity/counter", "workbook/"+name))
	}
	const each = sample / 2
	for i := range each {
		c := goTest(plain, fmt.Sprintf("./loop/s%04d", 2*i))
		loop.wall, loop.cpu = loop.wall+c.wall/each, loop.cpu+c.cpu/each
	}
	c := goTest(plain, "./once/...")
	return loop, cost{c.wall / each, c.cpu / each}
}

// goTest runs go test -race.
func goTest(dir, packages string) cost {
	cmd := exec.Command("go", "test", "-race", "-count=1", "-timeout=60s", packages)
	cmd.Dir = dir
	took := clock(func() { _, _ = cmd.CombinedOutput() }) // wrong programs fail
	return cost{took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
}
