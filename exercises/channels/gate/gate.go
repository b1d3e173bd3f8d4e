// Package gate holds goroutines back until somebody opens a gate.
package gate

import "sync"

// Gate is a gate that is closed at first and, once opened, stays open. Any number of goroutines may use it at the
// same time.
type Gate struct {
	pass chan struct{}

	mu      sync.Mutex
	waiting int // how many goroutines are in Wait; guarded by mu
}

// NewGate returns a closed gate.
func NewGate() *Gate {
	return &Gate{pass: make(chan struct{})}
}

// TODO: Open lets those through who are waiting already. Who comes later waits for ever.

// Open opens the gate. If it is open already, nothing changes.
func (g *Gate) Open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for range g.waiting {
		g.pass <- struct{}{} // for one of them
	}
	g.waiting = 0
}

// Wait returns when the gate is open: at once if it is, and else as soon as somebody has opened it.
func (g *Gate) Wait() {
	g.mu.Lock()
	g.waiting++
	g.mu.Unlock()
	<-g.pass
}

// C returns a channel on which nothing is sent, and which is closed when the gate is open.
func (g *Gate) C() <-chan struct{} {
	return g.pass
}
