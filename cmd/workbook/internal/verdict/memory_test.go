package verdict

import (
	"testing"

	"workbook/cmd/workbook/internal/run"
)

// TestStarved: the race detector ends a program that gets no more memory with the status by which it tells
// of races, and there was none.
func TestStarved(t *testing.T) {
	const words = "==1==ERROR: ThreadSanitizer failed to allocate 0x8000000 (134217728) bytes at address 218040000000 (errno: 12)\n"
	for _, tt := range []struct {
		name string
		r    run.Record
		want Class
	}{
		{"memory", run.Record{RaceText: words, Exit: raceStatus}, Panic},
		{"on the output", run.Record{Output: words, Exit: raceStatus}, Panic},
		{"a race was counted", run.Record{RaceText: words, Exit: raceStatus, Races: 1}, Race},
		{"a race was reported", run.Record{RaceText: words + raceBar + "\nWARNING: DATA RACE\n" + raceBar, Exit: raceStatus}, Race},
		{"only said", run.Record{Output: words, Exit: 0}, Tampered},
		{"nothing said", run.Record{Exit: raceStatus}, Race},
	} {
		tt.r.Test = "TestA"
		if v := Judge(Input{Tests: []string{"TestA"}, Records: []run.Record{tt.r}}); v.Class != tt.want {
			t.Errorf("%s: %s, want %s: %+v", tt.name, v.Class, tt.want, v.Findings)
		}
	}
}
