// Package explore runs a small concurrent program once for every order of its steps.
//
// Rewrite puts a call before each step of a program: a read or a write of memory that goroutines
// share, a channel or lock operation, a print. The calls hand control to a scheduler (schedule.go)
// that lets one goroutine run at a time; the search (search.go) repeats the program under every
// sequence of choices. The primitives of sync, sync/atomic and time are replaced by ones that the
// scheduler knows (sync.go, atomic.go). Everything here is independent of what executes the
// rewritten program: it is a func() to be called once per schedule.
//
// The grader has a rewriter and a scheduler of its own (package schedule): its programs are compiled, run
// under the race detector, may come from many packages, and cost a build of a tenth of a second, while a
// cell is to be answered at once. The interpreter can run neither generic calls of the grader's kind nor
// a bubble. What holds the two together is a test: of every explored cell of the course, both find the
// same outcomes.
//
// What the search sees is sequentially consistent interleaving of steps. Reordering by compiler or
// processor, torn values, and the clock are not in it.
package explore
