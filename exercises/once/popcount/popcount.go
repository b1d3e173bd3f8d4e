// Package popcount counts bits with a table that is built at the first call.
package popcount

// pc[i] is the number of bits set in i.
var pc [256]byte

// built says that pc is complete.
var built bool

// TODO: Two goroutines can be here at the same time, also at the very first call.

// PopCount returns the number of bits that are set in x.
func PopCount(x uint64) int {
	if !built {
		pc = build()
		built = true
	}
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
