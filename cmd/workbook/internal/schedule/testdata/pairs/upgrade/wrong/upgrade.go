package upgrade

import "sync"

type Room struct{ name string }

type Rooms struct {
	mu sync.RWMutex
	m  map[string]*Room
}

func (r *Rooms) Enter(name string) *Room {
	r.mu.RLock()
	room, ok := r.m[name]
	r.mu.RUnlock()
	if !ok {
		room = &Room{name}
		r.mu.Lock()
		r.m[name] = room
		r.mu.Unlock()
	}
	return room
}
