package cell

import (
	"reflect"

	"workbook/cmd/workbook/internal/schedule/sched"
)

type integer interface {
	~int32 | ~int64 | ~uint32 | ~uint64 | ~uintptr
}

// load replaces the Load functions of sync/atomic.
func load[T integer](p *T) T { sched.Stand(); return *p }

// store replaces the Store functions.
func store[T integer](p *T, v T) { sched.Stand(); *p = v }

// add replaces the Add functions.
func add[T integer](p *T, d T) T { sched.Stand(); *p += d; return *p }

// swap replaces the Swap functions.
func swap[T integer](p *T, v T) T { sched.Stand(); old := *p; *p = v; return old }

// and replaces the And functions.
func and[T integer](p *T, mask T) T { sched.Stand(); old := *p; *p &= mask; return old }

// or replaces the Or functions.
func or[T integer](p *T, mask T) T { sched.Stand(); old := *p; *p |= mask; return old }

// compareAndSwap replaces the CompareAndSwap functions.
func compareAndSwap[T integer](p *T, old, now T) bool {
	sched.Stand()
	if *p != old {
		return false
	}
	*p = now
	return true
}

// atomicNumber replaces the integer types of sync/atomic: each method is a step.
type atomicNumber[T integer] struct{ v T }

// Load is a step.
func (n *atomicNumber[T]) Load() T { return load(&n.v) }

// Store is a step.
func (n *atomicNumber[T]) Store(v T) { store(&n.v, v) }

// Add is a step.
func (n *atomicNumber[T]) Add(d T) T { return add(&n.v, d) }

// Swap is a step.
func (n *atomicNumber[T]) Swap(v T) T { return swap(&n.v, v) }

// And is a step.
func (n *atomicNumber[T]) And(mask T) T { return and(&n.v, mask) }

// Or is a step.
func (n *atomicNumber[T]) Or(mask T) T { return or(&n.v, mask) }

// CompareAndSwap is a step.
func (n *atomicNumber[T]) CompareAndSwap(old, now T) bool { return compareAndSwap(&n.v, old, now) }

// atomicBool replaces atomic.Bool.
type atomicBool struct{ v bool }

// Load is a step.
func (b *atomicBool) Load() bool { sched.Stand(); return b.v }

// Store is a step.
func (b *atomicBool) Store(v bool) { sched.Stand(); b.v = v }

// Swap is a step.
func (b *atomicBool) Swap(v bool) bool { sched.Stand(); old := b.v; b.v = v; return old }

// CompareAndSwap is a step.
func (b *atomicBool) CompareAndSwap(old, now bool) bool {
	sched.Stand()
	if b.v != old {
		return false
	}
	b.v = now
	return true
}

// atomicValue replaces atomic.Value.
type atomicValue struct{ v any }

// Load is a step.
func (v *atomicValue) Load() any { sched.Stand(); return v.v }

// Store is a step.
func (v *atomicValue) Store(x any) { v.Swap(x) }

// Swap is a step.
func (v *atomicValue) Swap(x any) any {
	sched.Stand()
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
