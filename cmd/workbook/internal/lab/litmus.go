package lab

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
)

// The litmus tests. Names are the field's.
const (
	storeBuffering = "store buffering"
	messagePassing = "message passing"
	coherence      = "coherence"
)

// sides is what the two goroutines of a litmus test do with one cell.
type sides struct{ a, b func(*cell) }

// line is more than a cache line of every processor Go runs on.
const line = 128

// word and atom are variables alone on their cache line: two on one line travel between cores together,
// and the surprise with them.
type word struct {
	v int32
	_ [line - 4]byte
}

type atom struct {
	v atomic.Int32
	_ [line - 4]byte
}

// cell is the variables of one trial.
type cell struct {
	x, y   word
	ax, ay atom
	mu     sync.Mutex // guards x, y in the mutex variant
	_      [line - 8]byte
	r1, r2 word
}

// litmus is a test in its variants.
type litmus struct {
	name      string
	program   string
	values    int32                   // results are 0 to values-1
	forbidden func(r1, r2 int32) bool // no interleaving of the steps gives it
	variants  map[string]func() sides // by the kind of variable
}

// The kinds of variable.
const (
	plainKind  = "plain"
	atomicKind = "atomic"
	mutexKind  = "mutex"
)

func litmusList() []litmus {
	return []litmus{
		{storeBuffering, "x = 1; r1 = y   beside   y = 1; r2 = x", 2,
			func(r1, r2 int32) bool { return r1 == 0 && r2 == 0 },
			map[string]func() sides{
				atomicKind: func() sides {
					return sides{func(c *cell) { c.ax.v.Store(1); c.r1.v = c.ay.v.Load() }, func(c *cell) { c.ay.v.Store(1); c.r2.v = c.ax.v.Load() }}
				},
				mutexKind: func() sides {
					return sides{func(c *cell) { c.put(&c.x, 1); c.r1.v = c.look(&c.y) }, func(c *cell) { c.put(&c.y, 1); c.r2.v = c.look(&c.x) }}
				},
			}},
		{messagePassing, "data = 1; flag = 1   beside   r1 = flag; r2 = data", 2,
			func(r1, r2 int32) bool { return r1 == 1 && r2 == 0 },
			map[string]func() sides{
				atomicKind: func() sides {
					return sides{func(c *cell) { c.ax.v.Store(1); c.ay.v.Store(1) }, func(c *cell) { c.r1.v = c.ay.v.Load(); c.r2.v = c.ax.v.Load() }}
				},
				mutexKind: func() sides {
					return sides{func(c *cell) { c.put(&c.x, 1); c.put(&c.y, 1) }, func(c *cell) { c.r1.v = c.look(&c.y); c.r2.v = c.look(&c.x) }}
				},
			}},
		{coherence, "x = 1; x = 2   beside   r1 = x; r2 = x", 3,
			func(r1, r2 int32) bool { return r1 > r2 },
			map[string]func() sides{
				atomicKind: func() sides {
					return sides{func(c *cell) { c.ax.v.Store(1); c.ax.v.Store(2) }, func(c *cell) { c.r1.v = c.ax.v.Load(); c.r2.v = c.ax.v.Load() }}
				},
				mutexKind: func() sides {
					return sides{func(c *cell) { c.put(&c.x, 1); c.put(&c.x, 2) }, func(c *cell) { c.r1.v = c.look(&c.x); c.r2.v = c.look(&c.x) }}
				},
			}},
	}
}

// put and look hold the mutex for one access each, so that every interleaving of the accesses stays possible.
func (c *cell) put(w *word, v int32) {
	c.mu.Lock()
	w.v = v
	c.mu.Unlock()
}

func (c *cell) look(w *word) int32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return w.v
}

// sidesOf returns a variant; ok is false for plain variables in a build with -race.
func (l litmus) sidesOf(kind string) (s sides, ok bool) {
	if kind == plainKind {
		return plainLitmus(l.name)
	}
	return l.variants[kind](), true
}

// batch runs a trial in each cell and counts the outcomes: place r1*values+r2.
func (l litmus) batch(cells []cell, s sides) []float64 {
	clear(cells)
	var arrived atomic.Int32
	var wg sync.WaitGroup
	for _, f := range []func(*cell){s.a, s.b} {
		wg.Go(func() {
			for i := range cells {
				meet(&arrived, int32(2*(i+1)))
				f(&cells[i])
			}
		})
	}
	wg.Wait()
	counts := make([]float64, l.values*l.values)
	for i := range cells {
		counts[cells[i].r1.v*l.values+cells[i].r2.v]++
	}
	return counts
}

func litmusTests() Experiment {
	return Experiment{
		Name:  "litmus",
		Title: "What two goroutines can see of each other's writes",
		Expect: "Three tiny programs, each run as often as the time allows: two goroutines meet at a barrier, do two steps each, and the " +
			"results r1, r2 are counted. If running meant no more than interleaving the four steps, some outcomes could never come. " +
			"Each program runs with plain variables (a data race!), with atomics, with a mutex.",
		Question: Question{
			Text:    "x and y are 0. One goroutine does x = 1; r1 = y, the other y = 1; r2 = x. Plain variables: how often are r1 and r2 both 0?",
			Options: []string{"never: one of the two writes comes first", "now and then, in less than a tenth of the trials", "often, in a tenth of the trials or more"},
			Answer:  litmusAnswer,
		},
		Run: runLitmus,
	}
}

func runLitmus(ctx context.Context, b *Bench) (Result, error) {
	var r Result
	cells := make([]cell, b.size(500))
	var all []*row
	tests := litmusList()
	kinds := map[string][]string{}
	for _, l := range tests {
		for _, kind := range []string{plainKind, atomicKind, mutexKind} {
			s, ok := l.sidesOf(kind)
			if !ok {
				continue
			}
			all = append(all, &row{label: l.name + ", " + kind, trial: func() []float64 { return l.batch(cells, s) }})
			kinds[l.name] = append(kinds[l.name], kind)
		}
	}
	if err := b.rounds(ctx, all); err != nil {
		return r, err
	}
	next := 0
	for _, l := range tests {
		c := Chart{Title: l.name + ": " + l.program, Kind: Counts, Unit: "trials", Shows: Total}
		for _, kind := range kinds[l.name] {
			c.Series = append(c.Series, Series{kind, l.count(all[next])})
			next++
		}
		r.Charts = append(r.Charts, c)
	}
	if raceEnabled {
		r.Notes = append(r.Notes, leftOut)
	}
	return r, nil
}

// count adds the batches of a row up.
func (l litmus) count(r *row) []Point {
	var list []Point
	for r1 := range l.values {
		for r2 := range l.values {
			p := Point{Label: fmt.Sprintf("r1=%d r2=%d", r1, r2), Forbidden: l.forbidden(r1, r2)}
			for _, counts := range r.got {
				for i, n := range counts {
					p.Trials += int(n)
					if int32(i) == r1*l.values+r2 {
						p.Value += n
					}
				}
			}
			list = append(list, p)
		}
	}
	return list
}

func litmusAnswer(r Result) (int, string) {
	for _, c := range r.Charts {
		for _, s := range c.Series {
			if s.Name != plainKind || len(s.Points) != 4 || !s.Points[0].Forbidden || s.Points[0].Trials == 0 {
				continue
			}
			both, all := s.Points[0].Value, s.Points[0].Trials
			const why = "A write waits in its core's store buffer while the core goes on to the read, so that both reads can overtake both writes. " +
				"Atomics and mutexes forbid it: there the count is 0."
			seen := strconv.FormatFloat(both, 'f', 0, 64) + " of " + strconv.Itoa(all) + " trials gave it. "
			switch {
			case both == 0 && r.Machine.busy():
				return -1, "not one of " + strconv.Itoa(all) + " trials gave it, but the cores were too busy for the two goroutines to meet. " + why
			case both == 0:
				return 0, "Not one of " + strconv.Itoa(all) + " trials gave it here, which proves nothing: on one core the two never really meet, and " +
					"chance may do the rest. The program has a data race, and both 0 is allowed. " + why
			case both < float64(all)/10:
				return 1, seen + why
			}
			return 2, seen + why
		}
	}
	return -1, "plain variables were not measured"
}
