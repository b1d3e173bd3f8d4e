package lab

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

// counters is three counters: a, b beside each other, far on a cache line of its own.
type counters struct {
	_    [line]byte
	a, b atomic.Int64
	_    [line]byte
	far  atomic.Int64
	_    [line]byte
}

// addBoth adds n to each counter, in goroutines that begin together, and returns the time it took each.
func addBoth(n int, list ...*atomic.Int64) (each time.Duration, met bool) {
	return together(len(list), func(i int) {
		for range n {
			list[i].Add(1)
		}
	})
}

const (
	sharingChart = "time for an addition, as its goroutine sees it"
	alone        = "one goroutine alone"
	sameCounter  = "two, the same counter"
	neighbours   = "two, neighbouring counters"
	farApart     = "two, counters far apart"
)

func falseSharing() Experiment {
	return Experiment{
		Name:  "falsesharing",
		Title: "Two variables that share nothing but a cache line",
		Expect: "Two goroutines add to atomic counters: both to the same one; each to its own, the two beside each other in memory; each to its " +
			"own, 128 bytes apart. No counter of the last two cases is ever touched by two goroutines.",
		Question: Question{
			Text:    "Each goroutine has a counter of its own. Are neighbouring counters as fast as counters far apart?",
			Options: []string{"yes: the goroutines share no variable", "neighbours are faster: one cache line holds both", "neighbours are clearly slower"},
			Answer:  sharingAnswer,
		},
		Run: runSharing,
	}
}

func runSharing(ctx context.Context, b *Bench) (Result, error) {
	n := b.size(2000)
	c := new(counters)
	var rows []*row
	add := func(label string, list ...*atomic.Int64) {
		rows = append(rows, &row{label: label, trial: func() []float64 {
			each, met := addBoth(n, list...)
			return figures(each, met, n)
		}})
	}
	add(alone, &c.a)
	add(sameCounter, &c.a, &c.a)
	add(neighbours, &c.a, &c.b)
	add(farApart, &c.a, &c.far)
	var err error
	at(max(2, runtime.GOMAXPROCS(0)), func() { err = b.rounds(ctx, rows) })
	if err != nil {
		return Result{}, err
	}
	keepMet(rows)
	r := Result{Charts: []Chart{{Title: sharingChart, Kind: Bars, Unit: "ns", Shows: Median, Series: []Series{{"", points(rows, 0, Median)}}}}}
	r.Notes = append(r.Notes, "the median counts here, of the trials in which the goroutines ran at the same moment, where there were any: in its best trials a goroutine had the cache line to itself")
	return r, nil
}

func sharingAnswer(r Result) (int, string) {
	ratio, ok := r.ratio(sharingChart, neighbours, farApart)
	if !ok || r.Machine.Cores < 2 || ratio <= 1.3 && r.Machine.busy() {
		return -1, "it takes two free cores to see it: on one, the goroutines never add at the same moment"
	}
	figures := fmt.Sprintf("Neighbours took %s as long. ", times(ratio))
	switch {
	case ratio > 1.3:
		return 2, figures + "Cores pass memory to and fro in cache lines of 64 or 128 bytes: who writes one counter takes the line, with the other counter in it, " +
			"away from the other core."
	case ratio < 0.8:
		return 1, figures + "That is unusual: the machine was busy, or the two goroutines shared one core. Run it again when it is quiet."
	}
	return 0, figures + "On a quiet machine neighbours are several times slower, because cores pass memory in whole cache lines; here the two goroutines hardly ran " +
		"at the same moment, or the cores share their cache. Run it again when the machine is quiet."
}
