package verdict

import (
	"encoding/json"
	"testing"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule/sched"
)

// TestScheduled holds what the scheduler's report on one test makes of the verdict.
func TestScheduled(t *testing.T) {
	tests := []struct {
		name   string
		report sched.Report
		exit   int
		free   bool // a free run of the test has passed too
		want   Class
	}{
		{"every schedule passes", sched.Report{Schedules: 9, Exhausted: 2}, 0, false, Pass},
		{"a wrong result", sched.Report{Found: true, Class: sched.Wrong, Message: "3 instead of 4", Schedules: 1}, 1, false, Wrong},
		{"one at a time", sched.Report{Found: true, Class: sched.Wrong, Failures: "    x_test.go:7: not concurrent: never two", Schedules: 1}, 1, false, NotConcurrent},
		{"a race", sched.Report{Found: true, Class: sched.Race, Schedules: 1}, 66, false, Race},
		{"a deadlock", sched.Report{Found: true, Class: sched.Deadlock, Schedules: 1}, 1, false, Deadlock},
		{"a leak", sched.Report{Found: true, Class: sched.Leak, Schedules: 1}, 1, false, Leak},
		{"a panic", sched.Report{Found: true, Class: sched.Panic, Message: "boom", Schedules: 1}, 1, false, Panic},
		{"a finding outweighs a free run", sched.Report{Found: true, Class: sched.Wrong, Message: "lost", Schedules: 1}, 1, true, Wrong},
		{"not to be scheduled, and nothing else ran", sched.Report{Cannot: "it uses the network"}, 0, false, Fault},
		{"not to be scheduled, but it ran freely", sched.Report{Cannot: "it uses the network"}, 0, true, Pass},
		{"no schedule fails, but the program does", sched.Report{Schedules: 9, Exhausted: 2}, 1, false, Tampered},
		{"no schedule was judged, and nothing else ran", sched.Report{Schedules: 9, Inconclusive: 9, Exhausted: -1}, 0, false, Fault},
		{"no schedule was judged, but it ran freely", sched.Report{Schedules: 9, Inconclusive: 9, Exhausted: -1}, 0, true, Pass},
		{"most schedules were not judged", sched.Report{Schedules: 9, Inconclusive: 8, Exhausted: 0}, 0, false, Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, err := json.Marshal(tt.report)
			if err != nil {
				t.Fatal(err)
			}
			records := []run.Record{{Test: "TestX", Scheduled: true, Begun: true, Done: true, Exit: tt.exit, Schedule: text}}
			if tt.free {
				records = append(records, run.Record{Test: "TestX", Begun: true, Done: true})
			}
			if v := Judge(Input{Tests: []string{"TestX"}, Records: records}); v.Class != tt.want || v.Passed != (tt.want == Pass) {
				t.Errorf("Judge = %s, passed %v, want %s; findings %+v", v.Class, v.Passed, tt.want, v.Findings)
			}
		})
	}
}

// TestScheduledBlind has a process whose race detector no longer reports when its schedules are through.
func TestScheduledBlind(t *testing.T) {
	r := run.Record{Test: "TestX", Scheduled: true, Begun: true, Done: true, Blind: true, Schedule: []byte(`{"schedules":9,"exhausted":2}`)}
	if v := Judge(Input{Tests: []string{"TestX"}, Records: []run.Record{r}}); v.Class != Tampered {
		t.Errorf("Judge = %s, want %s", v.Class, Tampered)
	}
}

// TestUnfinished wants the tests of which fewer schedules were run than is promised.
func TestUnfinished(t *testing.T) {
	for report, want := range map[string]int{
		`{"schedules":9,"exhausted":2}`: 0, `{"schedules":9,"exhausted":3}`: 0, `{"schedules":9,"exhausted":1,"stopped":"time"}`: 1,
		`{"schedules":1,"exhausted":-1,"cannot":"network"}`: 0, `{"schedules":9,"exhausted":-1,"found":true,"class":"race"}`: 0,
	} {
		r := run.Record{Test: "TestX", Scheduled: true, Begun: true, Done: true, Schedule: []byte(report)}
		if v := Judge(Input{Tests: []string{"TestX"}, Records: []run.Record{r}}); len(v.Unfinished) != want {
			t.Errorf("%s: unfinished %q, want %d", report, v.Unfinished, want)
		}
	}
}
