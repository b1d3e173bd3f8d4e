// Package handle gives a goroutine what a go statement does not return: something to hold on to.
package handle

import "fmt"

// Handle stands for a function that runs in a goroutine of its own.
type Handle[T any] struct {
	done  chan struct{} // closed when f has ended
	value T             // written before done is closed, only read after it
	err   error         // as value
}

// Go calls f in a goroutine of its own, and returns a Handle for it at once.
func Go[T any](f func() (T, error)) *Handle[T] {
	h := &Handle[T]{done: make(chan struct{})}
	go h.run(f)
	return h
}

// run calls f and keeps what becomes of it.
func (h *Handle[T]) run(f func() (T, error)) {
	// Deferred calls run last to first, so everything is written when done is closed, and they run
	// however f ends. Closing wakes everybody who waits, now and later; a value sent would reach
	// one of them, and would need one of them.
	defer close(h.done)
	// This stays where f does not return. runtime.Goexit, which testing.T.FailNow calls, ends the
	// goroutine: it runs the deferred calls, nothing else, and recover knows nothing of it.
	h.err = fmt.Errorf("the function ended its goroutine")
	defer func() {
		// A panic that nobody recovers ends the program, and only this goroutine can recover it.
		if v := recover(); v != nil {
			h.err = fmt.Errorf("the function panicked: %v", v)
		}
	}()
	h.value, h.err = f()
}

// Wait waits for the end of f and returns its results, as often as it is called. If f did not
// return, because it panicked or ended its goroutine, the error says so.
func (h *Handle[T]) Wait() (T, error) {
	<-h.done // a closed channel never runs out
	return h.value, h.err
}

// Done returns a channel that is closed when f has ended.
func (h *Handle[T]) Done() <-chan struct{} {
	return h.done
}
