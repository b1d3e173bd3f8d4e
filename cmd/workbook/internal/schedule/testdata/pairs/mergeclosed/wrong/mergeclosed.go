package mergeclosed

// Sum adds up what comes from both.
func Sum(a, b <-chan int) (n int) {
	for {
		select {
		case x, ok := <-a:
			if !ok {
				return n
			}
			n += x
		case x, ok := <-b:
			if !ok {
				return n
			}
			n += x
		}
	}
}
