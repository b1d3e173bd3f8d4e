//go:build race

package lab

// raceEnabled: the race detector would report the data races that are the subject of some experiments,
// so that those are left out; see the plain files.
const raceEnabled = true

// leftOut says why plain variables are missing from a result.
const leftOut = "plain variables are left out: this workbook is built with -race, and their data races would be reported, not measured"

// plainLitmus is empty: see litmus_plain.go.
func plainLitmus(string) (sides, bool) { return sides{}, false }

// plainAdders is empty: see lostupdates_plain.go.
func plainAdders() []adder { return nil }
