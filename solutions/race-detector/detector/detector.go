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

// Races returns the pairs of events that race: two accesses to one variable by two goroutines, at
// least one of them a write, neither of which happened before the other. An event is named by its
// index in the trace, the smaller one first. Each pair is in the result once, in any order. The trace
// has the events in the order in which they happened.
func Races(trace []Event) [][2]int {
	d := detector{
		now:      map[int]clock{},
		released: map[thing]clock{},
		queues:   map[int][]clock{},
		accesses: map[int][]access{},
	}
	for i, e := range trace {
		d.event(i, e)
	}
	return d.races
}

// clock is a vector clock: how far into each goroutine's life its owner can see. What goroutine g did
// at its time t happened before an event if the event's clock has clock[g] ≥ t.
type clock map[int]int

// join lets c see what d sees.
func (c clock) join(d clock) {
	for g, t := range d {
		c[g] = max(c[g], t)
	}
}

// copy returns a clock that does not change when c does. Without it, a lock would go on learning what
// the goroutine does after its Unlock.
func (c clock) copy() clock {
	d := clock{}
	d.join(c)
	return d
}

// thing is a lock or a wait group.
type thing struct {
	waitGroup bool
	number    int
}

// access is a read or a write, with the time in its goroutine.
type access struct {
	index, g, time int
	write          bool
}

// detector is what is known after some of the events.
type detector struct {
	now      map[int]clock    // by goroutine
	released map[thing]clock  // what the next Lock or Wait will see
	queues   map[int][]clock  // by channel: one clock for each value in it
	accesses map[int][]access // by variable; the real detector keeps four, which is why it can miss a race
	races    [][2]int
}

// event goes on by one event. An event that lets another goroutine see what happened so far ends with
// a tick: what this goroutine does from now on is later, and not seen.
func (d *detector) event(i int, e Event) {
	c := d.clock(e.G)
	lock, waitGroup := thing{false, e.Obj}, thing{true, e.Obj}
	switch e.Op {
	case Read, Write:
		d.access(access{i, e.G, c[e.G], e.Op == Write}, e.Obj, c)
	case Lock:
		c.join(d.released[lock])
	case Unlock:
		// Whoever unlocks has seen, at its Lock, what was here before.
		d.released[lock] = c.copy()
		c[e.G]++
	case Send:
		d.queues[e.Obj] = append(d.queues[e.Obj], c.copy())
		c[e.G]++
	case Recv:
		if q := d.queues[e.Obj]; len(q) > 0 {
			c.join(q[0])
			d.queues[e.Obj] = q[1:]
		}
	case Done:
		// A Done sees nothing of the other Dones, so they are joined here.
		all := c.copy()
		all.join(d.released[waitGroup])
		d.released[waitGroup] = all
		c[e.G]++
	case Wait:
		c.join(d.released[waitGroup])
	case Go:
		d.clock(e.Obj).join(c)
		c[e.G]++
	}
}

// clock returns the clock of a goroutine, whose life begins at time 1, so that nobody sees it by chance.
func (d *detector) clock(g int) clock {
	if d.now[g] == nil {
		d.now[g] = clock{g: 1}
	}
	return d.now[g]
}

// access compares an access, made when the clock was c, with all earlier ones to the same variable.
func (d *detector) access(a access, variable int, c clock) {
	for _, b := range d.accesses[variable] {
		if (a.write || b.write) && c[b.g] < b.time {
			d.races = append(d.races, [2]int{b.index, a.index})
		}
	}
	d.accesses[variable] = append(d.accesses[variable], a)
}
