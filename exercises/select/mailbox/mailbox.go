// Package mailbox has a box for values at which nobody ever waits.
package mailbox

// Mailbox holds a limited number of values, in the order in which they were put in. Any number of
// goroutines may use it at the same time.
type Mailbox[T any] struct {
	values chan T
}

// NewMailbox returns an empty Mailbox with room for cap values, cap ≥ 1.
func NewMailbox[T any](cap int) *Mailbox[T] {
	return &Mailbox[T]{make(chan T, cap)}
}

// TODO: Each method looks first, and then sends or receives. What if another goroutine comes between?

// TryPut puts v behind the values that are there, and returns true. If there is no room it changes
// nothing and returns false. It never waits.
func (m *Mailbox[T]) TryPut(v T) bool {
	if len(m.values) == cap(m.values) {
		return false
	}
	m.values <- v
	return true
}

// TryTake takes the oldest value out and returns it and true. If there is none it returns the zero
// value and false. It never waits.
func (m *Mailbox[T]) TryTake() (T, bool) {
	if len(m.values) == 0 {
		var zero T
		return zero, false
	}
	return <-m.values, true
}

// PutLatest puts v behind the values that are there. As often as it finds no room for it, it throws
// the oldest value away and tries again. It never waits.
func (m *Mailbox[T]) PutLatest(v T) {
	if len(m.values) == cap(m.values) {
		<-m.values
	}
	m.values <- v
}
