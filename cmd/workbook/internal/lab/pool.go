package lab

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// page is how much is written to a buffer.
const page = 4096

// fresh writes into a new buffer each time; pooled takes it from a sync.Pool and puts it back.
func fresh(n int, text []byte) (total int) {
	for range n {
		buf := new(bytes.Buffer)
		buf.Write(text)
		total += buf.Len()
	}
	return total
}

func pooled(p *sync.Pool, n int, text []byte) (total int) {
	for range n {
		buf := p.Get().(*bytes.Buffer)
		buf.Reset()
		buf.Write(text)
		total += buf.Len()
		p.Put(buf)
	}
	return total
}

// work is one trial: its nanoseconds, its allocations, its bytes, for each use of a buffer.
func work(goroutines, n int, f func(n int)) []float64 {
	var before, after runtime.MemStats
	var wg sync.WaitGroup
	n = max(1, n/goroutines)
	runtime.ReadMemStats(&before)
	start := time.Now()
	for range goroutines {
		wg.Go(func() { f(n) })
	}
	wg.Wait()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	all := float64(n * goroutines)
	return []float64{float64(took) / all, float64(after.Mallocs-before.Mallocs) / all, float64(after.TotalAlloc-before.TotalAlloc) / all}
}

const (
	poolChart  = "time to fill one buffer"
	allocChart = "allocations for one buffer"
	byteChart  = "bytes allocated for one buffer"
	newBuffer  = "a new buffer each time"
	pooledOne  = "a buffer from a sync.Pool"
)

func pool() Experiment {
	return Experiment{
		Name:  "pool",
		Title: "What sync.Pool saves",
		Expect: fmt.Sprintf("As many goroutines as GOMAXPROCS fill buffers of %d bytes, over and over: new ones each time, then ones from a sync.Pool that are put "+
			"back. Time, allocations and bytes are counted for one buffer; the time includes the garbage collector's.", page),
		Question: Question{
			Text:    "How much faster is it with the pool?",
			Options: []string{"hardly: allocating is fast, less than 1.3 times", "1.3 to 3 times", "more than 3 times"},
			Answer:  poolAnswer,
		},
		Run: runPool,
	}
}

func runPool(ctx context.Context, b *Bench) (Result, error) {
	n, goroutines := b.size(20_000), runtime.GOMAXPROCS(0)
	text := bytes.Repeat([]byte("x"), page)
	p := &sync.Pool{New: func() any { return new(bytes.Buffer) }}
	rows := []*row{
		{label: newBuffer, trial: func() []float64 { return work(goroutines, n, func(n int) { fresh(n, text) }) }},
		{label: pooledOne, trial: func() []float64 { return work(goroutines, n, func(n int) { pooled(p, n, text) }) }},
	}
	if err := b.rounds(ctx, rows); err != nil {
		return Result{}, err
	}
	var charts []Chart
	for i, c := range []struct{ title, unit string }{{poolChart, "ns"}, {allocChart, ""}, {byteChart, "B"}} {
		charts = append(charts, Chart{Title: c.title, Kind: Bars, Unit: c.unit, Shows: Median, Series: []Series{{"", points(rows, i, Median)}}})
	}
	return Result{Charts: charts}, nil
}

func poolAnswer(r Result) (int, string) {
	ratio, ok := r.ratio(poolChart, newBuffer, pooledOne)
	if !ok {
		return -1, "there was no time for every row"
	}
	why := fmt.Sprintf("It was %s as fast. A buffer from the pool is neither allocated nor cleared nor collected; but a pool keeps nothing for sure, a collection "+
		"empties it, and for small or rare objects it is not worth its code.", times(ratio))
	switch {
	case ratio < 1.3:
		return 0, why
	case ratio <= 3:
		return 1, why
	}
	return 2, why
}
