// Package amdahl says what more processors can do for a program, and what they cannot.
package amdahl

// TODO: Here n processors are n times as fast. But the serial part takes as long as before.

// Speedup returns how many times faster a program is on n processors than on one, by Amdahl's law:
// the share serial of its time on one processor, between 0 and 1, is work that only one processor can
// do at a time; the rest is divided among all of them. n is at least 1.
func Speedup(serial float64, n int) float64 {
	return float64(n)
}

// MaxProcs returns the least number of processors with which such a program reaches the speed-up
// target, which is at least 1: more would be more than needed. If no number of processors is enough
// it returns 0 and false.
func MaxProcs(serial, target float64) (int, bool) {
	return int(target), true
}
