package harness

import (
	"fmt"
	"os"
	"testing"
)

// Explorer runs a test function under the scheduler, as a job of the scheduler's says, and returns
// the scheduler's report; both are JSON. Where no schedule has left anything behind, renew gives the
// rewritten packages the state in which a process begins, else it is nil. The generated file beside the
// tests hands the Explorer over, so that this package depends on no scheduler.
type Explorer func(t *testing.T, name string, job []byte, f func(*testing.T)) (report []byte, renew func(), err error)

// Explore runs the hidden test f as name, freely or under the scheduler, as the grader asks. It may ask
// for both: then a test that no schedule has failed runs freely too, if nothing is left of its schedules.
func Explore(t *testing.T, name string, f func(*testing.T), explore Explorer) {
	s := current
	if len(s.job.Schedule) == 0 {
		Run(t, name, f)
		return
	}
	renew := s.explore(t, name, f, explore)
	if s.job.Freely && renew != nil && !t.Failed() && raceErrors() == 0 {
		renew()
		Run(t, name, f)
	}
}

// explore runs f under the scheduler, which has a watchdog of its own.
func (s *session) explore(t *testing.T, name string, f func(*testing.T), explore Explorer) (renew func()) {
	if name != s.job.Test {
		t.Fatalf("the grader asked for %s", s.job.Test)
	}
	s.unmute()
	defer s.mute()
	s.emit(Event{Event: "begin"})
	report, renew, err := explore(t, name, s.job.Schedule, f)
	if err != nil {
		fmt.Fprintln(os.Stderr, "workbook harness:", err)
		os.Exit(ExitStuck)
	}
	s.emit(Event{Event: "done", Failed: t.Failed(), Races: raceErrors(), Schedule: report})
	return renew
}
