package run

import "testing"

const canaryReport = `==================
WARNING: DATA RACE
Write at 0x000000c2d0f8 by main goroutine:
  workbook/harness.canary()
      /tree/harness/race.go:24 +0x11f
  workbook/harness.(*session).end()
      /tree/harness/harness.go:76 +0x7f

Previous write at 0x000000c2d0f8 by goroutine 9:
  workbook/harness.canary.func1()
      /tree/harness/race.go:20 +0x33

Goroutine 9 (finished) created at:
  workbook/harness.canary()
      /tree/harness/race.go:19 +0xd6
==================
`

// otherReport is a race that was met in a function that the harness had called.
const otherReport = `==================
WARNING: DATA RACE
Write at 0x000000c2d0f8 by main goroutine:
  workbook/exercises/first/lab.canary()
      /tree/exercises/first/lab/lab.go:24 +0x11f
  workbook/harness.canary()
      /tree/harness/race.go:24 +0x11f
==================
`

func TestCutCanary(t *testing.T) {
	tests := []struct {
		name, text, rest string
		found            bool
	}{
		{"nothing", "", "", false},
		{"alone", canaryReport, "", true},
		{"another", otherReport, otherReport, false},
		{"among others", otherReport + canaryReport + otherReport, otherReport + otherReport, true},
		{"in output", "hello\n" + canaryReport + "bye\n", "hello\nbye\n", true},
		{"cut short", canaryReport[:200], canaryReport[:200], false},
		{"no frames", raceBar + "WARNING: DATA RACE\n" + raceBar, raceBar + "WARNING: DATA RACE\n" + raceBar, false},
	}
	for _, tt := range tests {
		if rest, found := cutCanary(tt.text); rest != tt.rest || found != tt.found {
			t.Errorf("%s: cutCanary = %q, %v, want %q, %v", tt.name, rest, found, tt.rest, tt.found)
		}
	}
}
