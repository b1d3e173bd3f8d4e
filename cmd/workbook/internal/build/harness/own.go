package harness

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"testing"
)

// Own prepares a test binary of the learner's own package: each of its tests runs as `go test` runs it, or
// under the scheduler where the job says so, and is reported. The generated TestMain calls it.
//
// What a learner's own test leaves behind is the learner's business: its goroutines are given time to end,
// for the sake of the race detector, and are not counted.
func Own(m *testing.M, explore Explorer) {
	flag.Parse()
	s, err := connect(flag.Args())
	if err == nil {
		current = s
		err = s.take(m, explore)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "workbook harness:", err)
		os.Exit(ExitStuck)
	}
	s.mute()
}

// take puts itself between the testing package and the tests. Tests keep their functions, and so their
// names in every stack; package testing has no other way to get at them than its own variable.
func (s *session) take(m *testing.M, explore Explorer) error {
	f := reflect.ValueOf(m).Elem().FieldByName("tests")
	if !f.IsValid() || f.Type() != reflect.TypeFor[[]testing.InternalTest]() {
		return errors.New("this version of package testing keeps its tests in another place")
	}
	tests := *(*[]testing.InternalTest)(f.Addr().UnsafePointer())
	for i, test := range tests {
		tests[i].F = func(t *testing.T) {
			switch {
			case test.Name != s.job.Test:
				test.F(t)
			case len(s.job.Schedule) > 0 && explore != nil:
				Explore(t, test.Name, test.F, explore)
			default:
				s.own(t, test.F)
			}
		}
	}
	return nil
}

// own runs a test of the learner's own.
func (s *session) own(t *testing.T, f func(*testing.T)) {
	s.unmute()
	w := newWatch(s.job)
	all := w.others
	if len(all) > 0 {
		w.others = all[1:] // this goroutine is the test's
	}
	s.emit(Event{Event: "begin"})
	stop := w.guard(s)
	w.others = all
	t.Cleanup(func() { // the first of the test's, and so the last to run
		defer s.mute()
		stop()
		unseen(func() { w.settle(true) })
		s.emit(Event{Event: "done", Failed: t.Failed(), Skipped: t.Skipped(), Races: raceErrors()})
	})
	f(t)
}
