package lab

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// sum is what goroutines add to.
type sum struct {
	plain  int64
	atomic atomic.Int64
	mu     sync.Mutex // guards plain, where the adder is the mutex's
}

// adder is a way of adding 1, n times over.
type adder struct {
	name string
	n    int // additions of each goroutine in a trial
	add  func(s *sum, n int)
}

func lockedAdders() []adder {
	return []adder{
		{byAtomic, 20_000, func(s *sum, n int) {
			for range n {
				s.atomic.Add(1)
			}
		}},
		{"x++ under a mutex", 20_000, func(s *sum, n int) {
			for range n {
				s.mu.Lock()
				s.plain++
				s.mu.Unlock()
			}
		}},
	}
}

// adders is how many goroutines add.
const adders = 8

// lost lets goroutines add n each and returns how much of the sum is missing, in percent.
func (a adder) lost(n int) float64 {
	var s sum
	var wg sync.WaitGroup
	for range adders {
		wg.Go(func() { a.add(&s, n) })
	}
	wg.Wait()
	return 100 * (1 - float64(s.plain+s.atomic.Load())/float64(adders*n))
}

const lostChart = "additions lost"

func lostUpdates() Experiment {
	return Experiment{
		Name:  "lostupdates",
		Title: "How many additions a data race loses",
		Expect: fmt.Sprintf("%d goroutines add 1 to the same variable, as often as they can in some milliseconds: with x++ (a data race!), with a function "+
			"call between the read and the write, with an atomic, under a mutex; all of it with GOMAXPROCS from 1 to twice your cores.", adders),
		Question: Question{
			Text:    "With x++ and as many Ps as you have cores, how many of the additions are missing at the end?",
			Options: []string{"none to speak of: x++ is one step", "some, less than a tenth", "a tenth or more"},
			Answer:  lostAnswer,
		},
		Run: runLost,
	}
}

func runLost(ctx context.Context, b *Bench) (Result, error) {
	var all []*row
	list := append(plainAdders(), lockedAdders()...)
	tried := []int{1, 2, runtime.NumCPU(), 2 * runtime.NumCPU()}
	slices.Sort(tried)
	tried = slices.Compact(tried)
	for _, a := range list {
		n := b.size(a.n)
		for _, p := range tried {
			all = append(all, &row{label: procsLabel(p), trial: func() (got []float64) {
				at(p, func() { got = []float64{a.lost(n)} })
				return got
			}})
		}
	}
	if err := b.rounds(ctx, all); err != nil {
		return Result{}, err
	}
	c := Chart{Title: lostChart, Kind: Bars, Unit: "%", Shows: Median}
	for i, a := range list {
		c.Series = append(c.Series, Series{a.name, points(all[i*len(tried):(i+1)*len(tried)], 0, Median)})
	}
	r := Result{Charts: []Chart{c}}
	if raceEnabled {
		r.Notes = append(r.Notes, leftOut)
	}
	return r, nil
}

func lostAnswer(r Result) (int, string) {
	v, ok := r.value(lostChart, "x++", procsLabel(r.Machine.Cores))
	if !ok {
		return -1, "plain variables were not measured"
	}
	why := fmt.Sprintf("%s %% of them were lost. x++ reads, adds, writes: who writes after another has read undoes the other's addition. ", number(v))
	switch {
	case v < 0.01 && r.Machine.busy():
		return -1, "hardly any addition was lost, but the cores were too busy for two goroutines to add at the same moment. Run it again when it is quiet"
	case v < 0.01:
		return 0, "At least not here, this time: " + why + "That few come where goroutines hardly ever run at the same moment, as on one core. It is a data race all the same."
	case v < 10:
		return 1, why + "That it may even be one instruction on your processor makes no difference."
	}
	return 2, why + "That it may even be one instruction on your processor makes no difference."
}
