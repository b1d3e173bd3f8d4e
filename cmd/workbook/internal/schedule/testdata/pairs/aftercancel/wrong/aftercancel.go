package aftercancel

import (
	"context"
	"sync/atomic"
)

type Order struct {
	ctx    context.Context
	cancel context.CancelFunc
	booked atomic.Bool
}

func NewOrder() *Order {
	o := &Order{}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	return o
}

func (o *Order) Book() {
	if o.ctx.Err() == nil {
		o.booked.Store(true)
	}
}

// Cancel makes sure that nothing is booked any more.
func (o *Order) Cancel()      { o.cancel() }
func (o *Order) Booked() bool { return o.booked.Load() }
