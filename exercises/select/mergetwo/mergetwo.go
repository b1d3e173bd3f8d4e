// Package mergetwo makes one channel out of two.
package mergetwo

// Merge2 returns a channel on which all values of a and of b come, as soon as they are there. The
// values of a keep their order, and so do those of b. When both are closed and all their values
// have been received, the channel is closed.
func Merge2[T any](a, b <-chan T) <-chan T {
	merged := make(chan T)
	go func() {
		defer close(merged)
		aOpen, bOpen := true, true
		for aOpen || bOpen {
			// TODO: From a closed channel you can receive at any time. How often does this loop go
			// round between the moment when a is closed and the next value of b?
			select {
			case v, ok := <-a:
				if !ok {
					aOpen = false
					continue
				}
				merged <- v
			case v, ok := <-b:
				if !ok {
					bOpen = false
					continue
				}
				merged <- v
			}
		}
	}()
	return merged
}
