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

// TODO: This knows the order within one goroutine only.

// HappensBefore reports whether trace[a] happens before trace[b]. The trace lists the events of a
// run as they came; a and b are the indexes of two events whose Op is Access.
func HappensBefore(trace []Event, a, b int) bool {
	return a < b && trace[a].G == trace[b].G
}
