// Package hunt has seven functions, each with a race of a kind that is often found in real programs.
package hunt

import "sync"

// TODO: Each function has one race. Find it, and leave what the comment promises as it is.

// Save calls disk and cloud at the same time, waits for both, and returns the error of disk or, if that
// is nil, the error of cloud.
func Save(disk, cloud func() error) error {
	var wg sync.WaitGroup
	var err, first error
	wg.Go(func() {
		if err = cloud(); err != nil {
			first = err
		}
	})
	err = disk()
	wg.Wait()
	if err != nil {
		first = err
	}
	return first
}

// Lookup calls slow in the background and returns what it returns, unless quick returns true: then it
// returns at once the value that quick returned, and does not wait for slow.
func Lookup(quick func() (int, bool), slow func() int) (value int) {
	done := make(chan struct{})
	go func() {
		value = slow()
		close(done)
	}()
	if v, ok := quick(); ok {
		return v
	}
	<-done
	return value
}

// Collect calls f(0) to f(n-1) at the same time and returns all results, in the order in which the
// calls ended. f also gets the results that there were when its goroutine began, and only reads them.
func Collect(n int, f func(i int, sofar []int) int) []int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var results []int // guarded by mu
	for i := range n {
		wg.Go(func() {
			result := f(i, results)
			mu.Lock()
			defer mu.Unlock()
			results = append(results, result)
		})
	}
	wg.Wait()
	return results
}

// Index calls f with all keys at the same time and returns what it returned for each.
func Index(keys []string, f func(key string) int) map[string]int {
	var wg sync.WaitGroup
	index := make(map[string]int, len(keys))
	for _, key := range keys {
		index[key] = 0 // from here on the map does not grow
	}
	for _, key := range keys {
		wg.Go(func() { index[key] = f(key) })
	}
	wg.Wait()
	return index
}

// RunAll runs all tasks at the same time and returns when all have returned.
func RunAll(tasks ...func()) {
	var wg sync.WaitGroup
	for _, task := range tasks {
		go run(task, &wg)
	}
	wg.Wait()
}

// run runs a task for RunAll.
func run(task func(), wg *sync.WaitGroup) {
	wg.Add(1)
	defer wg.Done()
	task()
}

// Try runs all tasks at the same time, waits for them, and returns what each panicked with, nil if it
// did not panic.
func Try(tasks ...func()) []any {
	var wg sync.WaitGroup
	caught := make([]any, len(tasks))
	wg.Add(len(tasks))
	for i, task := range tasks {
		go func() {
			defer func() { caught[i] = recover() }()
			defer wg.Done()
			task()
		}()
	}
	wg.Wait()
	return caught
}

// Tally calls f(0) to f(n-1) at the same time and returns the sum of their results.
func Tally(n int, f func(i int) int) int {
	var wg sync.WaitGroup
	sum := 0
	add := func(v int) {
		var mu sync.Mutex
		mu.Lock()
		defer mu.Unlock()
		sum += v
	}
	for i := range n {
		wg.Go(func() { add(f(i)) })
	}
	wg.Wait()
	return sum
}
