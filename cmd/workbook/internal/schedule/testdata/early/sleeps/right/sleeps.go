// Package sleeps waits for the result, and notes that it takes long.
package sleeps

import "time"

// Result calls work in a goroutine and returns what it returned.
func Result(work func() int) int {
	result := make(chan int, 1)
	go func() { result <- work() }()
	late := time.NewTimer(10 * time.Millisecond)
	defer late.Stop()
	for {
		select {
		case v := <-result:
			return v
		case <-late.C:
			late.Reset(time.Second)
		}
	}
}
