package lab

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how often a barrier looks before it gives its core away. That takes longer than to wake
// from the sleep: if it did not, each goroutine would come to find the other asleep, time after time.
const patience = 200_000

// meet is a spin barrier: it lets go within nanoseconds of the last arrival, which blocking would not.
// Where the last is late, because the system runs something else, it sleeps instead of keeping the core.
func meet(arrived *atomic.Int32, all int32) {
	arrived.Add(1)
	single := runtime.GOMAXPROCS(0) == 1
	for spins := 1; arrived.Load() < all; spins++ {
		switch {
		case single:
			runtime.Gosched()
		case spins%patience == 0:
			time.Sleep(time.Microsecond)
		}
	}
}

// meetings is how often goroutines meet in a trial.
const meetings = 20

// span is the time in which a goroutine was at work.
type span struct{ start, end time.Time }

// together runs f in n goroutines that begin at the same moment, some times over, and returns the median
// of what it took each of them. Goroutines that stay alive from one meeting to the next are more likely
// to run at the same moment than those that have just been made. Meetings where they did not do not
// count, unless there was no other; met says whether there was.
func together(n int, f func(i int)) (each time.Duration, met bool) {
	var arrived atomic.Int32
	var wg sync.WaitGroup
	var spans [meetings][]span
	for m := range spans {
		spans[m] = make([]span, n)
	}
	for i := range n {
		wg.Go(func() {
			for m := range spans {
				meet(&arrived, int32(n*(m+1)))
				start := time.Now()
				f(i)
				spans[m][i] = span{start, time.Now()}
			}
		})
	}
	wg.Wait()
	var joint, all []time.Duration
	for _, list := range spans {
		each, overlap := share(list)
		all = append(all, each)
		if overlap >= each/2 {
			joint = append(joint, each)
		}
	}
	met = len(joint) > 0
	if !met {
		joint = all
	}
	slices.Sort(joint)
	return joint[len(joint)/2], met
}

// figures is a trial's measures: the time for one of n steps, and 1 where the goroutines met.
func figures(each time.Duration, met bool, n int) []float64 {
	if met {
		return []float64{nsEach(each, n), 1}
	}
	return []float64{nsEach(each, n), 0}
}

// keepMet drops the trials in which goroutines did not meet, where there are others.
func keepMet(rows []*row) {
	for _, r := range rows {
		if met := slices.DeleteFunc(slices.Clone(r.got), func(g []float64) bool { return g[1] == 0 }); len(met) > 0 {
			r.got = met
		}
	}
}

// share returns how long goroutines worked each, on average, and how long all of them at once.
func share(list []span) (each, overlap time.Duration) {
	last, first := list[0].start, list[0].end
	for _, s := range list {
		each += s.end.Sub(s.start)
		if s.start.After(last) {
			last = s.start
		}
		if s.end.Before(first) {
			first = s.end
		}
	}
	return each / time.Duration(len(list)), first.Sub(last)
}
