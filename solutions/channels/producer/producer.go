// Package producer sends numbers over a channel, and adds up what comes out of one.
package producer

// Count returns a channel on which the numbers 1, 2, … n come, in this order. After the last of them, the
// channel is closed.
func Count(n int) <-chan int {
	c := make(chan int)
	// The sends need a goroutine of their own. The channel has no buffer, so the first of them waits for a
	// receiver, and nobody can receive before Count has returned the channel.
	go func() {
		// The goroutine that sends also closes: it alone knows which send was the last one. Nobody else needs to
		// ask, and nobody can be about to send on a channel that is closed.
		defer close(c)
		for i := range n {
			c <- i + 1
		}
	}()
	// Here the channel loses a direction: c is a chan int, and the caller gets a <-chan int, from which it can
	// receive, and on which it can neither send nor call close.
	return c
}

// Sum receives numbers until the channel is closed, and returns their sum.
func Sum(in <-chan int) int {
	sum := 0
	// The loop ends when the channel is closed and everything that was sent before has been received. It cannot
	// mistake a 0 that was sent for the end, as a comparison with 0 would.
	for v := range in {
		sum += v
	}
	return sum
}
