package lab

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func isPrime(n int) bool {
	for d := 2; d*d <= n; d++ {
		if n%d == 0 {
			return false
		}
	}
	return n > 1
}

// primesIn counts the primes from low to below high.
func primesIn(low, high int) int {
	count := 0
	for n := low; n < high; n++ {
		if isPrime(n) {
			count++
		}
	}
	return count
}

// countPrimes counts the primes below limit; its workers fetch one chunk of numbers after the other.
func countPrimes(workers, chunk, limit int) int {
	var next, total atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				low := int(next.Add(int64(chunk))) - chunk
				if low >= limit {
					return
				}
				total.Add(int64(primesIn(low, min(low+chunk, limit))))
			}
		})
	}
	wg.Wait()
	return int(total.Load())
}

const (
	speedupTimes = "time to count the primes"
	speedupCurve = "times as fast as GOMAXPROCS 1"
)

func speedup() Experiment {
	return Experiment{
		Name:  "speedup",
		Title: "How much faster a program gets with GOMAXPROCS",
		Expect: "Goroutines, twice as many as you have cores, count primes and share nothing but the place where the next thousand numbers are " +
			"fetched. The same work is timed with GOMAXPROCS from 1 to twice your cores.",
		Question: Question{
			Text:    "Where does it stop to get faster?",
			Options: []string{"nowhere: twice the cores are faster again", "at the number of cores", "at once: more than one P gains nothing here"},
			Answer:  speedupAnswer,
		},
		Run: runSpeedup,
	}
}

func runSpeedup(ctx context.Context, b *Bench) (Result, error) {
	limit, cores := b.size(300_000), runtime.NumCPU()
	var rows []*row
	for _, p := range procs() {
		rows = append(rows, &row{label: strconv.Itoa(p), trial: func() (got []float64) {
			at(p, func() {
				start := time.Now()
				countPrimes(2*cores, 1000, limit)
				got = []float64{ms(time.Since(start))}
			})
			return got
		}})
	}
	if err := b.rounds(ctx, rows); err != nil {
		return Result{}, err
	}
	measured := points(rows, 0, Best)
	var ideal []Point
	for _, p := range measured {
		n, _ := strconv.Atoi(p.Label) // made by Itoa above
		v := float64(min(n, cores))
		ideal = append(ideal, Point{Label: p.Label, Value: v, Low: v, Median: v, High: v})
	}
	curve := Chart{Title: speedupCurve, Kind: Curve, Unit: "times", Shows: Best, Legend: "across: GOMAXPROCS"}
	if len(measured) > 0 {
		curve.Series = []Series{{"measured", faster(measured[0].Value, measured)}, {"if every core counted in full", ideal}}
	}
	bars := Chart{Title: speedupTimes, Kind: Bars, Unit: "ms", Shows: Best, Series: []Series{{"", labelled("GOMAXPROCS ", measured)}}}
	return Result{Charts: []Chart{curve, bars}}, nil
}

// labelled puts a word before each label.
func labelled(word string, list []Point) []Point {
	named := make([]Point, len(list))
	for i, p := range list {
		p.Label = word + p.Label
		named[i] = p
	}
	return named
}

func speedupAnswer(r Result) (int, string) {
	cores := r.Machine.Cores
	one, okOne := r.value(speedupTimes, "", procsLabel(1))
	all, okAll := r.value(speedupTimes, "", procsLabel(cores))
	twice, okTwice := r.value(speedupTimes, "", procsLabel(2*cores))
	if !okOne || !okAll || !okTwice {
		return -1, "there was no time for every row"
	}
	figures := fmt.Sprintf("With %d Ps it was %s as fast as with one, with %d it was %s. ", cores, times(one/all), 2*cores, times(one/twice))
	switch {
	case one/all < 1.2 && r.Machine.Cores > 1 && r.Machine.busy():
		return -1, figures + "But the cores were busy with something else; run it again when they are not"
	case one/all < 1.2 && one/twice < 1.2:
		return 2, figures + "Ps alone do no work: it takes cores that are free."
	case all/twice > 1.3:
		return 0, figures + "That is more than the cores that were free at first: somebody else used them meanwhile; run it again."
	}
	return 1, figures + "A P is a permit to run, a core does the running; work that shares next to nothing grows with the cores and no further."
}
