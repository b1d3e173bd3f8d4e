// Package detector finds the data races in a record of what a program did.
package detector

// Op is what an event is.
type Op int

// The events. What Obj names depends on them: lock 1 and variable 1 have nothing to do with each other.
const (
	Read   Op = iota // reads variable Obj
	Write            // writes variable Obj
	Lock             // has locked mutex Obj
	Unlock           // unlocks mutex Obj
	Send             // sends a value to channel Obj, which has room for it
	Recv             // has received the oldest value in channel Obj
	Done             // calls Done of wait group Obj
	Wait             // has returned from Wait of wait group Obj, after all its Dones
	Go               // starts goroutine Obj
)

// Event is one thing that goroutine G did.
type Event struct {
	G   int
	Op  Op
	Obj int
}

// TODO: Two accesses may be ordered without a common lock. Find out what happened before what.

// Races returns the pairs of events that race: two accesses to one variable by two goroutines, at
// least one of them a write, neither of which happened before the other. An event is named by its
// index in the trace, the smaller one first. Each pair is in the result once, in any order. The trace
// has the events in the order in which they happened.
func Races(trace []Event) [][2]int {
	locks := make([]map[int]bool, len(trace)) // the locks held at each event
	held := map[int]map[int]bool{}            // by each goroutine
	var races [][2]int
	for i, e := range trace {
		locks[i] = map[int]bool{}
		for lock := range held[e.G] {
			locks[i][lock] = true
		}
		switch e.Op {
		case Lock:
			if held[e.G] == nil {
				held[e.G] = map[int]bool{}
			}
			held[e.G][e.Obj] = true
		case Unlock:
			delete(held[e.G], e.Obj)
		case Read, Write:
			for j, earlier := range trace[:i] {
				if conflict(earlier, e) && !common(locks[i], locks[j]) {
					races = append(races, [2]int{j, i})
				}
			}
		}
	}
	return races
}

// conflict reports whether two events are accesses of two goroutines to one variable, one a write.
func conflict(a, b Event) bool {
	return a.Op <= Write && b.Op <= Write && (a.Op == Write || b.Op == Write) && a.Obj == b.Obj && a.G != b.G
}

// common reports whether two sets have a lock in common.
func common(a, b map[int]bool) bool {
	for lock := range a {
		if b[lock] {
			return true
		}
	}
	return false
}
