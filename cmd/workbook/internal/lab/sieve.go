package lab

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// generate sends 2, 3, 4 and so on until ctx ends.
func generate(ctx context.Context, out chan<- int) {
	defer close(out)
	for n := 2; ; n++ {
		select {
		case out <- n:
		case <-ctx.Done():
			return
		}
	}
}

// filter passes on what a prime does not divide.
func filter(in <-chan int, out chan<- int, prime int) {
	defer close(out)
	for n := range in {
		if n%prime != 0 {
			out <- n
		}
	}
}

// nthPrime is the prime sieve of the Go specification: a chain of goroutines, one for each prime.
func nthPrime(n int) int {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	source := make(chan int)
	wg.Go(func() { generate(ctx, source) })
	in, prime := source, 0
	for range n {
		prime = <-in
		from, to, divisor := in, make(chan int), prime
		wg.Go(func() { filter(from, to, divisor) })
		in = to
	}
	cancel()
	for range in { // what is still under way drains, so that every filter ends
	}
	wg.Wait()
	return prime
}

// loopPrime finds the same prime with one loop.
func loopPrime(n int) int {
	prime := 1
	for found := 0; found < n; {
		prime++
		if isPrime(prime) {
			found++
		}
	}
	return prime
}

const (
	sieveWall = "time on the clock"
	sieveCPU  = "processor time, all cores together"
	sieveLoop = "a loop, no goroutine"
)

func sieve() Experiment {
	return Experiment{
		Name:  "sieve",
		Title: "Many goroutines with little to do each",
		Expect: "The prime sieve of the Go specification is a chain of goroutines: each number passes from one to the next over a channel, and each " +
			"goroutine does one division. It is timed with GOMAXPROCS from 1 to twice your cores, beside a plain loop for the same primes.",
		Question: Question{
			Text:    "Several hundred goroutines, and more cores to run them. With as many Ps as cores, against one P, the sieve is",
			Options: []string{"clearly faster", "about as fast", "slower"},
			Answer:  sieveAnswer,
		},
		Run: runSieve,
	}
}

func runSieve(ctx context.Context, b *Bench) (Result, error) {
	primes := max(20, b.size(300))
	timed := func(procs int, f func(int) int) func() []float64 {
		return func() (got []float64) {
			at(procs, func() {
				start, used := time.Now(), cpuTime()
				f(primes)
				got = []float64{ms(time.Since(start)), ms(cpuTime() - used)}
			})
			return got
		}
	}
	var rows []*row
	for _, p := range procs() {
		rows = append(rows, &row{label: procsLabel(p), trial: timed(p, nthPrime)})
	}
	rows = append(rows, &row{label: sieveLoop, trial: timed(runtime.GOMAXPROCS(0), loopPrime)})
	if err := b.rounds(ctx, rows); err != nil {
		return Result{}, err
	}
	return Result{Charts: []Chart{
		{Title: sieveWall, Kind: Bars, Unit: "ms", Shows: Best, Series: []Series{{"", points(rows, 0, Best)}}},
		{Title: sieveCPU, Kind: Bars, Unit: "ms", Shows: Median, Series: []Series{{"", points(rows, 1, Median)}}},
	}}, nil
}

func sieveAnswer(r Result) (int, string) {
	ratio, ok := r.ratio(sieveWall, procsLabel(r.Machine.Cores), procsLabel(1))
	if !ok || r.Machine.Cores < 2 {
		return -1, "it takes two cores, and time for every row"
	}
	loop, _ := r.value(sieveWall, "", sieveLoop)
	one, _ := r.value(sieveWall, "", procsLabel(1))
	figures := fmt.Sprintf("With %d Ps it took %s as long as with one; a loop needs %s ms where one P takes %s. ", r.Machine.Cores, times(ratio), number(loop), number(one))
	const why = "A division is next to nothing; what costs is handing numbers over, and between cores that costs more than within one. More Ps help programs whose " +
		"pieces of work are bigger than the hand-over."
	switch {
	case ratio < 0.85:
		return 0, figures + why
	case ratio <= 1.1:
		return 1, figures + why
	}
	return 2, figures + why
}
