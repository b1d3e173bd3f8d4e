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
	type result struct {
		v   T
		err error
	}
	results := make(chan result)
	go func() {
		v, err := f()
		results <- result{v, err}
	}()
	// TODO: This does not wait at all. And who receives the result when it comes too late?
	select {
	case r := <-results:
		return r.v, r.err
	default:
		var zero T
		return zero, ErrTimeout
	}
}
