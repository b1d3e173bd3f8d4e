package missedsignal

import "sync"

type Gate struct {
	mu   sync.Mutex
	turn *sync.Cond
	open bool
}

func NewGate() *Gate {
	g := &Gate{}
	g.turn = sync.NewCond(&g.mu)
	return g
}

func (g *Gate) Pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open {
		g.turn.Wait()
	}
}

func (g *Gate) Open() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
	g.turn.Broadcast()
}
