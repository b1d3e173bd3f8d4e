package grouplimit

import "sync"

// Group runs at most so many functions at once.
type Group struct {
	wg    sync.WaitGroup
	limit int
	mu    sync.Mutex
	n     int
}

func NewGroup(limit int) *Group { return &Group{limit: limit} }

func (g *Group) full() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.n >= g.limit
}

func (g *Group) add(d int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n += d
}

func (g *Group) Go(f func()) {
	g.wg.Go(func() {
		for g.full() {
		}
		g.add(1)
		defer g.add(-1)
		f()
	})
}

func (g *Group) Wait() { g.wg.Wait() }
