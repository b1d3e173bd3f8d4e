package cell

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const varies = "ch := make(chan int)\nfor i := range 8 {\n\tgo func() { ch <- i }()\n}\nfor range 8 {\n\tfmt.Print(<-ch)\n}"

// checked loads a lesson with one cell and its output and checks it.
func checked(t *testing.T, r *Runner, info, code, output string) string {
	t.Helper()
	l := lessons(t, map[string]string{"01-x.md": "# X\n\n```go cell " + info + "\n" + code + "\n```\n\n```output " + output + "\n```\n"})[0]
	var all []string
	for _, f := range r.Check(t.Context(), l, l.Cells[0]) {
		all = append(all, f.String())
	}
	return strings.Join(all, "\n")
}

func TestCheckFaults(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, info, code, output, want string }{
		{"varies", "gomaxprocs=4", varies, "match=exact\n70123456", ""},
		{"wrong output", "", "fmt.Println(1)", "\n2", "lessons/01-x.md:8: the output is not the documented one (- documented, + real):\n  - 2\n  + 1"},
		{"wrong class", "expect=panic", "fmt.Println(1)", "\n1", "lessons/01-x.md:4: the cell ends with ok, want panic"},
		{"compile", "", "fmt.Println(1", "\n1", "lessons/01-x.md:4: the cell ends with compile-error, want ok"},
		{"outcome missing", "engine=explore", "go fmt.Print(1)", "match=any\n1", "lessons/01-x.md:8: the outcomes of all 2 schedules are not those listed\nfound, but not listed:\n  +"},
		{"outcome invented", "engine=explore", "fmt.Print(1)", "match=any\n1\n---\n2", "listed, but not found:\n  - 2"},
		// The interpreter has no names for the cell's types, which is refused only where it can be seen to matter.
		{"not admitted", "engine=explore", "type T struct{}\nverb := \"%T\"\nfmt.Printf(verb, T{})", "match=any\nstruct {}", "go run ends in a way that exploring did not find:\n  + main.T"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := checked(t, runner(t), test.info, test.code, test.output)
			if !strings.Contains(got, test.want) || got == "" {
				t.Errorf("Check = %q, want %q in it", got, test.want)
			}
		})
	}
}

// A cell that varies may not have one exact output, whichever it was the first time.
func TestCheckVariation(t *testing.T) {
	t.Parallel()
	r := runner(t)
	l, c := one(t, "", "fmt.Println(runtime.GOMAXPROCS(0) > 2)")
	res, err := r.Run(t.Context(), l, c)
	if err != nil {
		t.Fatal(err)
	}
	got := checked(t, r, "", "fmt.Println(runtime.GOMAXPROCS(0) > 2)", "\n"+strings.TrimSpace(res.Output))
	if !strings.Contains(got, "of 20 the cell disagrees: match=exact") {
		t.Errorf("Check = %q, want a disagreement", got)
	}
}

// What compiled once is not compiled again, and what passed once is not run again.
func TestCaches(t *testing.T) {
	t.Parallel()
	r := runner(t)
	mark := filepath.Join(t.TempDir(), "mark")
	code := "f, _ := os.OpenFile(" + `"` + filepath.ToSlash(mark) + `"` + ", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)\nf.WriteString(\"x\")\nf.Close()\nfmt.Println(1)"
	if got := checked(t, r, "", code, "\n1"); got != "" {
		t.Fatal(got)
	}
	size := func() int {
		data, err := os.ReadFile(mark)
		if err != nil {
			t.Fatal(err)
		}
		return len(data)
	}
	ran := size()
	if ran != 1+admitRuns {
		t.Errorf("the first Check ran the cell %d times, want %d", ran, 1+admitRuns)
	}
	if got := checked(t, r, "", code, "\n1"); got != "" || size() != ran {
		t.Errorf("the second Check ran the cell %d times, %q", size()-ran, got)
	}
	if got := checked(t, r, "", code, "match=any\n1"); got != "" || size() == ran {
		t.Errorf("Check with another expectation did not run the cell: %q", got)
	}
	// With a go command that can tell its version and nothing else, a cell that is compiled runs.
	l, c := one(t, "", code)
	tool, err := r.toolchain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := Assemble(l, c)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	b, err := r.build(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if b.dir != "" || !strings.HasPrefix(b.binary, r.Cache) || b.version != tool.Version {
		t.Errorf("build = %+v, want a binary out of the cache", b)
	}
	t.Logf("recalled in %v", time.Since(start))
}

// The learner's own settings of the toolchain have no effect.
func TestEnvironment(t *testing.T) {
	r := runner(t)
	r.Env = append(os.Environ(), "GOFLAGS=-nonsense", "GO111MODULE=off", "GOWORK=/nowhere/go.work", "GODEBUG=panicnil=1", "GOMAXPROCS=77", "GORACE=exitcode=1")
	l, c := one(t, "", "fmt.Println(os.Getenv(\"GOFLAGS\"), runtime.GOMAXPROCS(0) == 77)")
	res, err := r.Run(t.Context(), l, c)
	if err != nil || res.Output != " false\n" {
		t.Errorf("Run = %q, %v", res.Text(), err)
	}
}

// What is not the cell's fault is an error, not a result.
func TestOurErrors(t *testing.T) {
	t.Parallel()
	l, c := one(t, "", "fmt.Println(1)")
	tests := []struct {
		name, want string
		r          Runner
	}{
		{"no go", "finding the go command", Runner{Go: "no-such-go-command"}},
		{"no home", "building the cell", Runner{Env: []string{"PATH=" + os.Getenv("PATH")}}},
	}
	for _, test := range tests {
		if _, err := test.r.Run(t.Context(), l, c); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Run = %v, want %q in it", test.name, err, test.want)
		}
	}
	l, c = one(t, "engine=explore", "fmt.Println(1)")
	r := runner(t)
	r.Worker = nil
	if _, err := r.Run(t.Context(), l, c); err == nil || !strings.Contains(err.Error(), "needs a worker process") {
		t.Errorf("no worker: Run = %v", err)
	}
}

// A worker that is given anything but a job ends.
func TestWorkerGarbage(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "{", "[1,2]", "garbage"} {
		var out strings.Builder
		if code := WorkerMain(strings.NewReader(in), &out); code != 2 || out.Len() > 0 {
			t.Errorf("WorkerMain(%q) = %d, %q, want 2 and nothing", in, code, out.String())
		}
	}
}

// BenchmarkExplore takes the time from a key to all outcomes: of a cell that was explored before, of one
// that was not, so that the go command is asked for its packages, and of one with ten thousand schedules.
func BenchmarkExplore(b *testing.B) {
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	kept := b.TempDir()
	four := "x, y := 0, 0\nvar wg sync.WaitGroup\nfor range 2 {\n\twg.Go(func() {\n\t\tx++\n\t\ty++\n\t})\n}\nwg.Wait()\nfmt.Println(x, y)"
	eight := strings.ReplaceAll(four, "y++", "y++\n\t\tx = 2*x\n\t\ty = 2*y")
	for _, bench := range []struct {
		name, code string
		cache      func() string
	}{
		{"two goroutines of four steps", four, func() string { return kept }},
		{"the same for the first time", four, b.TempDir},
		{"two goroutines of eight steps", eight, func() string { return kept }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			l := lessons(b, map[string]string{"01-x.md": "# X\n\n```go cell engine=explore\n" + bench.code + "\n```\n"})[0]
			schedules := 0
			for b.Loop() {
				r := &Runner{Cache: bench.cache(), Worker: []string{exe, "__worker"}}
				res, err := r.Run(b.Context(), l, l.Cells[0])
				if err != nil || res.Class != ClassOK {
					b.Fatal(res, err)
				}
				schedules = 0
				for _, o := range res.Outcomes {
					schedules += o.Count
				}
			}
			b.ReportMetric(float64(schedules), "schedules")
		})
	}
}

// A compiled run ends in the words of exploring.
func TestEnding(t *testing.T) {
	for want, r := range map[string]Result{
		"1":                                   {Class: ClassOK, Output: "1\n"},
		"FATAL: concurrent map writes":        {Class: ClassFatal, Stderr: "fatal error: concurrent map writes\n\ngoroutine 1 [running]:\n"},
		"1\nPANIC: send on closed channel":    {Class: ClassPanic, Output: "1\n", Stderr: "panic: send on closed channel [recovered, repanicked]\n"},
		"1\n" + strings.ToUpper(ClassTimeout): {Class: ClassTimeout, Output: "1\n"},
	} {
		if got := ending(r); got != want {
			t.Errorf("ending(%+v) = %q, want %q", r, got, want)
		}
	}
}
