package sched

import (
	"cmp"
	"slices"
	"sync"
)

// Map is sync.Map. It never calls back while it holds a lock, so that the real one serves under the
// scheduler, too; only the order of Range, which hangs on a random hash seed, is made the same in
// every run where the keys are numbers or strings.
type Map struct {
	m sync.Map
}

// Load returns the value stored in the map for a key, or nil if no value is present.
func (m *Map) Load(key any) (value any, ok bool) {
	step()
	return m.m.Load(key)
}

// Store sets the value for a key.
func (m *Map) Store(key, value any) {
	step()
	m.m.Store(key, value)
}

// Clear deletes all the entries.
func (m *Map) Clear() {
	step()
	m.m.Clear()
}

// LoadOrStore returns the existing value for the key if present. Otherwise, it stores and returns
// the given value.
func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool) {
	step()
	return m.m.LoadOrStore(key, value)
}

// LoadAndDelete deletes the value for a key, returning the previous value if any.
func (m *Map) LoadAndDelete(key any) (value any, loaded bool) {
	step()
	return m.m.LoadAndDelete(key)
}

// Delete deletes the value for a key.
func (m *Map) Delete(key any) {
	step()
	m.m.Delete(key)
}

// Swap swaps the value for a key and returns the previous value if any.
func (m *Map) Swap(key, value any) (previous any, loaded bool) {
	step()
	return m.m.Swap(key, value)
}

// CompareAndSwap swaps the old and new values for key if the value stored is equal to old.
func (m *Map) CompareAndSwap(key, old, new any) (swapped bool) {
	step()
	return m.m.CompareAndSwap(key, old, new)
}

// CompareAndDelete deletes the entry for key if its value is equal to old.
func (m *Map) CompareAndDelete(key, old any) (deleted bool) {
	step()
	return m.m.CompareAndDelete(key, old)
}

// Range calls f sequentially for each key and value present in the map, until f returns false.
func (m *Map) Range(f func(key, value any) bool) {
	step()
	if active == nil {
		m.m.Range(f)
		return
	}
	var keys []any
	m.m.Range(func(key, _ any) bool {
		keys = append(keys, key)
		return true
	})
	slices.SortStableFunc(keys, compareKeys)
	for _, key := range keys {
		if value, ok := m.m.Load(key); ok && !f(key, value) {
			return
		}
	}
}

// compareKeys orders numbers and strings; other keys stay as they came.
func compareKeys(a, b any) int {
	if c, ok := ordered[int](a, b); ok {
		return c
	}
	if c, ok := ordered[string](a, b); ok {
		return c
	}
	if c, ok := ordered[int64](a, b); ok {
		return c
	}
	c, _ := ordered[uint64](a, b)
	return c
}

func ordered[T cmp.Ordered](a, b any) (int, bool) {
	x, ok := a.(T)
	y, ok2 := b.(T)
	if !ok || !ok2 {
		return 0, false
	}
	return cmp.Compare(x, y), true
}
