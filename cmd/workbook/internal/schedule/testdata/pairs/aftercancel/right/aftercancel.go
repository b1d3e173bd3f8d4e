package aftercancel

import (
	"context"
	"sync"
)

type Order struct {
	ctx    context.Context
	cancel context.CancelFunc
	mu     sync.Mutex
	booked bool
}

func NewOrder() *Order {
	o := &Order{}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	return o
}

func (o *Order) Book() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ctx.Err() == nil {
		o.booked = true
	}
}

// Cancel makes sure that nothing is booked any more.
func (o *Order) Cancel() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cancel()
}

func (o *Order) Booked() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.booked
}
