package firsterror

import "sync"

// Group keeps the first error of its functions.
type Group struct {
	wg        sync.WaitGroup
	once      sync.Once
	err       error
	cancelled int
}

func (g *Group) Go(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if err := f(); err != nil {
			g.once.Do(func() {
				g.err = err
				g.cancelled++
			})
		}
	}()
}

func (g *Group) Wait() error {
	g.wg.Wait()
	return g.err
}
