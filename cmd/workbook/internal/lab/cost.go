package lab

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// means is a way of adding to a shared counter. start returns what adds n times, and what ends it all.
type means struct {
	name  string
	n     int // additions in a trial
	start func() (add func(n int), stop func())
}

// The names of the means, as charts and answers call them.
const (
	byAtomic  = "atomic Add"
	byMutex   = "Mutex"
	byChannel = "channel as a lock"
)

func meansList() []means {
	return []means{
		{byAtomic, 50_000, func() (func(int), func()) {
			var count atomic.Int64
			return func(n int) {
				for range n {
					count.Add(1)
				}
			}, func() {}
		}},
		{byMutex, 50_000, func() (func(int), func()) {
			var mu sync.Mutex
			count := 0 // guarded by mu
			return func(n int) {
				for range n {
					mu.Lock()
					count++
					mu.Unlock()
				}
			}, func() {}
		}},
		{"RWMutex, reading", 50_000, readers},
		{"RWMutex, writing", 20_000, func() (func(int), func()) {
			var mu sync.RWMutex
			count := 0 // guarded by mu
			return func(n int) {
				for range n {
					mu.Lock()
					count++
					mu.Unlock()
				}
			}, func() {}
		}},
		{byChannel, 20_000, func() (func(int), func()) {
			lock := make(chan struct{}, 1)
			count := 0 // guarded by lock
			return func(n int) {
				for range n {
					lock <- struct{}{}
					count++
					<-lock
				}
			}, func() {}
		}},
		{"goroutine asked by channel", 5_000, monitor},
	}
}

func readers() (func(int), func()) {
	var mu sync.RWMutex
	count := 0 // guarded by mu
	var seen atomic.Int64
	return func(n int) {
		sum := 0
		for range n {
			mu.RLock()
			sum += count
			mu.RUnlock()
		}
		seen.Add(int64(sum))
	}, func() {}
}

// monitor is a goroutine that alone has the counter and adds what it is sent.
func monitor() (func(int), func()) {
	requests := make(chan int)
	var owner sync.WaitGroup
	owner.Go(func() {
		count := 0
		for d := range requests {
			count += d
		}
	})
	return func(n int) {
			for range n {
				requests <- 1
			}
		}, func() {
			close(requests)
			owner.Wait()
		}
}

// each returns the nanoseconds of an addition, as its goroutine sees it, when so many goroutines add n in all.
func (m means) each(goroutines, n int) []float64 {
	add, stop := m.start()
	defer stop()
	n = max(1, n/meetings/goroutines)
	each, met := together(goroutines, func(int) { add(n) })
	return figures(each, met, n)
}

const (
	costChart = "time for one addition, as its goroutine sees it"
	costAlone = "one goroutine"
)

func cost() Experiment {
	return Experiment{
		Name:  "cost",
		Title: "What a mutex, an atomic, a channel cost",
		Expect: "A counter is protected in six ways, and added to: by one goroutine that nobody disturbs, then by as many goroutines as GOMAXPROCS " +
			"(two at least), all at the same counter. Figures are for one addition with all it takes.",
		Question: Question{
			Text:    "Nobody disturbs. How does a channel used as a lock (a send, a receive) compare with Lock and Unlock of a Mutex?",
			Options: []string{"it is cheaper", "about the same", "it costs clearly more"},
			Answer:  costAnswer,
		},
		Run: runCost,
	}
}

func runCost(ctx context.Context, b *Bench) (Result, error) {
	crowd := max(2, runtime.GOMAXPROCS(0))
	list := meansList()
	var rows []*row
	for _, goroutines := range []int{1, crowd} {
		for _, m := range list {
			rows = append(rows, &row{label: m.name, trial: func() []float64 { return m.each(goroutines, b.size(m.n)) }})
		}
	}
	var err error
	at(crowd, func() { err = b.rounds(ctx, rows) })
	if err != nil {
		return Result{}, err
	}
	keepMet(rows)
	c := Chart{Title: costChart, Kind: Bars, Unit: "ns", Shows: Median, Series: []Series{
		{costAlone, points(rows[:len(list)], 0, Median)},
		{fmt.Sprintf("%d goroutines at once", crowd), points(rows[len(list):], 0, Median)},
	}}
	return Result{Charts: []Chart{c}}, nil
}

func costAnswer(r Result) (int, string) {
	mutex, okMutex := r.value(costChart, costAlone, byMutex)
	channel, okChannel := r.value(costChart, costAlone, byChannel)
	if !okMutex || !okChannel || mutex == 0 {
		return -1, "there was no time for every row"
	}
	ratio := channel / mutex
	figures := fmt.Sprintf("The channel took %s ns, the mutex %s ns. ", number(channel), number(mutex))
	const why = "A channel is a queue with a mutex inside, locked for the send and again for the receive: choose it to hand things over, not to guard a variable. " +
		"And do not choose by nanoseconds before a profile says that they matter."
	switch {
	case ratio < 0.8:
		return 0, figures + "That is unusual; run it again when the machine is quiet. " + why
	case ratio < 1.3:
		return 1, figures + why
	}
	return 2, figures + why
}
