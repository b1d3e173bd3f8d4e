package schedule

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// exploring is in the environment of processes that explore.
const exploring = "WORKBOOK_SCHEDULE=1"

// seed fixes which programs are generated.
var seed = flag.Uint64("seed", 1, "for the generated programs")

// module is a Go module in a temporary folder, with the runtime in it.
type module struct {
	dir string
	w   *world
}

func newModule(t testing.TB) *module {
	t.Helper()
	m := &module{t.TempDir(), newWorld(t)}
	m.w.runtime(t)
	m.write(t, "go.mod", []byte("module lab\n\ngo 1.26\n"))
	for name, text := range Runtime() {
		m.write(t, "sched/"+name, text)
	}
	return m
}

func (m *module) write(t testing.TB, name string, text []byte) {
	t.Helper()
	path := filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// add rewrites a package into the module's folder of the same name and returns the number of its last site.
func (m *module) add(t testing.TB, folder string, sources map[string][]byte, change func(*Input)) int32 {
	t.Helper()
	in, err := m.w.check("lab/"+folder, sources)
	if err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	m.w.extra[in.Pkg.Path()] = in.Pkg
	in.First = 1
	if change != nil {
		change(&in)
	}
	out := m.w.rewrite(t, in)
	for _, r := range out.Refused {
		t.Errorf("%s refused: %s", folder, r)
	}
	for name, text := range out.Files {
		m.write(t, folder+"/"+filepath.Base(name), text)
	}
	for name, text := range out.Extra {
		m.write(t, folder+"/"+name, text)
	}
	return in.First + int32(len(out.Sites))
}

// binary is the path of a program in the module's folder.
func (m *module) binary(name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(m.dir, name)
}

// build builds with the go command; without a C compiler there is no race detector, and the test is left out.
func (m *module) build(t *testing.T, args ...string) {
	t.Helper()
	out, err := m.command("go", args...).CombinedOutput()
	if err != nil && (bytes.Contains(out, []byte("-race requires cgo")) || bytes.Contains(out, []byte("C compiler"))) {
		t.Skipf("no race detector here: %s", out)
	}
	if err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
}

func (m *module) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-trimpath", "GOWORK=off", "GORACE=atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0", "GOPROXY=off")
	return cmd
}

func sourceFiles(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
	}
	sources := map[string][]byte{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources[filepath.Base(path)] = text
	}
	return sources
}

// programs returns the names of the programs among the functions of the sources.
func programs(sources map[string][]byte) []string {
	var names []string
	for _, text := range sources {
		for line := range bytes.Lines(text) {
			if rest, ok := bytes.CutPrefix(line, []byte("func ")); ok {
				if name, _, ok := strings.Cut(string(rest), "(p printer)"); ok {
					names = append(names, name)
				}
			}
		}
	}
	return slices.Sorted(slices.Values(names))
}

const diffMain = `package main

import (
	"fmt"
	"os"
	"strings"

	"lab/plain"
	"lab/rewritten"
)

func run(f func(func(...any))) (out string) {
	var b strings.Builder
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintln(&b, "panic", r)
		}
		out = b.String()
	}()
	f(func(args ...any) { fmt.Fprintln(&b, args...) })
	return
}

func main() {
	ok := 0
	for _, x := range []struct {
		name string
		a, b func(func(...any))
	}{
%s	} {
		a, b := run(x.a), run(x.b)
		if a != b || a == "" {
			fmt.Printf("%%s differs\nplain:\n%%srewritten:\n%%s\n", x.name, a, b)
			os.Exit(1)
		}
		ok++
	}
	fmt.Println(ok, "programs")
}
`

// TestSameOutput runs programs that are right and deterministic, rewritten and not.
func TestSameOutput(t *testing.T) {
	n := 170
	if testing.Short() {
		n = 20
	}
	m := newModule(t)
	sources := sourceFiles(t, "testdata/diff/*.go")
	sources["generated.go"] = generated(*seed, n)
	for name, text := range sources {
		m.write(t, "plain/"+name, text)
	}
	m.add(t, "rewritten", sources, nil)
	var table strings.Builder
	names := programs(sources)
	for _, name := range names {
		fmt.Fprintf(&table, "\t\t{%q, diff.%s, diff2.%s},\n", name, name, name)
	}
	text := strings.Replace(fmt.Sprintf(diffMain, table.String()), `"lab/plain"`, `diff "lab/plain"`, 1)
	m.write(t, "main.go", []byte(strings.Replace(text, `"lab/rewritten"`, `diff2 "lab/rewritten"`, 1)))
	m.build(t, "build", "-o", m.binary("both"), ".")
	out, err := m.command(m.binary("both")).CombinedOutput()
	if want := fmt.Sprintf("%d programs\n", len(names)); err != nil || string(out) != want {
		t.Fatalf("got %v\n%s\nwant %s", err, out, want)
	}
	t.Logf("%s", out)
}

const diffScheduled = `package diff_test

import (
	"fmt"
	"strings"
	"testing"

	diff "lab/rewritten"
	"lab/sched"
)

func run(f func(func(...any))) (out string) {
	var b strings.Builder
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintln(&b, "panic", r)
		}
		out = b.String()
	}()
	f(func(args ...any) { fmt.Fprintln(&b, args...) })
	return
}

func TestPrograms(t *testing.T) {
	schedules := 0
	for _, x := range []struct {
		name string
		f    func(func(...any))
	}{
%s	} {
		first := ""
		r := sched.Run(t, x.name, sched.Job{Mode: sched.Explore, Seed: 1, PCT: 5, Random: 5, Bound: 1, Schedules: 60, Millis: 5000}, func(t *testing.T) {
			out := run(x.f)
			if first == "" {
				first = out
			}
			if out != first {
				t.Errorf("first\n%%s\nnow\n%%s", first, out)
			}
		})
		schedules += r.Schedules
		if r.Found || r.Cannot != "" || r.Inconclusive > 0 || r.Schedules == 0 || r.Nondet > 0 {
			fmt.Printf("%%s: found %%v %%s %%q, cannot %%q, %%d inconclusive of %%d, %%d not as planned\n%%s", x.name, r.Found, r.Class, r.Message, r.Cannot, r.Inconclusive, r.Schedules, r.Nondet, r.Failures)
		}
	}
	fmt.Println(schedules, "schedules")
}
`

// TestSameOutputScheduled runs the same programs under the scheduler: in every schedule they say the same.
func TestSameOutputScheduled(t *testing.T) {
	m := newModule(t)
	sources := sourceFiles(t, "testdata/diff/*.go")
	sources["generated.go"] = generated(*seed+1, 40)
	m.add(t, "rewritten", sources, nil)
	var table strings.Builder
	for _, name := range programs(sources) {
		fmt.Fprintf(&table, "\t\t{%q, diff.%s},\n", name, name)
	}
	m.write(t, "rewritten/programs_test.go", fmt.Appendf(nil, diffScheduled, table.String()))
	m.build(t, "test", "-vet=off", "-c", "-o", m.binary("programs.test"), "./rewritten")
	cmd := m.command(m.binary("programs.test"), "-test.timeout=300s")
	cmd.Env = append(cmd.Env, exploring)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
