package genericcache

import "sync"

type Cache[K comparable, V any] struct {
	mu  sync.Mutex
	m   map[K]V
	new func(K) V
}

func NewCache[K comparable, V any](f func(K) V) *Cache[K, V] {
	return &Cache[K, V]{m: map[K]V{}, new: f}
}

func locked[T any](l sync.Locker, f func() T) T {
	l.Lock()
	defer l.Unlock()
	return f()
}

func (c *Cache[K, V]) Get(k K) V {
	if !locked(&c.mu, func() bool { _, ok := c.m[k]; return ok }) {
		locked(&c.mu, func() bool { c.m[k] = c.new(k); return true })
	}
	return locked(&c.mu, func() V { return c.m[k] })
}
