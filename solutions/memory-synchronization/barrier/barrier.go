// Package barrier lets goroutines go on together.
package barrier

import "sync"

// Barrier holds goroutines back until n of them have arrived, round after round.
type Barrier struct {
	n     int
	mu    sync.Mutex
	count int           // how many have arrived in this round; guarded by mu
	open  chan struct{} // this round's door, closed by the last to arrive; guarded by mu
}

// NewBarrier returns a Barrier for n goroutines, n ≥ 1.
func NewBarrier(n int) *Barrier {
	return &Barrier{n: n, open: make(chan struct{})}
}

// Wait returns when n goroutines of this round have called it: 0 to the first that arrived, 1 to
// the second, and so on. Then the next round begins. What any of the n did before its Wait happens
// before what any of them does after it.
func (b *Barrier) Wait() int {
	// Who is the last has locked mu after all the others had unlocked it: so what they did before
	// their Wait happens before this point.
	b.mu.Lock()
	i := b.count
	b.count++
	if b.count == b.n {
		// Prepare the next round before anybody can begin it, and then open this one's door.
		door := b.open
		b.count, b.open = 0, make(chan struct{})
		b.mu.Unlock()
		close(door)
		return i
	}
	// Each goroutine waits at the door of its own round. By the time it wakes up the others may be
	// in the next round already, so it must not look at the fields again.
	door := b.open
	b.mu.Unlock()
	// The close is synchronized before this receive. With the lock it makes the way from each
	// goroutine to each: arrive, last, door, gone.
	<-door
	return i
}
