// Package hunt has seven functions, each without the race that it had.
package hunt

import "sync"

// Save calls disk and cloud at the same time, waits for both, and returns the error of disk or, if that
// is nil, the error of cloud.
func Save(disk, cloud func() error) error {
	var wg sync.WaitGroup
	// One variable for each goroutine. With = in the place of := a closure takes whatever err is in
	// sight, which is how two goroutines come to share one.
	var cloudErr error
	wg.Go(func() { cloudErr = cloud() })
	diskErr := disk()
	wg.Wait()
	if diskErr != nil {
		return diskErr
	}
	return cloudErr
}

// Lookup calls slow in the background and returns what it returns, unless quick returns true: then it
// returns at once the value that quick returned, and does not wait for slow.
func Lookup(quick func() (int, bool), slow func() int) int {
	// A named result is a variable, and a return statement writes to it: "return v" raced with the
	// goroutine. Now the goroutine has nothing of this function's but a channel, with room for the value,
	// so that it can end even if nobody wants it any more.
	value := make(chan int, 1)
	go func() { value <- slow() }()
	if v, ok := quick(); ok {
		return v
	}
	return <-value
}

// Collect calls f(0) to f(n-1) at the same time and returns all results, in the order in which the
// calls ended. f also gets the results that there were when its goroutine began, and only reads them.
func Collect(n int, f func(i int, sofar []int) int) []int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var results []int // guarded by mu
	for i := range n {
		wg.Go(func() {
			// A slice is three words, and to pass it on reads them. The elements need no lock: those up
			// to the length are never written again, and append writes behind them.
			mu.Lock()
			sofar := results
			mu.Unlock()
			result := f(i, sofar)
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
	var mu sync.Mutex
	index := make(map[string]int, len(keys)) // guarded by mu
	for _, key := range keys {
		wg.Go(func() {
			value := f(key) // without the lock, or the calls would take turns
			mu.Lock()
			defer mu.Unlock()
			index[key] = value
		})
	}
	wg.Wait()
	return index
}

// RunAll runs all tasks at the same time and returns when all have returned.
func RunAll(tasks ...func()) {
	var wg sync.WaitGroup
	for _, task := range tasks {
		// Before the go statement, so that Wait cannot come first. wg.Go does both.
		wg.Add(1)
		go run(task, &wg)
	}
	wg.Wait()
}

// run runs a task for RunAll.
func run(task func(), wg *sync.WaitGroup) {
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
			// What is deferred last runs first, so Done is deferred first.
			defer wg.Done()
			defer func() { caught[i] = recover() }()
			task()
		}()
	}
	wg.Wait()
	return caught
}

// Tally calls f(0) to f(n-1) at the same time and returns the sum of their results.
func Tally(n int, f func(i int) int) int {
	var wg sync.WaitGroup
	var mu sync.Mutex // one for all, not one for each call
	sum := 0          // guarded by mu
	add := func(v int) {
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
