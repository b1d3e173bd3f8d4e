package mergeclosed

// Sum adds up what comes from both.
func Sum(a, b <-chan int) (n int) {
	for a != nil || b != nil {
		select {
		case x, ok := <-a:
			if !ok {
				a = nil
			}
			n += x
		case x, ok := <-b:
			if !ok {
				b = nil
			}
			n += x
		}
	}
	return n
}
