// Package interleave lists how small concurrent programs can end.
package interleave

// Outcomes holds, for each program, every line that it can print. The steps of A are A1 and A2, and
// happen in this order; so do those of B; nothing else is ordered. Each step is indivisible.
//
// Two goroutines of two steps have six orders: A1 A2 B1 B2, A1 B1 A2 B2, A1 B1 B2 A2, and the same
// with A and B exchanged.
var Outcomes = map[string][]string{
	"lost": {
		"x=2", // one goroutine after the other
		"x=1", // A1 B1 …: both read 0, and the second to write overwrites the first with the same 1
	},
	"withdraw": {
		"balance=0",   // who looks second finds 0
		"balance=-10", // A1 B1 …: both find 10, and both take it
	},
	"publish": {
		"r=0 d=0", // B1 B2 before A1
		"r=0 d=1", // B1 before A2, and B2 after A1: the news are late, which does no harm
		"r=1 d=1", // B1 after A2
		// Not r=1 d=0: B1 after A2 puts A1, A2, B1 and B2 in this order. Whoever sees the flag sees
		// the data, as long as each step is indivisible and the steps happen in order.
	},
	"swap": {
		"x=2 y=2", // A1 A2 first
		"x=1 y=1", // B1 B2 first
		"x=2 y=1", // A1 and B1 before A2 and B2
		// Not x=1 y=2: who reads first reads an old value, and then writes it.
	},
	"locked": {
		"a=0 b=0", // B1 B2 before A1
		"a=1 b=1", // A1 before B1
		"a=0 b=1", // A1 between B1 and B2, where nobody holds the lock
		// Not a=1 b=0: x and y are 1 together from A1 on.
	},
}
