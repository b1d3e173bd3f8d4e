package eachcloses

import "sync/atomic"

func Merge(lists ...[]int) <-chan int {
	out := make(chan int, 1)
	var left atomic.Int32
	for _, l := range lists {
		left.Add(1)
		go func() {
			for _, x := range l {
				out <- x
			}
			if left.Add(-1) == 0 {
				close(out)
			}
		}()
	}
	return out
}
