package lab

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// Bench is what an experiment measures with.
type Bench struct {
	Budget   time.Duration      // how long to measure; DefaultTime where it is 0
	Progress func(done float64) // called between trials, with 0 to 1; may be nil
	Worker   []string           // the command that becomes WorkerMain; without it throttle cannot set a quota

	start   time.Time
	noProbe bool // take the cores for free: a test's clock does not move while goroutines are busy
}

func (b *Bench) begin() {
	if b.Budget <= 0 {
		b.Budget = DefaultTime
	}
	b.Budget = min(b.Budget, MaxTime)
	b.start = time.Now()
}

// fullBudget is the time from which on trials have their full size.
const fullBudget = 2 * time.Second

// size returns n, or less of it where there is little time, at least a fiftieth.
func (b *Bench) size(n int) int {
	share := float64(b.Budget) / float64(fullBudget)
	return max(1, int(float64(n)*min(1, max(0.02, share))))
}

// row is one line of an experiment: what its trials do, and what they measured.
type row struct {
	label string
	trial func() []float64 // one short trial: its measures
	got   [][]float64
}

// rounds lets the rows take turns until the budget is used up; each has one trial at least. It returns
// an error only where the caller's context has ended: at MaxTime it stops with what there is.
func (b *Bench) rounds(ctx context.Context, rows []*row) error {
	for round := 0; round == 0 || time.Since(b.start) < b.Budget; round++ {
		for _, r := range rows {
			if ctx.Err() != nil {
				if errors.Is(context.Cause(ctx), errBound) {
					return nil
				}
				return ctx.Err()
			}
			r.got = append(r.got, r.trial())
			b.progress()
		}
	}
	return nil
}

func (b *Bench) progress() {
	if b.Progress != nil {
		b.Progress(min(1, time.Since(b.start).Seconds()/b.Budget.Seconds()))
	}
}

// points makes figures of one measure of the rows' trials. A row without a trial is left out.
func points(rows []*row, measure int, shows string) []Point {
	var list []Point
	for _, r := range rows {
		if len(r.got) == 0 {
			continue
		}
		var values []float64
		for _, g := range r.got {
			values = append(values, g[measure])
		}
		list = append(list, point(r.label, values, shows))
	}
	return list
}

// point makes a figure of the values of many trials.
func point(label string, values []float64, shows string) Point {
	slices.Sort(values)
	p := Point{Label: label, Low: values[0], Median: values[len(values)/2], High: values[len(values)*9/10], Trials: len(values)}
	p.Value = p.Low
	if shows == Median {
		p.Value = p.Median
	}
	return p
}

// faster turns times into how many times faster than base they are.
func faster(base float64, times []Point) []Point {
	list := slices.Clone(times)
	for i, p := range list {
		list[i].Value, list[i].Low, list[i].Median, list[i].High = base/p.Value, base/p.High, base/p.Median, base/p.Low
	}
	return list
}

// ms and nsEach express a time as charts do.
func ms(d time.Duration) float64            { return float64(d) / float64(time.Millisecond) }
func nsEach(d time.Duration, n int) float64 { return float64(d) / float64(n) }

// at runs f with a GOMAXPROCS of its own.
func at(procs int, f func()) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
	f()
}

// procs is the values of GOMAXPROCS to try: 1 to twice the cores, in doubles where these are many.
func procs() []int {
	cores := runtime.NumCPU()
	var list []int
	for p := 1; p <= 2*cores; p++ {
		if cores <= 4 || p&(p-1) == 0 || p == cores || p == 2*cores {
			list = append(list, p)
		}
	}
	return list
}

func procsLabel(p int) string { return "GOMAXPROCS " + strconv.Itoa(p) }

// times is a ratio in words.
func times(ratio float64) string { return fmt.Sprintf("%s times", number(ratio)) }
