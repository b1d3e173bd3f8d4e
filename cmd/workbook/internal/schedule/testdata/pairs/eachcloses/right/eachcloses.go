package eachcloses

import "sync/atomic"

func Merge(lists ...[]int) <-chan int {
	out := make(chan int, 1)
	var left atomic.Int32
	left.Add(int32(len(lists)))
	for _, l := range lists {
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
