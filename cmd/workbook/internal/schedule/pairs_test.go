package schedule

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var long = flag.Bool("long", false, "200 seeds for each wrong program, in place of 20")

// result is what one exploration of a program found out.
type result struct {
	Found      bool
	Class      string
	Message    string
	Confirmed  int
	Exhausted  int
	Complete   bool
	AtBound    int
	Schedules  int
	MaxSteps   int
	TotalSteps int
	Micros     int64
	Nondet     int
	Cannot     string
	Stopped    string
	Failures   string
	RaceText   string
	Schedule   string
	Seed       uint64
	Exhaustive bool // the exhaustive phase alone
}

const pairsMain = `package lab

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"lab/sched"
%s)

var programs = map[string]func(*testing.T){
%s}

// TestPair explores the program that PAIR names, with each of SEEDS; seed 0 stands for the exhaustive phase
// alone. Of right programs, only the first seed runs that phase, which no seed changes.
func TestPair(t *testing.T) {
	name := os.Getenv("PAIR")
	for i, text := range strings.Fields(os.Getenv("SEEDS")) {
		seed, _ := strconv.ParseUint(text, 10, 64)
		job := sched.Job{Mode: sched.Explore, Seed: seed, Program: name, Millis: 60000, NoTrace: os.Getenv("TRACE") == ""}
		if seed == 0 {
			job.PCT, job.Random = -1, -1
		}
		if i > 0 && strings.HasPrefix(name, "right/") {
			job.Bound = -1
		}
		r := sched.Run(t, name, job, programs[name])
		out, _ := json.Marshal(map[string]any{
			"Found": r.Found, "Class": r.Class, "Message": r.Message, "Confirmed": r.Confirmed, "Exhausted": r.Exhausted, "Complete": r.Complete, "AtBound": r.AtBound, "TotalSteps": r.TotalSteps, "Schedules": r.Schedules,
			"MaxSteps": r.MaxSteps, "Micros": r.Micros, "Nondet": r.Nondet, "Cannot": r.Cannot, "Stopped": r.Stopped, "Failures": r.Failures,
			"RaceText": r.RaceText, "Schedule": r.Schedule, "Seed": seed, "Exhaustive": seed == 0,
		})
		fmt.Fprintf(os.Stderr, "PAIR %%s\n", out)
		if os.Getenv("TRACE") != "" {
			out, _ := json.MarshalIndent(r, "", " ")
			fmt.Fprintf(os.Stderr, "%%s\n", out)
		}
	}
}
`

// buildPairs rewrites all programs of testdata/pairs and builds one test binary of them.
func buildPairs(t *testing.T) (m *module, names []string) {
	m = newModule(t)
	dirs, err := filepath.Glob("testdata/pairs/*")
	if err != nil || len(dirs) < 48 {
		t.Fatalf("%d pairs: %v", len(dirs), err)
	}
	var imports, table strings.Builder
	first := int32(1)
	for _, dir := range dirs {
		name := filepath.Base(dir)
		names = append(names, name)
		for _, kind := range []string{"wrong", "right"} {
			sources := sourceFiles(t, dir+"/"+kind+"/*.go")
			sources["scenario.go"] = sourceFiles(t, dir+"/scenario.go")["scenario.go"]
			first = m.add(t, kind+"/"+name, sources, func(in *Input) { in.First = first })
			fmt.Fprintf(&imports, "\t%s%s \"lab/%s/%s\"\n", kind, name, kind, name)
			fmt.Fprintf(&table, "\t%q: %s%s.Scenario,\n", kind+"/"+name, kind, name)
		}
	}
	m.write(t, "pairs_test.go", fmt.Appendf(nil, pairsMain, imports.String(), table.String()))
	m.write(t, "lab.go", []byte("package lab\n"))
	m.build(t, "test", "-race", "-vet=off", "-c", "-o", m.binary("pairs.test"), ".")
	return m, names
}

// explore runs one program in a process of its own, once a seed.
func (m *module) explore(t *testing.T, name string, seeds []string) []result {
	t.Helper()
	cmd := m.command(m.binary("pairs.test"), "-test.run=^TestPair$", "-test.timeout=300s")
	cmd.Env = append(cmd.Env, exploring, "PAIR="+name, "SEEDS="+strings.Join(seeds, " "), "TRACE="+os.Getenv("TRACE"))
	out, _ := cmd.CombinedOutput() // a finding makes the test fail
	var results []result
	for line := range strings.Lines(string(out)) {
		if text, ok := strings.CutPrefix(line, "PAIR "); ok {
			var r result
			if err := json.Unmarshal([]byte(text), &r); err != nil {
				t.Fatal(err)
			}
			results = append(results, r)
		}
	}
	if len(results) != len(seeds) || os.Getenv("TRACE") != "" {
		t.Errorf("%s: %d results for %d seeds\n%s", name, len(results), len(seeds), out)
	}
	return results
}

func seeds(n int) []string {
	l := []string{"0"}
	for i := range n {
		l = append(l, fmt.Sprint(i+1))
	}
	return l
}

// TestPairs demands that each wrong program is found at every seed and by the exhaustive phase alone, and
// that all schedules of its right twin with at most two delays are run with no finding. What it counts is
// published.
func TestPairs(t *testing.T) {
	switch {
	case testing.Short():
		t.Skip("explores for a minute")
	case *measure:
		t.Skip("TestFigures does the same")
	}
	n := 20
	if *long {
		n = 200
	}
	m, names := buildPairs(t)
	if y := m.pairs(t, names, n); n == 20 && !t.Failed() {
		y.published(t)
	}
}

// pairs explores all programs, each with so many seeds.
func (m *module) pairs(t *testing.T, names []string, n int) *tally {
	y := &tally{programs: len(names)}
	t.Run("group", func(t *testing.T) {
		for _, name := range names {
			t.Run("wrong/"+name, func(t *testing.T) {
				t.Parallel()
				for _, r := range m.explore(t, "wrong/"+name, seeds(n)) {
					if !r.Found || r.Confirmed < 2 || r.Cannot != "" {
						t.Errorf("seed %d: found %t, confirmed %d times, %d schedules, cannot %q", r.Seed, r.Found, r.Confirmed, r.Schedules, r.Cannot)
					}
					y.wrong(r)
				}
			})
			t.Run("right/"+name, func(t *testing.T) {
				t.Parallel()
				for i, r := range m.explore(t, "right/"+name, seeds(n)[1:]) {
					if r.Found || i == 0 && r.Exhausted < 2 || r.Nondet > 0 || r.Cannot != "" {
						t.Errorf("found %t: %s %q; exhausted %d, stopped %q after %d schedules of up to %d steps, %d not as planned, cannot %q\n%s\n%s",
							r.Found, r.Class, r.Message, r.Exhausted, r.Stopped, r.Schedules, r.MaxSteps, r.Nondet, r.Cannot, r.Failures, r.RaceText)
					}
					y.twin(r)
				}
			})
		}
	})
	return y
}
