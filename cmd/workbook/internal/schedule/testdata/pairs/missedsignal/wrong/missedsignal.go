package missedsignal

import (
	"sync"
	"sync/atomic"
)

type Gate struct {
	mu   sync.Mutex
	turn *sync.Cond
	open atomic.Bool
}

func NewGate() *Gate {
	g := &Gate{}
	g.turn = sync.NewCond(&g.mu)
	return g
}

func (g *Gate) Pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open.Load() {
		g.turn.Wait()
	}
}

func (g *Gate) Open() {
	g.open.Store(true)
	g.turn.Broadcast()
}
