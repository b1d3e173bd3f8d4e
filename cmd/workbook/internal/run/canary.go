package run

import "strings"

// After a test the harness commits a data race on purpose, the canary, which the race detector must
// report. A process that has talked the detector out of reporting (by another GORACE, say) would
// otherwise pass for one without races. Both must agree, what the harness counted and what the
// detector wrote to the runner's file. The report is then taken out: it is nobody's mistake.

// canaryFrame is the innermost frame of both stacks of the canary's report.
const canaryFrame = "\n  workbook/harness.canary("

const raceBar = "==================\n"

// cutCanary removes the canary's report from what the detector wrote, and returns whether it was there.
func cutCanary(text string) (rest string, found bool) {
	begin := raceBar + "WARNING: DATA RACE\n"
	for at := 0; ; {
		i := strings.Index(text[at:], begin)
		if i < 0 {
			return text, false
		}
		at += i
		end := strings.Index(text[at+len(begin):], raceBar)
		if end < 0 {
			return text, false
		}
		end += at + len(begin) + len(raceBar)
		access, _, _ := strings.Cut(text[at:end], "\n\n") // the first stack
		if strings.Count(access, "\n  ") > 0 && strings.Index(access, "\n  ") == strings.Index(access, canaryFrame) {
			return text[:at] + text[end:], true
		}
		at = end
	}
}

// blind reports whether a test that left no race behind left a detector that sees none.
func (r *Record) blind(detector string, heard bool) bool {
	return r.Done && r.Races == 0 && r.RaceText == "" && !(detector == "alive" && heard)
}
