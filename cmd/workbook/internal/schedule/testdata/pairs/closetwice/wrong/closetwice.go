package closetwice

import "sync/atomic"

type Door struct {
	shut atomic.Bool
	c    chan struct{}
}

func NewDoor() *Door                      { return &Door{c: make(chan struct{})} }
func (d *Door) Shutting() <-chan struct{} { return d.c }

func (d *Door) Shut() {
	if !d.shut.Load() {
		d.shut.Store(true)
		close(d.c)
	}
}
