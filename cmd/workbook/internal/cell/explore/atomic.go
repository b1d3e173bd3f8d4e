package explore

import "reflect"

type integer interface {
	~int32 | ~int64 | ~uint32 | ~uint64 | ~uintptr
}

// Load replaces the Load functions of sync/atomic.
func Load[T integer](p *T) T { step(nil); return *p }

// Store replaces the Store functions.
func Store[T integer](p *T, v T) { step(nil); *p = v }

// Add replaces the Add functions.
func Add[T integer](p *T, d T) T { step(nil); *p += d; return *p }

// Swap replaces the Swap functions.
func Swap[T integer](p *T, v T) T { step(nil); old := *p; *p = v; return old }

// And replaces the And functions.
func And[T integer](p *T, mask T) T { step(nil); old := *p; *p &= mask; return old }

// Or replaces the Or functions.
func Or[T integer](p *T, mask T) T { step(nil); old := *p; *p |= mask; return old }

// CompareAndSwap replaces the CompareAndSwap functions.
func CompareAndSwap[T integer](p *T, old, now T) bool {
	step(nil)
	if *p != old {
		return false
	}
	*p = now
	return true
}

// Number replaces the integer types of sync/atomic: each method is a step.
type Number[T integer] struct{ v T }

// Load is a step.
func (n *Number[T]) Load() T { return Load(&n.v) }

// Store is a step.
func (n *Number[T]) Store(v T) { Store(&n.v, v) }

// Add is a step.
func (n *Number[T]) Add(d T) T { return Add(&n.v, d) }

// Swap is a step.
func (n *Number[T]) Swap(v T) T { return Swap(&n.v, v) }

// And is a step.
func (n *Number[T]) And(mask T) T { return And(&n.v, mask) }

// Or is a step.
func (n *Number[T]) Or(mask T) T { return Or(&n.v, mask) }

// CompareAndSwap is a step.
func (n *Number[T]) CompareAndSwap(old, now T) bool { return CompareAndSwap(&n.v, old, now) }

// Bool replaces atomic.Bool.
type Bool struct{ v bool }

// Load is a step.
func (b *Bool) Load() bool { step(nil); return b.v }

// Store is a step.
func (b *Bool) Store(v bool) { step(nil); b.v = v }

// Swap is a step.
func (b *Bool) Swap(v bool) bool { step(nil); old := b.v; b.v = v; return old }

// CompareAndSwap is a step.
func (b *Bool) CompareAndSwap(old, now bool) bool {
	step(nil)
	if b.v != old {
		return false
	}
	b.v = now
	return true
}

// Value replaces atomic.Value.
type Value struct{ v any }

// Load is a step.
func (v *Value) Load() any { step(nil); return v.v }

// Store is a step.
func (v *Value) Store(x any) { v.Swap(x) }

// Swap is a step.
func (v *Value) Swap(x any) any {
	step(nil)
	if x == nil {
		panic("sync/atomic: store of nil value into Value")
	}
	old := v.v
	if old != nil && reflect.TypeOf(old) != reflect.TypeOf(x) {
		panic("sync/atomic: store of inconsistently typed value into Value")
	}
	v.v = x
	return old
}
