// Package barrier lets goroutines go on together.
package barrier

import "sync"

// Barrier holds goroutines back until n of them have arrived, round after round.
type Barrier struct {
	n     int
	mu    sync.Mutex
	count int           // how many have arrived; guarded by mu
	open  chan struct{} // closed by the last to arrive
}

// TODO: What does a goroutine find that comes back for the second round?

// NewBarrier returns a Barrier for n goroutines, n ≥ 1.
func NewBarrier(n int) *Barrier {
	return &Barrier{n: n, open: make(chan struct{})}
}

// Wait returns when n goroutines of this round have called it: 0 to the first that arrived, 1 to
// the second, and so on. Then the next round begins. What any of the n did before its Wait happens
// before what any of them does after it.
func (b *Barrier) Wait() int {
	b.mu.Lock()
	i := b.count
	b.count++
	if b.count == b.n {
		close(b.open)
	}
	b.mu.Unlock()
	<-b.open
	return i
}
