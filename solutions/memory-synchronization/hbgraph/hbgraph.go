// Package hbgraph says which events of a run are ordered.
package hbgraph

// Op is what an event does.
type Op int

// The operations. Access is a read or a write of some variable; all others synchronise.
const (
	Access Op = iota
	Go        // starts the goroutine New
	Lock      // of the mutex On, when it returns
	Unlock    // of the mutex On
	Send      // on the channel On, which has the capacity Cap
	Recv      // from the channel On, which has the capacity Cap
)

// Event is something that a goroutine did.
type Event struct {
	G   int    // the goroutine; the first one is 0
	Op  Op     // what it did
	On  string // the name of the mutex or channel, else ""
	New int    // the number of the goroutine that was started, if Op is Go
	Cap int    // the capacity of the channel, if Op is Send or Recv
}

// HappensBefore reports whether trace[a] happens before trace[b]. The trace lists the events of a
// run as they came; a and b are the indexes of two events whose Op is Access.
func HappensBefore(trace []Event, a, b int) bool {
	// Happens-before is what the direct edges give when they are followed, any number of them. So
	// search the graph: reached says which events there is a way to.
	reached := make([]bool, len(trace))
	next := []int{a}
	for len(next) > 0 {
		from := next[0]
		next = next[1:]
		for to := range trace {
			if !reached[to] && edge(trace, from, to) {
				reached[to] = true
				next = append(next, to)
			}
		}
	}
	// An event is not before itself: an access has no edge that leads back in time.
	return a != b && reached[b]
}

// edge reports whether one rule of the memory model alone orders from before to.
func edge(trace []Event, from, to int) bool {
	f, t := trace[from], trace[to]
	// Sequenced before: the order within a goroutine.
	if f.G == t.G {
		return from < to
	}
	switch {
	case f.Op == Go:
		// A go statement comes before all that the new goroutine does, and not before what others
		// do. For the end of a goroutine there is no such rule.
		return t.G == f.New
	case f.Op == Unlock && t.Op == Lock:
		// Any earlier Unlock, not only the last one; and of this mutex, not of any.
		return f.On == t.On && from < to
	case f.Op == Send && t.Op == Recv:
		// A channel is a queue: the n-th value that is sent is the n-th that is received.
		return f.On == t.On && number(trace, from) == number(trace, to)
	case f.Op == Recv && t.Op == Send:
		// The n-th receive makes room for the (n+Cap)-th send. Without a buffer that is the send
		// of the very value: sender and receiver wait for each other.
		return f.On == t.On && number(trace, from)+f.Cap == number(trace, to)
	}
	return false
}

// number returns how many sends, or receives, there were before trace[i] on its channel.
func number(trace []Event, i int) (n int) {
	for _, e := range trace[:i] {
		if e.Op == trace[i].Op && e.On == trace[i].On {
			n++
		}
	}
	return n
}
