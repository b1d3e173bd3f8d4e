// Package litmus has four of the smallest programs there are about memory.
package litmus

import (
	"sync"
	"sync/atomic"
)

// SB runs two goroutines. One writes x and then reads y, the other writes y and then reads x. It
// returns what they read. Every outcome is possible except that both read 0.
func SB() (r1, r2 int) {
	// All four accesses are atomic, so they happen in one order that both goroutines agree on, and
	// in which each goroutine's own accesses are in program order. One of the two stores is the
	// first of all four. The other goroutine's load comes after that store, so it reads 1.
	//
	// r1 and r2 are plain: Wait orders them before the return.
	var x, y atomic.Int64
	var wg sync.WaitGroup
	wg.Go(func() {
		x.Store(1)
		r1 = int(y.Load())
	})
	wg.Go(func() {
		y.Store(1)
		r2 = int(x.Load())
	})
	wg.Wait()
	return r1, r2
}

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
	// Not (0, 0): whichever store comes first, the other goroutine's load comes after it.
	"SB": {{0, 1}, {1, 0}, {1, 1}},
	// Not (1, 0): who has seen the flag y has the message x. (0, 1) is a reader that looks at the
	// flag too early, and at the message after both stores.
	"MP": {{0, 0}, {0, 1}, {1, 1}},
	// Not (1, 1): each goroutine would have read what the other one wrote later.
	"LB": {{0, 0}, {0, 1}, {1, 0}},
	// Not (1, 0): one variable does not go back in time.
	"CoRR": {{0, 0}, {0, 1}, {1, 1}},
}
