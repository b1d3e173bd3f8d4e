//go:build !race

package harness

// raceErrors returns how many races the detector has reported in this process: here there is none.
func raceErrors() int { return 0 }

// unseen calls f. There is no detector to hide it from.
func unseen(f func()) { f() }

// canary has no detector to try.
func canary() string { return DetectorOff }
