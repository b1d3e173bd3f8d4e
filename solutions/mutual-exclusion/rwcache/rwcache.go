// Package rwcache keeps what took long to load.
package rwcache

import "sync"

// Cache holds values by their keys. Any number of goroutines may use it at the same time.
// The zero Cache is ready to use and empty.
type Cache[K comparable, V any] struct {
	mu      sync.RWMutex
	values  map[K]V           // guarded by mu
	loading map[K]*loading[V] // guarded by mu; what is being loaded
}

// loading is a load that is under way. Whoever waits for done may read the rest.
type loading[V any] struct {
	done chan struct{} // closed when v and err are set
	v    V
	err  error
}

// Get returns the value of k, and whether there is one.
func (c *Cache[K, V]) Get(k K) (V, bool) {
	// Many may read together. It pays only if reading takes long or there are many CPUs: for one
	// look at a map a Mutex is as good, and simpler.
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok := c.values[k]
	return v, ok
}

// Put sets the value of k, also while it is being loaded.
func (c *Cache[K, V]) Put(k K, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(k, v)
}

// put needs c.mu to be locked for writing.
func (c *Cache[K, V]) put(k K, v V) {
	if c.values == nil {
		c.values = make(map[K]V)
	}
	c.values[k] = v
}

// GetOrLoad returns the value of k. If there is none it calls load, and keeps the value unless load
// returns an error. While a key is being loaded, others who want it do not load it a second time,
// but keys are loaded at the same time as other keys, and nobody else has to wait.
func (c *Cache[K, V]) GetOrLoad(k K, load func() (V, error)) (V, error) {
	if v, ok := c.Get(k); ok {
		return v, nil // as it is most of the time
	}
	// A read lock cannot be turned into a write lock: two readers who try it wait for each other to
	// leave. So Get has let go of it, and what it saw may be out of date: begin looks again.
	l, v, mine := c.begin(k)
	switch {
	case l == nil:
		return v, nil
	case !mine:
		<-l.done
		return l.v, l.err
	}
	l.v, l.err = load() // nobody waits for a lock meanwhile
	return c.end(k, l)
}

// begin looks for the value of k, or a load of it, and if there is neither begins one, which is mine.
// It returns nil and the value if there is one.
func (c *Cache[K, V]) begin(k K) (l *loading[V], v V, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.values[k]; ok {
		return nil, v, false
	}
	if l, ok := c.loading[k]; ok {
		return l, v, false
	}
	if c.loading == nil {
		c.loading = make(map[K]*loading[V])
	}
	l = &loading[V]{done: make(chan struct{})}
	c.loading[k] = l
	return l, v, true
}

// end keeps what was loaded and lets those go on who wait for it.
func (c *Cache[K, V]) end(k K, l *loading[V]) (V, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.loading, k) // the next one tries again if this was an error
	if _, ok := c.values[k]; !ok && l.err == nil {
		c.put(k, l.v) // unless a Put came in between: its value is newer
	}
	close(l.done)
	return l.v, l.err
}
