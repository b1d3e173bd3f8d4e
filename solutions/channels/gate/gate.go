// Package gate holds goroutines back until somebody opens a gate.
package gate

import "sync"

// Gate is a gate that is closed at first and, once opened, stays open. Any number of goroutines may use it at the
// same time.
type Gate struct {
	// Its values would carry no news, so it carries none: the type is chan struct{}, and the only thing that ever
	// happens to it is that it is closed. A value that is sent reaches one receiver. That a channel is closed is
	// seen by all, those who wait now and those who come next year.
	opened chan struct{}

	mu   sync.Mutex
	open bool // whether opened has been closed; guarded by mu
}

// NewGate returns a closed gate.
func NewGate() *Gate {
	return &Gate{opened: make(chan struct{})}
}

// Open opens the gate. If it is open already, nothing changes.
func (g *Gate) Open() {
	// A channel must not be closed twice, and it cannot be asked whether it is closed in the same step as closing
	// it. The lock makes one step of the look and the closing. It is held until the channel is closed, so that
	// whoever finds open set, and returns, leaves an open gate behind.
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.open {
		g.open = true
		close(g.opened)
	}
}

// Wait returns when the gate is open: at once if it is, and else as soon as somebody has opened it.
func (g *Gate) Wait() {
	// No lock: a channel needs none, and whoever waited with it held would keep Open out.
	<-g.opened
}

// C returns a channel on which nothing is sent, and which is closed when the gate is open.
func (g *Gate) C() <-chan struct{} {
	// The caller gets the receiving end only. With the other direction anybody could close the channel, and then
	// the next Open would panic.
	return g.opened
}
