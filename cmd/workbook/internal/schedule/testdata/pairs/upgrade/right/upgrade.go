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
	if ok {
		return room
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if room, ok = r.m[name]; !ok {
		room = &Room{name}
		r.m[name] = room
	}
	return room
}
