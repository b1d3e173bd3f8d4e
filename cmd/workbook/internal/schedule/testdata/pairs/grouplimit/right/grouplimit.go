package grouplimit

import "sync"

// Group runs at most so many functions at once.
type Group struct {
	wg   sync.WaitGroup
	room chan struct{}
}

func NewGroup(limit int) *Group { return &Group{room: make(chan struct{}, limit)} }

func (g *Group) Go(f func()) {
	g.wg.Go(func() {
		g.room <- struct{}{}
		defer func() { <-g.room }()
		f()
	})
}

func (g *Group) Wait() { g.wg.Wait() }
