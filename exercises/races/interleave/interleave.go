// Package interleave lists how small concurrent programs can end.
package interleave

// Outcomes holds, for each program, every line that it can print. The steps of A are A1 and A2, and
// happen in this order; so do those of B; nothing else is ordered. Each step is indivisible.
//
// TODO: Two outcomes are missing, and one cannot happen.
var Outcomes = map[string][]string{
	// x is 0 at first.
	//	A1  a := x           B1  b := x
	//	A2  x = a + 1        B2  x = b + 1
	"lost": {"x=2"},

	// balance is 10 at first.
	//	A1  a := balance                    B1  b := balance
	//	A2  if a >= 10 { balance -= 10 }    B2  if b >= 10 { balance -= 10 }
	"withdraw": {"balance=0", "balance=-10"},

	// data and ready are 0 at first.
	//	A1  data = 1         B1  r := ready
	//	A2  ready = 1        B2  d := data
	"publish": {"r=0 d=0", "r=0 d=1", "r=1 d=0", "r=1 d=1"},

	// x is 1 and y is 2 at first.
	//	A1  a := y           B1  b := x
	//	A2  x = a            B2  y = b
	"swap": {"x=2 y=2", "x=1 y=1", "x=2 y=1"},

	// x and y are 0 at first; mu is a sync.Mutex.
	//	A1  mu.Lock(); x = 1; y = 1; mu.Unlock()
	//	                     B1  mu.Lock(); a := x; mu.Unlock()
	//	                     B2  mu.Lock(); b := y; mu.Unlock()
	"locked": {"a=0 b=0", "a=1 b=1"},
}
