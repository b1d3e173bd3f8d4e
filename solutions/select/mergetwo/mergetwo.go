// Package mergetwo makes one channel out of two.
package mergetwo

// Merge2 returns a channel on which all values of a and of b come, as soon as they are there. The
// values of a keep their order, and so do those of b. When both are closed and all their values
// have been received, the channel is closed.
func Merge2[T any](a, b <-chan T) <-chan T {
	merged := make(chan T)
	go func() {
		// There is one goroutine that sends, so it is the one to close, after its last send.
		defer close(merged)
		// A variable that is nil says that its channel is closed, and takes its case out of the
		// select at the same time: receiving from a nil channel never goes ahead.
		for a != nil || b != nil {
			select {
			case v, ok := <-a:
				if !ok {
					a = nil
					continue
				}
				merged <- v
			case v, ok := <-b:
				if !ok {
					b = nil
					continue
				}
				merged <- v
			}
		}
	}()
	return merged
}
