package rangelock

import (
	"iter"
	"maps"
	"slices"
	"sync"
)

type Set struct {
	mu      sync.Mutex
	m       map[int]bool
	removed int
}

// All goes over what was in the set when it began.
func (s *Set) All() iter.Seq[int] {
	s.mu.Lock()
	xs := slices.Sorted(maps.Keys(s.m))
	s.mu.Unlock()
	return slices.Values(xs)
}

func (s *Set) Has(x int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m[x]
}

func (s *Set) Remove(x int) {
	if !s.Has(x) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, x)
	s.removed++
}
