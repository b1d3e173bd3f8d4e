package leakytimeout

import "time"

func Within(d time.Duration, f func() int) (int, bool) {
	answer := make(chan int, 1)
	go func() { answer <- f() }()
	select {
	case n := <-answer:
		return n, true
	case <-time.After(d):
		return 0, false
	}
}
