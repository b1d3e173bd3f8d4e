// Package mainloop runs functions on one goroutine and its thread, whoever asks for them.
package mainloop

import (
	"runtime"
	"sync"
)

// Loop runs the functions that any number of goroutines give to Do.
type Loop struct {
	// calls has no buffer: a call is either in the hands of Run, which will answer it, or still in
	// those of Do, which can take it back. In a buffer it would be in nobody's.
	calls chan *call
	stop  chan struct{} // closed by Stop
	once  sync.Once     // closes stop
}

// call is one call of Do.
type call struct {
	f        func()
	panicked any           // what f panicked with, if it did
	done     chan struct{} // closed when f has ended
}

// New returns a Loop that nobody runs yet.
func New() *Loop {
	return &Loop{calls: make(chan *call), stop: make(chan struct{})}
}

// Do has f called by the goroutine that is in Run, and returns when f has ended. If f panics, Do
// panics with the same value. If Stop comes before f has begun, f is not called, and Do returns.
func (l *Loop) Do(f func()) {
	c := &call{f: f, done: make(chan struct{})}
	select {
	case l.calls <- c:
	case <-l.stop:
		return
	}
	// Run has taken the call, so f is called, and it may use what the caller of Do has. Nothing but
	// its end is waited for here, not even Stop.
	<-c.done
	if c.panicked != nil {
		panic(c.panicked) // a recover works only in the goroutine that panics: here, in the caller's
	}
}

// Run calls the functions given to Do, one after another, until Stop is called. Its goroutine is
// locked to its thread meanwhile.
func (l *Loop) Run() {
	// From here on nothing else runs on this thread, and this goroutine on no other one, also
	// between two calls. A lock around each call would let it wake up elsewhere for the next.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for {
		select {
		case c := <-l.calls:
			c.run()
		case <-l.stop:
			return
		}
	}
}

// run calls f and keeps its panic from ending the loop.
func (c *call) run() {
	// Deferred calls run last to first: panicked is written before done is closed, which is what
	// lets Do read it without a lock.
	defer close(c.done)
	defer func() { c.panicked = recover() }()
	c.f()
}

// Stop makes Run return when the function that it is calling, if any, has ended. It does not wait
// for that. It may be called more than once, and by a function that Run calls.
func (l *Loop) Stop() {
	// Closing tells everybody who waits or ever will: Run, and any number of Do. A value sent would
	// reach one of them. But a channel can be closed only once.
	l.once.Do(func() { close(l.stop) })
}
