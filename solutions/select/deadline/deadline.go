// Package deadline gives a function a limited time.
package deadline

import (
	"errors"
	"time"
)

// ErrTimeout is the error of Within when the time is over.
var ErrTimeout = errors.New("deadline: the time is over")

// Within calls f in a goroutine of its own, and returns what f returns, or the zero value and
// ErrTimeout if f has not returned when d has passed. It returns as soon as it can say either. f
// goes on even then; when it has returned, no goroutine of Within is left.
func Within[T any](d time.Duration, f func() (T, error)) (T, error) {
	// The value and the error travel together: with a channel for each, the one that is received
	// first would decide, and the other one get lost.
	type result struct {
		v   T
		err error
	}
	// Room for the one result, so that f's goroutine can leave it there and end, whether somebody
	// still waits or not.
	results := make(chan result, 1)
	go func() {
		v, err := f()
		results <- result{v, err}
	}()
	select {
	case r := <-results:
		return r.v, r.err
	case <-time.After(d):
		// A timer is no goroutine. Since Go 1.23 it is freed as soon as nobody can reach it, even if
		// it has not fired, so in the other case nothing has to be stopped.
		var zero T
		return zero, ErrTimeout
	}
}
