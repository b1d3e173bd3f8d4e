package lab

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// startGoroutines starts n goroutines one after the other, each waited for, and returns the time.
func startGoroutines(n int, locked bool) time.Duration {
	var wg sync.WaitGroup
	start := time.Now()
	for range n {
		wg.Go(func() {
			if locked {
				runtime.LockOSThread() // a goroutine that ends locked takes its thread with it
			}
		})
		wg.Wait()
	}
	return time.Since(start)
}

// handOver passes a value to and fro between two goroutines n times and returns the time.
func handOver(n int, locked bool) time.Duration {
	there, back := make(chan int), make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() {
		if locked {
			runtime.LockOSThread()
		}
		for v := range there {
			back <- v
		}
	})
	var took time.Duration
	wg.Go(func() {
		if locked {
			runtime.LockOSThread()
		}
		start := time.Now()
		for i := range n {
			there <- i
			<-back
		}
		took = time.Since(start)
		close(there)
	})
	wg.Wait()
	return took
}

// waiting holds n goroutines that wait, while f looks.
func waiting(n int, locked bool, f func()) {
	var started, wg sync.WaitGroup
	end := make(chan struct{})
	started.Add(n)
	for range n {
		wg.Go(func() {
			if locked {
				runtime.LockOSThread()
			}
			started.Done()
			<-end
		})
	}
	started.Wait()
	f()
	close(end)
	wg.Wait()
}

// stackBytes returns what one of n waiting goroutines takes of the Go heap's and stacks' memory.
func stackBytes(n int) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	waiting(n, false, func() { runtime.ReadMemStats(&after) })
	return (float64(after.StackInuse+after.HeapAlloc) - float64(before.StackInuse+before.HeapAlloc)) / float64(n)
}

// residentEach returns what one of n waiting threads takes of main memory; ok is false where it is not known.
func residentEach(n int) (each float64, ok bool) {
	before, ok := resident()
	if !ok {
		return 0, false
	}
	waiting(n, true, func() {
		if after, known := resident(); known && after > before {
			each, ok = float64(after-before)/float64(n), true
		} else {
			ok = false
		}
	})
	return each, ok
}

const (
	startChart  = "time to start one, let it end, notice it"
	switchChart = "time to hand a value over"
	bytesChart  = "memory of one that waits"
	aGoroutine  = "goroutine"
	aThread     = "goroutine with a thread of its own"
)

func goroutines() Experiment {
	return Experiment{
		Name:  "goroutines",
		Title: "What a goroutine costs, beside a thread",
		Expect: "Goroutines are started and waited for one by one, and hand values to and fro; then the same with goroutines that call " +
			"runtime.LockOSThread, so that each has a thread of the operating system to itself. At last some thousand wait, and their memory is counted.",
		Question: Question{
			Text:    "How much dearer is it to start and end a goroutine that has a thread of its own?",
			Options: []string{"hardly: less than twice", "2 to 10 times", "more than 10 times"},
			Answer:  goroutinesAnswer,
		},
		Run: runGoroutines,
	}
}

// heldThreads is how many threads wait at once: limits on threads are low in some containers, and to
// hit one is the end of a Go program.
const heldThreads = 32

func runGoroutines(ctx context.Context, b *Bench) (Result, error) {
	held := b.size(10_000)
	memory := Chart{Title: bytesChart, Kind: Bars, Unit: "kB", Shows: Median}
	bytes := []Point{point(aGoroutine, []float64{stackBytes(held) / 1000}, Median)}
	notes := []string{"a thread takes a stack in the kernel besides, and reserves megabytes of addresses: neither is counted"}
	if each, ok := residentEach(heldThreads); ok {
		bytes = append(bytes, point(aThread, []float64{each / 1000}, Median))
	} else {
		notes = []string{"what a thread takes of memory is not known here"}
	}
	memory.Series = []Series{{"", bytes}}
	b.progress()

	start := func(n int, locked bool) func() []float64 {
		return func() []float64 { return []float64{nsEach(startGoroutines(n, locked), n) / 1000} }
	}
	swap := func(n int, locked bool) func() []float64 {
		return func() []float64 { return []float64{nsEach(handOver(n, locked), 2*n) / 1000} }
	}
	rows := []*row{
		{label: aGoroutine, trial: start(b.size(5000), false)},
		{label: aThread, trial: start(b.size(100), true)},
		{label: aGoroutine, trial: swap(b.size(5000), false)},
		{label: aThread, trial: swap(b.size(300), true)},
	}
	if err := b.rounds(ctx, rows); err != nil {
		return Result{}, err
	}
	return Result{Notes: notes, Charts: []Chart{
		{Title: startChart, Kind: Bars, Unit: "µs", Shows: Best, Series: []Series{{"", points(rows[:2], 0, Best)}}},
		{Title: switchChart, Kind: Bars, Unit: "µs", Shows: Best, Series: []Series{{"", points(rows[2:], 0, Best)}}},
		memory,
	}}, nil
}

func goroutinesAnswer(r Result) (int, string) {
	ratio, ok := r.ratio(startChart, aThread, aGoroutine)
	if !ok {
		return -1, "there was no time for every row"
	}
	why := fmt.Sprintf("With a thread it took %s as long. A goroutine is a small stack and a place in a queue of the program's own; a thread is made, switched to and "+
		"ended by the operating system.", times(ratio))
	switch {
	case ratio < 2:
		return 0, why
	case ratio <= 10:
		return 1, why
	}
	return 2, why
}
