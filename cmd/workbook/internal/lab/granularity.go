package lab

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// servePrimes counts the primes below limit; every chunk of numbers goes to the workers over a channel.
func servePrimes(workers, chunk, limit int) int {
	var total atomic.Int64
	var wg sync.WaitGroup
	jobs := make(chan int)
	for range workers {
		wg.Go(func() {
			count := 0
			for low := range jobs {
				count += primesIn(low, min(low+chunk, limit))
			}
			total.Add(int64(count))
		})
	}
	for low := 0; low < limit; low += chunk {
		jobs <- low
	}
	close(jobs)
	wg.Wait()
	return int(total.Load())
}

const (
	chunkCurve = "times as fast as one goroutine without a channel"
	chunkTimes = "time to count the primes"
	onePiece   = "one piece"
	noChannel  = "no channel, one goroutine"
)

func granularity() Experiment {
	return Experiment{
		Name:  "granularity",
		Title: "How big a piece of work should be",
		Expect: "As many workers as GOMAXPROCS count primes; the numbers go to them over a channel, in chunks of 1, of 10, of 100 and so on, at last " +
			"all of them in one piece. Small chunks share the work evenly but are many; big ones are few but uneven.",
		Question: Question{
			Text:    "Which chunks are fastest?",
			Options: []string{"of 1 number: nobody ever waits for work", "some in between", "the one piece: the channel costs nothing then"},
			Answer:  granularityAnswer,
		},
		Run: runGranularity,
	}
}

func runGranularity(ctx context.Context, b *Bench) (Result, error) {
	limit, workers := b.size(100_000), max(2, runtime.GOMAXPROCS(0))
	timed := func(f func()) func() []float64 {
		return func() []float64 {
			start := time.Now()
			f()
			return []float64{ms(time.Since(start))}
		}
	}
	rows := []*row{{label: noChannel, trial: timed(func() { countPrimes(1, limit, limit) })}}
	for chunk := 1; chunk < limit/2; chunk *= 10 {
		rows = append(rows, &row{label: fmt.Sprint(chunk), trial: timed(func() { servePrimes(workers, chunk, limit) })})
	}
	rows = append(rows, &row{label: onePiece, trial: timed(func() { servePrimes(workers, limit, limit) })})
	if err := b.rounds(ctx, rows); err != nil {
		return Result{}, err
	}
	all := points(rows, 0, Best)
	r := Result{Charts: []Chart{{Title: chunkTimes, Kind: Bars, Unit: "ms", Shows: Best, Series: []Series{{"", all}}}}}
	if len(all) == len(rows) {
		curve := Chart{Title: chunkCurve, Kind: Curve, Unit: "times", Shows: Best, Legend: "across: numbers in a chunk",
			Series: []Series{{"measured", faster(all[0].Value, all[1:])}}}
		r.Charts = append([]Chart{curve}, r.Charts...)
	}
	return r, nil
}

func granularityAnswer(r Result) (int, string) {
	one, okOne := r.value(chunkTimes, "", "1")
	whole, okWhole := r.value(chunkTimes, "", onePiece)
	if !okOne || !okWhole {
		return -1, "there was no time for every row"
	}
	best, label := one, "1"
	for _, p := range r.Charts[len(r.Charts)-1].Series[0].Points {
		if p.Label != noChannel && p.Label != onePiece && p.Value < best {
			best, label = p.Value, p.Label
		}
	}
	figures := fmt.Sprintf("Chunks of 1 took %s ms, chunks of %s took %s ms, the one piece %s ms. ", number(one), label, number(best), number(whole))
	const why = "A chunk must be work enough to outweigh its trip through the channel, and there must be enough chunks to keep every worker busy to the end."
	switch {
	case whole <= best:
		return 2, figures + "Here one worker alone was as good as several: the other cores were not free. " + why
	case label == "1":
		return 0, figures + why
	}
	return 1, figures + why
}
