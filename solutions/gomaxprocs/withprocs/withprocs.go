// Package withprocs changes GOMAXPROCS for the time of one call.
package withprocs

import "runtime"

// WithProcs calls f once, in the goroutine of its caller, while GOMAXPROCS is n. However f ends, by
// returning, by a panic or by runtime.Goexit, GOMAXPROCS is afterwards what it was before, and a panic
// goes on to the caller. If n is less than 1, GOMAXPROCS stays as it is, and f is called all the same.
//
// f may call WithProcs itself. GOMAXPROCS belongs to the whole process: two goroutines must not be in
// WithProcs at the same time.
//
// Beforehand the runtime may have adjusted GOMAXPROCS to the machine by itself. A call of GOMAXPROCS
// ends that; WithProcs resumes it where the number to go back to is the default.
func WithProcs(n int, f func()) {
	// One call sets the new number and returns the old one. To set first and ask afterwards would give
	// the new one; and with n < 1 the call only asks.
	old := runtime.GOMAXPROCS(n)
	// A deferred call comes in every case, a panic included. It has its old from the stack, so that in
	// nested calls each goes back to its own. recover is not needed: the panic is the caller's.
	defer func() {
		if n < 1 {
			return // nothing was changed here
		}
		// There is no way to ask whether the number was a custom one. This goes back to the default
		// and to automatic updates, and then to the old number if that was another.
		runtime.SetDefaultGOMAXPROCS()
		if runtime.GOMAXPROCS(0) != old {
			runtime.GOMAXPROCS(old)
		}
	}()
	f()
}
