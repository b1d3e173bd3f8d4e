// Package waitall runs tasks side by side.
package waitall

import "sync"

// RunAll calls every task once, each in a goroutine of its own, so that all of them are under way at
// the same time. It returns when the last task has returned.
func RunAll(tasks []func()) {
	// The WaitGroup belongs to this call. One for the whole package would make every RunAll wait for
	// the tasks of all the others, and a task that calls RunAll itself would wait for its own end.
	var wg sync.WaitGroup
	for _, task := range tasks {
		// Go counts the goroutine before it starts it, so Wait cannot come too early. It is the short
		// form of
		//
		//	wg.Add(1)
		//	go func() {
		//		defer wg.Done()
		//		task()
		//	}()
		//
		// where the Add stands outside of the new goroutine, for the same reason.
		wg.Go(task)
	}
	// Behind the loop and not in it: all are to be started before anybody is waited for.
	wg.Wait()
}
