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
	return locked(&c.mu, func() V {
		if _, ok := c.m[k]; !ok {
			c.m[k] = c.new(k)
		}
		return c.m[k]
	})
}
