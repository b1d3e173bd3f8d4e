package sched_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"workbook/cmd/workbook/internal/schedule"
	"workbook/cmd/workbook/internal/schedule/sched"
)

// A pair is a wrong program and its right twin, as they are written, with the test that tells them
// apart; testdata/pairs/NAME.txt holds "class: …", and the sections bug.go, ok.go and scenario.go.
type pair struct {
	name, class string
	jumps       string // "yes": the wrong one needs timers to fire early; "no": the twin may not have them
	files       map[string]string
}

func readPairs(t testing.TB) []pair {
	t.Helper()
	names, err := filepath.Glob("testdata/pairs/*.txt")
	if err != nil || len(names) < 18 {
		t.Fatalf("%d pairs: %v", len(names), err)
	}
	var all []pair
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		head, rest, _ := strings.Cut(string(data), "\n-- ")
		p := pair{name: strings.TrimSuffix(filepath.Base(name), ".txt"), files: map[string]string{}}
		for line := range strings.Lines(head + "\n") {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "class":
				p.class = value
			case "jumps":
				p.jumps = value
			}
		}
		for section := range strings.SplitSeq(rest, "\n-- ") {
			file, text, _ := strings.Cut(section, " --\n")
			p.files[file] = text
		}
		if p.class == "" || len(p.files) != 3 {
			t.Fatalf("%s: class %q, %d files", name, p.class, len(p.files))
		}
		all = append(all, p)
	}
	return all
}

// lab is a module outside of the workbook's, in which all pairs are rewritten and linked into one
// test binary with the race detector.
type lab struct {
	pairs  []pair
	binary string
}

var buildLab = sync.OnceValues(func() (lab, error) {
	dir, err := os.MkdirTemp("", "pairs")
	if err != nil {
		return lab{}, err
	}
	cleanups = append(cleanups, func() { os.RemoveAll(dir) })
	l := lab{binary: filepath.Join(dir, "lab.test")}
	return l, l.build(dir)
})

var cleanups []func()

func TestMain(m *testing.M) {
	code := m.Run()
	for _, f := range cleanups {
		f()
	}
	os.Exit(code)
}

func (l *lab) build(dir string) error {
	if err := writeFile(dir, "go.mod", "module lab\n\ngo 1.26\n"); err != nil {
		return err
	}
	for name, text := range schedule.Runtime() {
		if err := writeFile(dir, "sched/"+name, string(text)); err != nil {
			return err
		}
	}
	var t fataler
	l.pairs = readPairs(&t)
	if t.text != "" {
		return fmt.Errorf("reading pairs: %s", t.text)
	}
	imports, table := "", ""
	first := int32(1)
	for _, p := range l.pairs {
		for _, kind := range []string{"bug", "ok"} {
			pkg := p.name + kind
			if err := rewriteTo(dir, pkg, &first, p.files[kind+".go"], p.files["scenario.go"]); err != nil {
				return fmt.Errorf("rewriting %s: %w", pkg, err)
			}
			imports += fmt.Sprintf("\t%s \"lab/%s\"\n", pkg, pkg)
			table += fmt.Sprintf("\t%q: %s.Scenario,\n", p.name+"/"+kind, pkg)
		}
	}
	if err := writeFile(dir, "main_test.go", fmt.Sprintf(labMain, imports, table)); err != nil {
		return err
	}
	more, err := diffFiles()
	if err != nil {
		return err
	}
	for name, text := range more {
		if err := writeFile(dir, name, text); err != nil {
			return err
		}
	}
	cmd := exec.Command("go", "test", "-race", "-vet=off", "-c", "-o", l.binary, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w\n%s", err, out)
	}
	return nil
}

// fataler takes a Fatal outside of a test.
type fataler struct {
	testing.TB
	text string
}

func (f *fataler) Helper()                      {}
func (f *fataler) Fatal(args ...any)            { f.text += fmt.Sprintln(args...) }
func (f *fataler) Fatalf(s string, args ...any) { f.text += fmt.Sprintf(s+"\n", args...) }

const labMain = `package lab

import (
	"encoding/json"
	"os"
	"testing"

	"lab/sched"
%s)

var scenarios = map[string]func(*testing.T){
%s}

func TestLab(t *testing.T) {
	var jobs []sched.Job
	if err := json.Unmarshal([]byte(os.Getenv("LAB_JOBS")), &jobs); err != nil {
		t.Fatal(err)
	}
	var reports []sched.Report
	for _, job := range jobs {
		reports = append(reports, sched.Run(t, os.Getenv("LAB_NAME"), job, scenarios[os.Getenv("LAB_NAME")]))
	}
	out, err := json.Marshal(reports)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("LAB_OUT"), out, 0o600); err != nil {
		t.Fatal(err)
	}
}
`

func writeFile(dir, name, text string) error {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o600)
}

// rewriteTo writes the rewritten package of two files.
func rewriteTo(dir, pkg string, first *int32, program, scenario string) error {
	in := schedule.Input{
		Fset: token.NewFileSet(), Import: "lab/sched", First: *first,
		Sources: map[string][]byte{"program.go": []byte(program), "scenario.go": []byte(scenario)},
		Info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
		},
	}
	for _, name := range []string{"program.go", "scenario.go"} {
		f, err := parser.ParseFile(in.Fset, name, in.Sources[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		in.Files = append(in.Files, f)
	}
	imp, err := stdImporter()
	if err != nil {
		return err
	}
	conf := types.Config{Importer: imp}
	if in.Pkg, err = conf.Check("lab/"+pkg, in.Fset, in.Files, in.Info); err != nil {
		return err
	}
	out, err := schedule.Rewrite(in)
	if err != nil {
		return err
	}
	if len(out.Refused) > 0 {
		return fmt.Errorf("refused: %v", out.Refused)
	}
	*first += int32(len(out.Sites))
	for _, files := range []map[string][]byte{out.Files, out.Extra} {
		for name, text := range files {
			if err := writeFile(dir, pkg+"/"+name, string(text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// stdImporter imports what the pairs use of the standard library, from export data.
var stdImporter = sync.OnceValues(func() (types.Importer, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", "sync", "sync/atomic", "testing", "context", "errors", "time", "fmt", "runtime", "iter", "workbook/cmd/workbook/internal/schedule/sched")
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		files[path] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }), nil
})

// run runs the jobs for one program in a process of its own.
func (l lab) run(t *testing.T, name string, jobs ...sched.Job) []sched.Report {
	t.Helper()
	out := filepath.Join(t.TempDir(), "reports.json")
	text, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(l.binary, "-test.run", "TestLab")
	cmd.Env = append(os.Environ(), "LAB_NAME="+name, "LAB_JOBS="+string(text), "LAB_OUT="+out, sched.EnvVar+"=1", goraceQuiet+" log_path="+out)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.Run() // fails where a scenario does
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("%s: no report: %v\n%s", name, err, log.Bytes())
	}
	var reports []sched.Report
	if err := json.Unmarshal(data, &reports); err != nil {
		t.Fatal(err)
	}
	return reports
}

const goraceQuiet = "GORACE=atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0"

var gradings = flag.Int("gradings", 10, "how many seeds a wrong program of a pair is graded with")

// TestPairs finds every wrong program with every seed, and by the exhaustive phase alone, and
// exhausts every twin without a finding.
func TestPairs(t *testing.T) {
	l, err := buildLab()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range l.pairs {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			jumps := p.jumps == "yes"
			jobs := []sched.Job{
				{Mode: sched.Explore, Millis: 60_000, Jumps: jumps, PCT: -1, Random: -1},
				{Mode: sched.Explore, Millis: 60_000, Jumps: jumps, Seed: 1},
			}
			for seed := range *gradings {
				jobs = append(jobs, sched.Job{Mode: sched.Explore, Millis: 60_000, Jumps: jumps, Seed: uint64(seed) + 2, KeepSchedule: true, NoTrace: true})
			}
			var numbers []int
			for i, rep := range l.run(t, p.name+"/bug", jobs...) {
				if !rep.Found || rep.Confirmed != 2 || rep.Nondet != 0 {
					t.Errorf("job %d: found %v, confirmed %d, nondet %d, stopped %s %s", i, rep.Found, rep.Confirmed, rep.Nondet, rep.Stopped, rep.Cannot)
				}
				if i < 2 && !slices.Contains(strings.Fields(p.class), rep.Class) {
					t.Errorf("job %d: class %s (%s), want %s", i, rep.Class, rep.Message, p.class)
				}
				if text := rep.RaceText; i < 2 && rep.Class == sched.Race && (!strings.Contains(text, "WARNING: DATA RACE") || strings.Contains(text, "(*scheduler)")) {
					t.Errorf("job %d: the detector's report is %q", i, text)
				}
				numbers = append(numbers, rep.Number)
			}
			twin := l.run(t, p.name+"/ok", sched.Job{Mode: sched.Explore, Millis: 60_000, Jumps: jumps}, sched.Job{Mode: sched.Explore, Millis: 60_000, Jumps: p.jumps != "no", Schedules: 400})
			if rep := twin[1]; rep.Found {
				t.Errorf("twin, timers fire early: %s: %s\n%s", rep.Class, rep.Message, rep.RaceText)
			}
			rep := twin[0]
			if rep.Found || rep.Exhausted != 2 || rep.Nondet != 0 {
				t.Errorf("twin: found %v (%s: %s), exhausted %d, nondet %d, stopped %s %s\n%s", rep.Found, rep.Class, rep.Message, rep.Exhausted, rep.Nondet, rep.Stopped, rep.Cannot, rep.RaceText)
			}
			slices.Sort(numbers[1:])
			t.Logf("exhaustive search: schedule %d; by seed: median %d, worst %d; twin: %d schedules, %d ms",
				numbers[0], numbers[len(numbers)/2], numbers[len(numbers)-1], rep.AtBound, rep.Micros/1000)
		})
	}
}
