//go:build !race

// The code in this file contains DATA RACES on purpose: they are what the experiment shows. Never copy
// it. Builds with -race leave it out (race_on.go stands in), and so do tests with -race.

package lab

// plainAdders returns the ways of adding without synchronisation.
func plainAdders() []adder {
	return []adder{
		{"x++", 2_000_000, func(s *sum, n int) { increment(&s.plain, n) }},
		{"x = f(x) + 1", 2_000_000, func(s *sum, n int) { readThenWrite(&s.plain, n) }},
	}
}

// increment is one instruction an addition on some processors, which does not make it one step.
//
//go:noinline
func increment(x *int64, n int) {
	for range n {
		*x++
	}
}

// readThenWrite has a call between the read and the write.
//
//go:noinline
func readThenWrite(x *int64, n int) {
	for range n {
		*x = same(*x) + 1
	}
}

//go:noinline
func same(v int64) int64 { return v }
