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

func (o *Order) is(s int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state == s
}

func (o *Order) become(s int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.state = s
	if s == sent {
		o.parcels++
	}
}

func (o *Order) Ship() {
	if !o.is(fresh) {
		return
	}
	o.become(packed)
	if o.is(packed) {
		o.become(sent)
	}
}

func (o *Order) Cancel() {
	if o.is(packed) {
		o.become(fresh)
	}
}
