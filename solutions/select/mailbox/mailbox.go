// Package mailbox has a box for values at which nobody ever waits.
package mailbox

// Mailbox holds a limited number of values, in the order in which they were put in. Any number of
// goroutines may use it at the same time.
type Mailbox[T any] struct {
	// A buffered channel is a queue already, with a lock inside. What is added here is that nobody
	// waits at it.
	values chan T
}

// NewMailbox returns an empty Mailbox with room for cap values, cap ≥ 1.
func NewMailbox[T any](cap int) *Mailbox[T] {
	return &Mailbox[T]{make(chan T, cap)}
}

// TryPut puts v behind the values that are there, and returns true. If there is no room it changes
// nothing and returns false. It never waits.
func (m *Mailbox[T]) TryPut(v T) bool {
	// The select looks and sends in one step. Looking at len(m.values) first leaves a gap, in which
	// somebody else can fill the last place; then the send waits.
	select {
	case m.values <- v:
		return true
	default:
		return false
	}
}

// TryTake takes the oldest value out and returns it and true. If there is none it returns the zero
// value and false. It never waits.
func (m *Mailbox[T]) TryTake() (T, bool) {
	select {
	case v := <-m.values:
		return v, true
	default:
		var zero T
		return zero, false
	}
}

// PutLatest puts v behind the values that are there. As often as it finds no room for it, it throws
// the oldest value away and tries again. It never waits.
func (m *Mailbox[T]) PutLatest(v T) {
	// A loop, because the place that TryTake has made may be gone again: whoever tries only twice
	// can come away with v still in hand. And nobody cares whether TryTake has found something. If
	// it has not, somebody else has made room.
	for !m.TryPut(v) {
		m.TryTake()
	}
}
