// Package amdahl says what more processors can do for a program, and what they cannot.
package amdahl

import "math"

// Speedup returns how many times faster a program is on n processors than on one, by Amdahl's law:
// the share serial of its time on one processor, between 0 and 1, is work that only one processor can
// do at a time; the rest is divided among all of them. n is at least 1.
func Speedup(serial float64, n int) float64 {
	// Let the time on one processor be 1. The serial share stays as it is, the rest shrinks.
	return 1 / (serial + (1-serial)/float64(n))
}

// MaxProcs returns the least number of processors with which such a program reaches the speed-up
// target, which is at least 1: more would be more than needed. If no number of processors is enough
// it returns 0 and false.
func MaxProcs(serial, target float64) (int, bool) {
	if target <= 1 {
		return 1, true // what one processor does, even where everything is serial
	}
	// To be target times as fast, the program may take 1/target of the time. The serial share of it
	// is spent in any case; what is left over is for the parallel part.
	left := 1/target - serial
	if left <= 0 {
		// Not even infinitely many processors: they would only make the parallel part take no time.
		// With nothing left over at all the limit is approached for ever and never reached.
		return 0, false
	}
	// Half a processor is none, and one less than enough is not enough: round up.
	return int(math.Ceil((1 - serial) / left)), true
}
