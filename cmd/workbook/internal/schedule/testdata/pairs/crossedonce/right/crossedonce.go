package crossedonce

import "sync"

type Part struct {
	name   string
	needs  *Part
	once   sync.Once
	busy   sync.Mutex
	loaded bool
}

// load reads the part's file.
func (p *Part) load() {
	p.busy.Lock()
	defer p.busy.Unlock()
	p.loaded = true
}

// Ready loads the part, and looks at the one that it needs.
func (p *Part) Ready() {
	p.once.Do(p.load)
	p.needs.busy.Lock()
	defer p.needs.busy.Unlock()
}
