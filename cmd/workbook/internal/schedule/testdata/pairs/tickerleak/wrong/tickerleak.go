package tickerleak

import (
	"sync/atomic"
	"time"
)

type Clock struct {
	ticker *time.Ticker
	n      atomic.Int32
}

func Start(d time.Duration) *Clock {
	c := &Clock{ticker: time.NewTicker(d)}
	go func() {
		for range c.ticker.C {
			c.n.Add(1)
		}
	}()
	return c
}

func (c *Clock) Stop()      { c.ticker.Stop() }
func (c *Clock) Beats() int { return int(c.n.Load()) }
