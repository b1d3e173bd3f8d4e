// Package producer sends numbers over a channel, and adds up what comes out of one.
package producer

// TODO: Count never returns: it sends before anybody can have the channel to receive from.

// Count returns a channel on which the numbers 1, 2, … n come, in this order. After the last of them, the
// channel is closed.
func Count(n int) <-chan int {
	c := make(chan int)
	for i := range n {
		c <- i + 1
	}
	close(c)
	return c
}

// TODO: A 0 need not be the end. It can be a number that somebody has sent.

// Sum receives numbers until the channel is closed, and returns their sum.
func Sum(in <-chan int) int {
	sum := 0
	for {
		v := <-in
		if v == 0 {
			return sum
		}
		sum += v
	}
}
