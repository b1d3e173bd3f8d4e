package threephase

import "sync"

const (
	fresh = iota
	packed
	sent
)

type Order struct {
	mu      sync.Mutex
	state   int
	parcels int
}

func (o *Order) move(from, to int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.state != from {
		return false
	}
	o.state = to
	if to == sent {
		o.parcels++
	}
	return true
}

func (o *Order) Ship() {
	if o.move(fresh, packed) {
		o.move(packed, sent)
	}
}

func (o *Order) Cancel() { o.move(packed, fresh) }
