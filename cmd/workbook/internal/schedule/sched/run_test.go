package sched_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// TestScenarios finds each wrong program and exhausts its right twin, without the race detector's help.
func TestScenarios(t *testing.T) {
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			rep := explore(t, sched.Job{Seed: 1, Jumps: s.jumps}, s.bug)
			if rep.Class != s.class && rep.Class != sched.Race || rep.Confirmed != 2 && rep.Unconfirmable == "" {
				t.Errorf("wrong one: %s (%s), confirmed %d, want %s", rep.Class, rep.Message, rep.Confirmed, s.class)
			}
			rep = explore(t, sched.Job{Seed: 1, Jumps: s.jumps}, s.ok)
			if rep.Found || rep.Exhausted != 2 || rep.Stopped != "exhausted" || rep.AtBound == 0 {
				t.Errorf("right one: %s (%s), exhausted %d, stopped %s %s", rep.Class, rep.Message, rep.Exhausted, rep.Stopped, rep.Cannot)
			}
		})
	}
}

// child runs one scenario in a process of its own.
func child(t *testing.T, bin, name string, job sched.Job) sched.Report {
	t.Helper()
	rep, log := mayDie(t, bin, name, job)
	if rep == nil {
		t.Fatalf("%s: no report\n%s", name, log)
	}
	return *rep
}

// mayDie is child where the process may die without a report.
func mayDie(t *testing.T, bin, name string, job sched.Job) (*sched.Report, string) {
	t.Helper()
	text, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "report.json")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "-test.run", "TestChild$")
	cmd.Env = append(os.Environ(), "SCHED_CHILD="+name, "SCHED_JOB="+string(text), "SCHED_OUT="+out, sched.EnvVar+"=1", goraceQuiet+" log_path="+out)
	log, _ := cmd.CombinedOutput() // fails where the scenario does
	data, err := os.ReadFile(out)
	if err != nil {
		return nil, string(log)
	}
	var rep sched.Report
	if err := json.Unmarshal(data, &rep); err != nil {
		t.Fatal(err)
	}
	return &rep, string(log)
}

func self(t *testing.T) string {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// stable is a report without what a clock has measured.
func stable(rep sched.Report) sched.Report {
	rep.Micros, rep.Dump, rep.Stack = 0, "", ""
	return rep
}

// TestDeterministic gets the same report for the same seed, and another order for another seed.
func TestDeterministic(t *testing.T) {
	for _, s := range scenarios {
		a, b := explore(t, sched.Job{Seed: 5, Jumps: s.jumps}, s.bug), explore(t, sched.Job{Seed: 5, Jumps: s.jumps}, s.bug)
		if !reflect.DeepEqual(stable(a), stable(b)) {
			t.Errorf("%s: two runs with one seed:\n%+v\n%+v", s.name, a, b)
		}
	}
	numbers := map[int]bool{}
	for seed := range 20 {
		numbers[explore(t, sched.Job{Seed: uint64(seed), Bound: -1, KeepSchedule: true, NoTrace: true}, withdrawBug).Number] = true
	}
	if len(numbers) < 3 {
		t.Errorf("20 seeds found it at schedules %v only", numbers)
	}
}

// TestTimeDecidesHowFar: a run that is cut short has run the first schedules of one that is not.
func TestTimeDecidesHowFar(t *testing.T) {
	order := func(n int) string {
		seen := ""
		rep := explore(t, sched.Job{Schedules: n, PCT: 20, Random: 20, Bound: 3}, func(t *testing.T) {
			var log atomic.Int64
			both(func(i int) {
				for range 3 {
					sched.P(3)
					log.Store(log.Load()*2 + int64(i))
				}
			})
			seen += string(rune('0' + log.Load()))
		})
		if rep.Schedules != n || rep.Stopped != "schedules" {
			t.Fatalf("%d schedules, stopped %s", rep.Schedules, rep.Stopped)
		}
		return seen
	}
	long := order(110)
	for _, n := range []int{1, 19, 41, 77, 109} {
		if short := order(n); !strings.HasPrefix(long, short) {
			t.Errorf("the first %d schedules differ: %q, %q", n, short, long)
		}
	}
}

func TestReplay(t *testing.T) {
	for _, s := range scenarios {
		found := explore(t, sched.Job{Seed: 2, Jumps: s.jumps}, s.bug)
		for _, schedule := range []string{found.Schedule, found.Original} {
			a := runJob(t, sched.Job{Mode: sched.Replay, Schedule: schedule}, s.bug)
			if a.Class != found.Class || len(a.Steps) == 0 {
				t.Errorf("%s: replay of %s: %q, %d steps, want %q", s.name, schedule, a.Class, len(a.Steps), found.Class)
			}
			if schedule == found.Schedule && !reflect.DeepEqual(a.Steps, found.Steps) {
				t.Errorf("%s: replay of %s makes other steps", s.name, schedule)
			}
		}
	}
	found := explore(t, sched.Job{Seed: 2}, withdrawBug)
	rep := runJob(t, sched.Job{Mode: sched.Replay, Schedule: found.Schedule, Program: "another"}, withdrawBug)
	if rep.Found || !strings.Contains(rep.Cannot, sched.ErrOtherProgram.Error()) {
		t.Errorf("replay for another program: found %v, %q", rep.Found, rep.Cannot)
	}
	rep = runJob(t, sched.Job{Mode: sched.Replay, Schedule: "garbage"}, withdrawBug)
	if rep.Found || !strings.Contains(rep.Cannot, sched.ErrSchedule.Error()) {
		t.Errorf("replay of garbage: found %v, %q", rep.Found, rep.Cannot)
	}
	rep = runJob(t, sched.Job{Mode: sched.Replay, Schedule: found.Schedule}, withdrawOK)
	if rep.Found || rep.Stopped != "replayed" || len(rep.Steps) == 0 {
		t.Errorf("replay of the right twin: found %v, stopped %s, %d steps", rep.Found, rep.Stopped, len(rep.Steps))
	}
}

// TestTimeline checks what a report shows: who did what, with which values and locks, and who waits.
func TestTimeline(t *testing.T) {
	rep := explore(t, sched.Job{PCT: -1, Random: -1}, withdrawBug)
	var values []string
	locked, switched := 0, 0
	for _, st := range rep.Steps {
		if st.Value != "" {
			values = append(values, st.Value)
		}
		if st.Op == "call" && st.Line == 4 && len(st.Locks) == 1 && st.Locks[0].Name == "mu" && st.Locks[0].Taken.Line == 1 {
			locked++
		}
		if st.Switched {
			switched++
		}
	}
	if strings.Join(values, " ") != "0 -100" || locked != 2 || switched == 0 || switched > 2 || len(rep.Goroutines) != 3 {
		t.Errorf("values %q, %d writes under mu, %d switches, %d goroutines", values, locked, switched, len(rep.Goroutines))
	}
	if g := rep.Goroutines[1]; g.Parent != 1 || g.Started.Line != noisy || !g.Ended {
		t.Errorf("goroutine 2 is %+v", g)
	}

	rep = explore(t, sched.Job{PCT: -1, Random: -1, StepCap: 1000}, abba(true))
	if len(rep.Waits) != 3 {
		t.Fatalf("waits: %+v", rep.Waits)
	}
	a, b := rep.Waits[1], rep.Waits[2]
	if a.For != "mutex" || b.For != "mutex" || len(a.Holders) != 1 || a.Holders[0].By != b.G || b.Holders[0].By != a.G || a.Holders[0].Taken.Line != 1 {
		t.Errorf("no circle: %+v", rep.Waits)
	}
	if !strings.Contains(rep.Dump, "[sync.Mutex.Lock") || !strings.Contains(rep.Dump, "[sync.WaitGroup.Wait") || strings.Contains(rep.Dump, "(*scheduler)") {
		t.Errorf("dump:\n%s", rep.Dump)
	}
}

// TestMinimal checks that a schedule found by chance is reported with as few delays as it needs.
func TestMinimal(t *testing.T) {
	for seed := range 10 {
		rep := explore(t, sched.Job{Seed: uint64(seed), PCT: -1, Random: 200, Bound: -1}, withdrawBug)
		if rep.Phase != "random" || len(rep.Schedule) > len("1dpppp-0000cc") {
			t.Errorf("seed %d: %s in phase %s, from %s", seed, rep.Schedule, rep.Phase, rep.Original)
		}
	}
}

func TestMemoryIsFlat(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	var early, late runtime.MemStats
	goroutines := 0
	runs := 0
	rep := explore(t, sched.Job{PCT: n, Random: -1, Bound: -1, Schedules: n, Millis: 600_000}, func(t *testing.T) {
		switch runs++; runs {
		case n / 5:
			runtime.GC()
			runtime.ReadMemStats(&early)
			goroutines = runtime.NumGoroutine()
		case n - 1:
			runtime.GC()
			runtime.ReadMemStats(&late)
			goroutines -= runtime.NumGoroutine()
		}
		var a account
		both(func(int) { a.add(1) })
	})
	grown := int64(late.HeapAlloc) - int64(early.HeapAlloc)
	if rep.Schedules != n || grown > 1<<20 || goroutines != 0 || rep.Abandoned != 0 {
		t.Errorf("%d schedules (%s %s): the heap grew by %d bytes, goroutines by %d, %d abandoned", rep.Schedules, rep.Stopped, rep.Cannot, grown, -goroutines, rep.Abandoned)
	}
}
