package panicholdslock

import "sync"

type Ages struct {
	mu sync.Mutex
	m  map[string]*int
}

func (a *Ages) Born(name string) {
	a.mu.Lock()
	a.m[name] = new(int)
	a.mu.Unlock()
}

// Birthday makes a person older; nobody minds if there is no such person.
func (a *Ages) Birthday(name string) {
	defer func() { recover() }()
	a.mu.Lock()
	defer a.mu.Unlock()
	*a.m[name]++
}
