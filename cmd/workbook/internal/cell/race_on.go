//go:build race

package cell

// raceEnabled: the race detector reserves more address space than any limit would allow.
const raceEnabled = true
