package tickerleak

import (
	"sync/atomic"
	"time"
)

type Clock struct {
	quit chan struct{}
	n    atomic.Int32
}

func Start(d time.Duration) *Clock {
	c := &Clock{quit: make(chan struct{})}
	go func() {
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				c.n.Add(1)
			case <-c.quit:
				return
			}
		}
	}()
	return c
}

func (c *Clock) Stop()      { close(c.quit) }
func (c *Clock) Beats() int { return int(c.n.Load()) }
