package crossedonce

import "sync"

type Part struct {
	name   string
	needs  *Part
	once   sync.Once
	busy   sync.Mutex
	loaded bool
}

// load reads the part's file. The part that needs this one may be in the middle of the same.
func (p *Part) load() { p.loaded = true }

// Ready loads the part, and looks at the one that it needs.
func (p *Part) Ready() {
	p.once.Do(func() {
		p.busy.Lock()
		defer p.busy.Unlock()
		p.load()
		p.needs.busy.Lock()
		defer p.needs.busy.Unlock()
	})
}
