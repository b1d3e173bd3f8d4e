// Package popcount counts bits with a table that is built at the first call.
package popcount

import "sync"

// pc[i] is the number of bits set in i. It is written inside once.Do and nowhere else. Whoever has
// come back from once.Do may read it without a lock, because the end of the one call happens before
// every return of Do.
var pc [256]byte

// once is at package level, beside what it guards. Inside PopCount each call would have its own.
var once sync.Once

// PopCount returns the number of bits that are set in x.
func PopCount(x uint64) int {
	// Every call comes through here, not only those that suppose themselves first: a look at the
	// table to save the call of Do would be a read that nothing orders after the writes.
	once.Do(func() { pc = build() })
	n := 0
	for i := range 8 {
		n += int(pc[byte(x>>(8*i))])
	}
	return n
}

// build returns the table: i has the bits of i/2, and one more if it is odd.
func build() (table [256]byte) {
	for i := range table {
		table[i] = table[i/2] + byte(i&1)
	}
	return table
}
