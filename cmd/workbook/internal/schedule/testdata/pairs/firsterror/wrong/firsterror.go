package firsterror

import "sync"

// Group keeps the first error of its functions.
type Group struct {
	wg        sync.WaitGroup
	mu        sync.Mutex
	err       error
	cancelled int
}

func (g *Group) failed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.err != nil
}

func (g *Group) Go(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if err := f(); err != nil && !g.failed() {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.err = err
			g.cancelled++
		}
	}()
}

func (g *Group) Wait() error {
	g.wg.Wait()
	return g.err
}
