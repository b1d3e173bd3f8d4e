// Package harness runs one hidden test inside the process that the grader started for it.
//
// It is compiled into every hidden-test binary and uses the standard library only. Its job comes
// over file descriptor 3, its events leave over 4 and the testing package's own words over 5;
// where descriptors cannot be inherited (Windows) three files are named in the arguments. Nothing
// that the submission prints can be mistaken for any of them. The job, and in it the nonce without
// which no event is believed, is read after the submission's package initialisation. What runs inside
// this process could still forge events if it got at descriptors, memory or the runtime; that it does
// not is for package policy to see to.
//
// The rules by which it calls a test stuck or leaking are in watch.go.
package harness

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"testing"
)

// ExitStuck is the exit status of a process whose test the harness gave up.
const ExitStuck = 3

// maxStack is where endless recursion ends. The runtime's own limit is a gigabyte for each goroutine,
// which takes seconds to fill, and seconds more to print.
const maxStack = 32 << 20

// session is the process's connection to the grader.
type session struct {
	job    Job
	out    *os.File // events
	words  *os.File // what the testing package prints
	stdout *os.File // the standard output that the process began with

	mu sync.Mutex // guards writing to out: the test's goroutine and the watch both may
}

// current is the process's only session. Main sets it before any test runs.
var current *session

// Main runs the test binary under the grader and returns its exit status. The generated TestMain
// calls it.
func Main(m *testing.M) int { return Several(m, nil) }

// Several is Main for a binary of several programs: choose makes the tests of the one that the grader asks
// for those of m.
func Several(m *testing.M, choose func(part int)) int {
	flag.Parse()
	s, err := connect(flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "workbook harness:", err)
		return ExitStuck
	}
	current = s
	if choose != nil {
		choose(s.job.Part)
	}
	debug.SetMaxStack(maxStack)
	s.mute()
	code := m.Run()
	s.end(code)
	return code
}

// end says that the tests are over, and whether the race detector still works: a program that has
// switched its reports off must not pass. Where it has reported races it evidently does, and its own
// exit status is to be seen; where it has not, the canary's race may not leave one, so the process
// ends here.
func (s *session) end(code int) {
	e := Event{Event: "end"}
	if raceErrors() > 0 {
		s.emit(e)
		return
	}
	e.Detector = canary()
	s.emit(e)
	if e.Detector == DetectorAlive && raceErrors() == 1 {
		syscall.Exit(code) // os.Exit would let the detector turn the status into its own
	}
}

// connect opens the three channels to the grader and reads the job.
func connect(args []string) (*session, error) {
	s := &session{stdout: os.Stdout}
	in := os.NewFile(3, "job")
	s.out, s.words = os.NewFile(4, "events"), os.NewFile(5, "words")
	if len(args) == 3 {
		var err error
		if in, err = os.Open(args[0]); err != nil {
			return nil, err
		}
		if s.out, err = os.OpenFile(args[1], os.O_WRONLY|os.O_APPEND, 0); err != nil {
			return nil, err
		}
		if s.words, err = os.OpenFile(args[2], os.O_WRONLY|os.O_APPEND, 0); err != nil {
			return nil, err
		}
	}
	line, err := bufio.NewReader(in).ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("reading the job: %w", err)
	}
	if err := json.Unmarshal(line, &s.job); err != nil {
		return nil, fmt.Errorf("reading the job: %w", err)
	}
	return s, in.Close()
}

// mute sends what the testing package prints from now on to the grader. The testing package takes
// os.Stdout once, when its tests begin; the submission, which may print from a goroutine that it
// started in init, must not be charged with a race on the variable.
//
//go:norace
func (s *session) mute() { os.Stdout = s.words }

// unmute gives the submission its standard output back.
//
//go:norace
func (s *session) unmute() { os.Stdout = s.stdout }

func (s *session) emit(e Event) {
	e.Nonce, e.Test = s.job.Nonce, s.job.Test
	line, err := json.Marshal(e)
	if err != nil {
		return // no string of ours can fail to marshal; a missing event is never a pass
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Write(append(line, '\n'))
}

// Run runs the hidden test f as name. The generated Test functions call it.
func Run(t *testing.T, name string, f func(*testing.T)) {
	s := current
	if name != s.job.Test {
		t.Fatalf("the grader asked for %s", s.job.Test)
	}
	s.unmute()
	defer s.mute()
	w := newWatch(s.job)
	s.emit(Event{Event: "begin"})
	stop := w.guard(s)
	skipped := false
	// A subtest, so that its cleanups have run before the goroutines are counted.
	t.Run("hidden", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		f(t)
	})
	stop()
	failed := t.Failed()
	var leaked int
	var dump string
	unseen(func() { leaked, dump = w.settle(failed) })
	// The count comes after the goroutines have settled: a race after the test's end counts too.
	s.emit(Event{Event: "done", Failed: failed || t.Failed(), Skipped: skipped, Races: raceErrors(), Leaked: leaked, Dump: dump})
}

// guard watches the running test from a goroutine of its own until stop is called.
func (w *watch) guard(s *session) (stop func()) {
	if s.job.Bare {
		return func() {}
	}
	quit := make(chan struct{})
	other := w.beside()
	var wg sync.WaitGroup
	wg.Go(func() {
		if why, dump := other.stuck(quit); why != "" {
			s.emit(Event{Event: "stuck", Stuck: why, Races: raceErrors(), Dump: dump})
			os.Exit(ExitStuck)
		}
	})
	return func() {
		close(quit)
		wg.Wait()
	}
}
