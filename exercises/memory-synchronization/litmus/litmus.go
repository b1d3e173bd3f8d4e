// Package litmus has four of the smallest programs there are about memory.
package litmus

import "sync"

// SB runs two goroutines. One writes x and then reads y, the other writes y and then reads x. It
// returns what they read. Every outcome is possible except that both read 0.
func SB() (r1, r2 int) {
	var x, y int
	var wg sync.WaitGroup
	wg.Go(func() {
		x = 1
		r1 = y
	})
	wg.Go(func() {
		y = 1
		r2 = x
	})
	wg.Wait()
	return r1, r2
}

// TODO: Nothing orders the two accesses to x, nor those to y. And which outcomes are possible?

// Outcome is what the two reads of a program got.
type Outcome struct{ R1, R2 int }

// Allowed says which outcomes each program can have if all accesses to x and y are atomic. x and y
// start at 0; what the goroutines do is divided by ||:
//
//	SB    x = 1; r1 = y  ||  y = 1; r2 = x
//	MP    x = 1; y = 1   ||  r1 = y; r2 = x
//	LB    r1 = x; y = 1  ||  r2 = y; x = 1
//	CoRR  x = 1          ||  r1 = x; r2 = x
var Allowed = map[string][]Outcome{
	"SB":   {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
	"MP":   {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
	"LB":   {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
	"CoRR": {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
}
