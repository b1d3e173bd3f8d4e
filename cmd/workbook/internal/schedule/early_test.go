package schedule

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

const earlyMain = `package lab

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"lab/%[1]s"
	"lab/sched"
)

func TestEarly(t *testing.T) {
	for _, seed := range []uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20} {
		for name, f := range map[string]func(*testing.T){"Scenario": %[2]s.Scenario, "Early": %[2]s.Early} {
			job := sched.Job{Mode: sched.Explore, Seed: seed, Millis: 60000, NoTrace: true}
			if seed == 0 {
				job.PCT, job.Random = -1, -1
			}
			r := sched.Run(t, name, job, f)
			out, _ := json.Marshal(map[string]any{"Name": name, "Seed": seed, "Found": r.Found, "Class": r.Class, "Confirmed": r.Confirmed,
				"Exhausted": r.Exhausted, "Schedules": r.Schedules, "Cannot": r.Cannot, "Schedule": r.Schedule})
			fmt.Fprintf(os.Stderr, "PAIR %%s\n", out)
		}
	}
}
`

// TestEarlyTimers has pairs of which the wrong program is right as long as no timer fires before everybody else has
// done what there is to do: the directive finds it at every seed and by the exhaustive phase alone, nothing is found
// without, and nothing in its twin either way.
func TestEarlyTimers(t *testing.T) {
	if testing.Short() {
		t.Skip("builds four programs")
	}
	for _, name := range []string{"sleeps", "timeout"} {
		for _, kind := range []string{"wrong", "right"} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				m := newModule(t)
				dir := filepath.Join("testdata", "early", name)
				sources := sourceFiles(t, filepath.Join(dir, kind, "*.go"))
				sources["scenario.go"] = sourceFiles(t, filepath.Join(dir, "scenario.go"))["scenario.go"]
				m.add(t, kind+"/"+name, sources, func(*Input) {})
				m.write(t, "early_test.go", fmt.Appendf(nil, earlyMain, kind+"/"+name, name))
				m.write(t, "lab.go", []byte("package lab\n"))
				m.build(t, "test", "-race", "-vet=off", "-c", "-o", m.binary("early.test"), ".")
				m.checkEarly(t, kind == "wrong")
			})
		}
	}
}

// earlyResult reads a line of the program's, if it is a result.
func earlyResult(t *testing.T, line string) (r result, early, ok bool) {
	t.Helper()
	text, ok := strings.CutPrefix(line, "PAIR ")
	if !ok {
		return r, false, false
	}
	var name struct{ Name string }
	if err := errors.Join(json.Unmarshal([]byte(text), &r), json.Unmarshal([]byte(text), &name)); err != nil {
		t.Fatal(err)
	}
	return r, name.Name == "Early", true
}

func (m *module) checkEarly(t *testing.T, wrong bool) {
	t.Helper()
	cmd := m.command(m.binary("early.test"), "-test.run=^TestEarly$", "-test.timeout=120s")
	cmd.Env = append(cmd.Env, exploring)
	out, _ := cmd.CombinedOutput() // a finding makes the test fail
	n := 0
	for line := range strings.Lines(string(out)) {
		r, early, ok := earlyResult(t, line)
		if !ok {
			continue
		}
		n++
		if want := wrong && early; r.Found != want || r.Cannot != "" || want && r.Confirmed < 2 || !want && r.Exhausted < 2 {
			t.Errorf("early %t, seed %d: found %t %s, confirmed %d times, exhausted %d delays, %d schedules, cannot %q",
				early, r.Seed, r.Found, r.Class, r.Confirmed, r.Exhausted, r.Schedules, r.Cannot)
		}
		if r.Found && (r.Schedule[1] < 'A' || r.Schedule[1] > 'Z') {
			t.Errorf("the schedule %s does not say that timers fire early", r.Schedule)
		}
	}
	if n != 42 {
		t.Errorf("%d results, want 42\n%s", n, out)
	}
}
