package sched_test

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// These run in child processes: they end the process, keep it busy or leave goroutines behind.
var childScenarios = map[string]func(*testing.T){
	"crash": func(*testing.T) { // a goroutine that no Start was put in
		done := make(chan bool)
		sched.P(noisy)
		go func() {
			sched.P(3)
			panic("nobody recovers this")
		}()
		sched.P(noisy)
		<-done
	},
	"network": func(t *testing.T) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		sched.P(noisy)
		io.ReadAll(r)
	},
	"computes": func(*testing.T) {
		sched.P(3)
		for n := 0; ; n++ {
			if n == -1 {
				break
			}
		}
	},
	"daemons":      func(*testing.T) { both(func(int) { sched.P(3); daemonWork.Add(1); sched.P(3) }) },
	"daemons leak": leak(0),
	"callback":     callbackUnderLock,
	"init":         func(*testing.T) {},
	"wrong text":   func(t *testing.T) { t.Errorf("balance %d, want %d", 1, 2) },
}

var daemonWork atomic.Int64

// startDaemon is what a package that starts a server in its init function does.
func startDaemon() {
	requests := make(chan int)
	sched.P(noisy)
	go func() {
		defer sched.Start(noisy)()
		for range requests {
			sched.P(3)
		}
	}()
}

// callbackUnderLock blocks in a lock of the standard library, whose holder stands at a point.
func callbackUnderLock(*testing.T) {
	r, w := io.Pipe()
	_ = r
	both(func(int) {
		io.WriteString(lockedWriter{w}, "x")
	})
}

type lockedWriter struct{ w *io.PipeWriter }

// Write is called by both goroutines; PipeWriter.Write holds a sync.Mutex while it waits for a reader.
func (l lockedWriter) Write(b []byte) (int, error) { return l.w.Write(b) }

func TestWatchdog(t *testing.T) {
	for name, want := range map[string]string{
		"network":  "(IO wait): os.(*File).",
		"computes": "computes without a scheduling point: ",
		"callback": "(sync.Mutex.Lock): io.(*pipe).write",
	} {
		t.Run(name, func(t *testing.T) {
			rep := child(t, self(t), name, sched.Job{Mode: sched.Explore, WatchdogMillis: 100})
			if rep.Found || rep.Stopped != "cannot" || !strings.Contains(rep.Cannot, want) {
				t.Errorf("found %s, stopped %s, %q, want %q", rep.Class, rep.Stopped, rep.Cannot, want)
			}
		})
	}
}

// TestJournal has the process die and reads from the journal which schedule it was.
func TestJournal(t *testing.T) {
	journal := t.TempDir() + "/journal"
	rep, log := mayDie(t, self(t), "crash", sched.Job{Mode: sched.Explore, Journal: journal})
	if rep != nil || !strings.Contains(log, "panic: nobody recovers this") {
		t.Fatalf("it lived: %+v\n%s", rep, log)
	}
	schedule, steps := readJournal(t, journal)
	if schedule == "" || len(steps) != 0 {
		t.Fatalf("schedule %q, %d steps", schedule, len(steps))
	}
	rep, _ = mayDie(t, self(t), "crash", sched.Job{Mode: sched.Replay, Schedule: schedule, Journal: journal})
	again, steps := readJournal(t, journal)
	if rep != nil || again != schedule || len(steps) < 2 || steps[len(steps)-1].Line != 3 {
		t.Errorf("replayed: report %v, schedule %q, steps %+v", rep, again, steps)
	}
}

func readJournal(t *testing.T, name string) (string, []sched.Step) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return sched.ReadJournal(data, nil)
}

// TestRecycle explores in several processes what one explores alone.
func TestRecycle(t *testing.T) {
	whole := child(t, self(t), "daemons", sched.Job{Mode: sched.Explore, Seed: 4})
	if whole.Found || whole.Exhausted != 2 || whole.Abandoned < whole.Schedules {
		t.Fatalf("%s, exhausted %d, stopped %s, %d abandoned", whole.Class, whole.Exhausted, whole.Stopped, whole.Abandoned)
	}
	job := sched.Job{Mode: sched.Explore, Seed: 4, RecycleAfter: 12}
	processes := 1
	rep := child(t, self(t), "daemons", job)
	for ; rep.Recycle != nil && processes < 100; processes++ {
		job.Resume = rep.Recycle
		rep = child(t, self(t), "daemons", job)
	}
	if processes < 5 || rep.Exhausted != 2 || rep.AtBound != whole.AtBound || rep.Schedules != whole.Schedules || fmt.Sprint(rep.Phases) != fmt.Sprint(whole.Phases) {
		t.Errorf("%d processes: exhausted %d, %d schedules %v, alone %d %v", processes, rep.Exhausted, rep.Schedules, rep.Phases, whole.Schedules, whole.Phases)
	}
}

// TestDaemonsDoNotHideLeaks has a leak beside a goroutine of package initialisation.
func TestDaemonsDoNotHideLeaks(t *testing.T) {
	rep := child(t, self(t), "daemons leak", sched.Job{Mode: sched.Explore})
	if rep.Class != sched.Leak || rep.Confirmed != 2 {
		t.Errorf("%s, confirmed %d", rep.Class, rep.Confirmed)
	}
}

// TestInit: a process that was not told to explore runs the init functions, and then cannot.
func TestInit(t *testing.T) {
	rep := child(t, self(t), "init", sched.Job{Mode: sched.Explore})
	if rep.Cannot != "" || rep.Exhausted != 2 {
		t.Errorf("told to explore: exhausted %d, %q", rep.Exhausted, rep.Cannot)
	}
	t.Setenv("SCHED_FREE", "1")
	rep = child(t, self(t), "init", sched.Job{Mode: sched.Explore})
	if !strings.Contains(rep.Cannot, sched.EnvVar) {
		t.Errorf("not told: %q", rep.Cannot)
	}
}

func TestFailureText(t *testing.T) {
	rep := child(t, self(t), "wrong text", sched.Job{Mode: sched.Explore})
	if rep.Class != sched.Wrong || !strings.HasSuffix(rep.Message, ": balance 1, want 2") || strings.Count(rep.Failures, "balance") != 1 {
		t.Errorf("%s: %q, %q", rep.Class, rep.Message, rep.Failures)
	}
}
