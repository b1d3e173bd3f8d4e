// Package mainloop runs functions on one goroutine and its thread, whoever asks for them.
package mainloop

// Loop runs the functions that any number of goroutines give to Do.
type Loop struct {
	stop chan struct{} // has room for one Stop
}

// New returns a Loop that nobody runs yet.
func New() *Loop {
	return &Loop{stop: make(chan struct{}, 1)}
}

// TODO: Do runs f in the goroutine that happens to call it. Hand it over to the one in Run.

// Do has f called by the goroutine that is in Run, and returns when f has ended. If f panics, Do
// panics with the same value. If Stop comes before f has begun, f is not called, and Do returns.
func (l *Loop) Do(f func()) {
	f()
}

// Run calls the functions given to Do, one after another, until Stop is called. Its goroutine is
// locked to its thread meanwhile.
func (l *Loop) Run() {
	<-l.stop
}

// Stop makes Run return when the function that it is calling, if any, has ended. It does not wait
// for that. It may be called more than once, and by a function that Run calls.
func (l *Loop) Stop() {
	select {
	case l.stop <- struct{}{}:
	default: // it is full
	}
}
