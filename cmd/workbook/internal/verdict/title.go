package verdict

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"workbook/cmd/workbook/internal/run"
)

// titles say in one line what happened.
var titles = map[Class]string{
	Build:         "it does not compile",
	Policy:        "it contains something that a submission may not",
	Tampered:      "its tests could not do their work",
	Race:          "data race",
	Panic:         "it panics",
	Deadlock:      "deadlock",
	Leak:          "a goroutine never ends",
	Wrong:         "a wrong result",
	NotConcurrent: "right, but one thing at a time",
	Timeout:       "it does not finish",
	Fault:         "the workbook could not grade it",
}

func title(v Verdict) string {
	passed := 0
	for _, t := range v.Tests {
		if t.Class == Pass {
			passed++
		}
	}
	switch {
	case v.Package != "" && v.Passed:
		return "it passes"
	case v.Package != "":
		return titles[v.Class]
	case v.Passed && passed == 1:
		return "passed: the hidden test"
	case v.Passed:
		return fmt.Sprintf("passed: all %d hidden tests", passed)
	case len(v.Tests) == 0 || v.Class == Fault:
		return titles[v.Class]
	}
	return fmt.Sprintf("%s (%d of %d hidden tests pass)", titles[v.Class], passed, len(v.Tests))
}

// maxOutput is how much of the program's own output a verdict carries.
const maxOutput = 4 << 10

// output returns what the program printed in the test that matters most: the first failed one that
// printed anything, else the first that did.
func output(v Verdict, records []run.Record) string {
	class := map[string]Class{}
	for _, t := range v.Tests {
		class[t.Name] = t.Class
	}
	best, text := len(order), ""
	for _, r := range records {
		printed := printed(r)
		if at := rank(class[r.Test]); printed != "" && at < best {
			best, text = at, printed
		}
	}
	return text
}

// printed returns a record's output without the runtime's last words and the detector's reports.
func printed(r run.Record) string {
	text := r.Output
	if at := crashLine.FindStringIndex(text); at != nil && r.Exit == 2 {
		text = text[:at[0]]
	}
	if i := strings.Index(text, raceBar+"\nWARNING: DATA RACE"); i >= 0 {
		text = text[:i]
	}
	if len(text) <= maxOutput {
		return text
	}
	cut := maxOutput
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…\n"
}
