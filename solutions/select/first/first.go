// Package first asks several at once, and takes the answer that comes first.
package first

// First calls all the functions at the same time, each in a goroutine of its own, and returns the
// result of the one that returns first. It does not wait for the others, and each goroutine ends
// when its function has returned. First panics if there is no function.
func First[T any](fs ...func() T) T {
	if len(fs) == 0 {
		// Without this the receive below would wait for ever: nobody is there to send.
		panic("first: no functions")
	}
	// Only one of the results is received. The others need a place to go to, or their senders
	// wait until the program ends. So there is room for every result: no send ever waits. The
	// channel needs no close; when nobody uses it any more, its memory is freed.
	results := make(chan T, len(fs))
	for _, f := range fs {
		go func() { results <- f() }()
	}
	return <-results
}
