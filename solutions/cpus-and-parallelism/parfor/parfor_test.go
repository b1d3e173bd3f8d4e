package parfor_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"workbook/solutions/cpus-and-parallelism/parfor"
	"workbook/solutions/kit"
)

// part is what one call of body is asked to do.
type part struct{ lo, hi int }

// recorder keeps the parts in the order in which body was called, by atomics only: if ParallelFor
// does not wait, the test is to say so itself.
type recorder struct {
	n, workers int
	calls      atomic.Int64
	parts      []atomic.Pointer[part]
}

func newRecorder(n, workers int) *recorder {
	return &recorder{n: n, workers: workers, parts: make([]atomic.Pointer[part], 2*n+workers+8)}
}

func (r *recorder) body(lo, hi int) {
	if i := int(r.calls.Add(1)) - 1; i < len(r.parts) {
		r.parts[i].Store(&part{lo, hi})
	}
}

// run calls ParallelFor with the recorder.
func (r *recorder) run() { parfor.ParallelFor(r.n, r.workers, r.body) }

func (r *recorder) String() string {
	return fmt.Sprintf("ParallelFor(%d, %d, body)", r.n, r.workers)
}

// check compares the parts with what they must be.
func (r *recorder) check(t *testing.T) {
	var parts []part
	for i := range r.parts {
		if p := r.parts[i].Load(); p != nil {
			parts = append(parts, *p)
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return a.lo - b.lo })
	if text := r.faultOf(parts); text != "" {
		t.Errorf("%s", text)
	}
}

// faultOf says what is wrong with the parts, given by their begin, or "".
func (r *recorder) faultOf(parts []part) string {
	done := make([]int, r.n)
	var calls []string
	for _, p := range parts {
		if p.lo < 0 || p.hi > r.n {
			return fmt.Sprintf("%s called body(%d, %d), and the indices are 0 to %d", r, p.lo, p.hi, r.n-1)
		}
		if p.lo >= p.hi {
			return fmt.Sprintf("%s called body(%d, %d), a part without an index", r, p.lo, p.hi)
		}
		for i := p.lo; i < p.hi; i++ {
			done[i]++
		}
		calls = append(calls, fmt.Sprintf("(%d, %d)", p.lo, p.hi))
	}
	seen := strings.Join(calls[:min(len(calls), 12)], " ")
	if len(parts) == 0 && r.n > 0 {
		return fmt.Sprintf("%s returned before any call of body had begun", r)
	}
	if i := slices.Index(done, 0); i >= 0 {
		return fmt.Sprintf("index %d was never done: %s called body with %s", i, r, seen)
	}
	if i := slices.IndexFunc(done, func(n int) bool { return n > 1 }); i >= 0 {
		return fmt.Sprintf("index %d was done %d times: %s called body with %s", i, done[i], r, seen)
	}
	if want := min(r.n, r.workers); len(parts) != want {
		return fmt.Sprintf("%s made %d parts, want %d: %s", r, len(parts), want, seen)
	}
	least, most := r.n, 0
	for _, p := range parts {
		least, most = min(least, p.hi-p.lo), max(most, p.hi-p.lo)
	}
	if most > least+1 {
		return fmt.Sprintf("%s made one part of %d indices and one of %d, and whoever has the small one waits for the other: %s", r, most, least, seen)
	}
	return ""
}

// TestReturnsAfterTheLast holds every call of body until nothing moves any more.
func TestReturnsAfterTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, workers = 3, 2
		hold := kit.NewOverlap(math.MaxInt, "calls of body")
		var inside kit.Gauge
		var returned atomic.Bool
		var squares [n]int
		var taken [n]atomic.Bool // who does an index twice is told so elsewhere
		end := make(chan struct{})
		go func() {
			parfor.ParallelFor(n, workers, func(lo, hi int) {
				inside.Enter()
				hold.Inside()
				for i := lo; i < hi; i++ {
					if taken[i].CompareAndSwap(false, true) {
						squares[i] = i * i
					}
				}
			})
			returned.Store(true)
			close(end)
		}()
		synctest.Wait()
		early := returned.Load()
		hold.Close()
		if early {
			t.Errorf("ParallelFor(%d, %d, body) returned while %d calls of body were still running", n, workers, inside.Most())
			return
		}
		<-end
		for i, got := range squares {
			if got != i*i {
				t.Errorf("body was to write the square of each index, and after ParallelFor(%d, %d, body) that of %d was %d", n, workers, i, got)
			}
		}
	})
}

// atOnce returns how many calls of body are under way where none of them ends.
func atOnce(t *testing.T, n, workers int) (most int64) {
	synctest.Test(t, func(t *testing.T) {
		hold := kit.NewOverlap(math.MaxInt, "calls of body")
		var inside kit.Gauge
		end := make(chan struct{})
		go func() {
			defer close(end)
			parfor.ParallelFor(n, workers, func(int, int) {
				inside.Enter()
				hold.Inside()
			})
		}()
		synctest.Wait()
		most = inside.Most()
		hold.Close()
		<-end
	})
	return most
}

// checkAtOnce compares the number of calls under way with the number of workers.
func checkAtOnce(t *testing.T, n, workers int) {
	most := atOnce(t, n, workers)
	switch want := int64(min(n, workers)); {
	case most > want:
		t.Errorf("%d calls of body were running at once, and ParallelFor(%d, %d, body) has %d workers", most, n, workers, workers)
	case most < want:
		t.Errorf("not concurrent: of the calls of body by ParallelFor(%d, %d, body) never more than %d ran at the same time, and %d could have", n, workers, most, want)
	}
}

func TestAtOnce(t *testing.T) {
	checkAtOnce(t, 5, 3)
}

func TestParts(t *testing.T) {
	r := newRecorder(10, 3)
	r.run()
	r.check(t)
}

func TestEqualParts(t *testing.T) {
	r := newRecorder(5, 3)
	r.run()
	r.check(t)
}

func TestMoreWorkersThanIndices(t *testing.T) {
	for n := range 3 {
		r := newRecorder(n, 3)
		r.run()
		r.check(t)
	}
}

func TestTwoLoops(t *testing.T) {
	a, b := newRecorder(2, 2), newRecorder(3, 2)
	kit.Together(a.run, b.run)
	a.check(t)
	b.check(t)
}

func TestStressAtOnce(t *testing.T) {
	checkAtOnce(t, 1000, 4)
	checkAtOnce(t, 12, 12)
	checkAtOnce(t, 3, 7)
}

// TestStressNested calls ParallelFor in body.
func TestStressNested(t *testing.T) {
	for range 50 {
		var rows [4]atomic.Pointer[recorder]
		parfor.ParallelFor(len(rows), 2, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				r := newRecorder(9, 3)
				r.run()
				rows[i].Store(r)
			}
		})
		for i := range rows {
			r := rows[i].Load()
			if r == nil {
				t.Fatalf("body called ParallelFor itself, and the outer loop returned before index %d was done", i)
			}
			r.check(t)
		}
		if t.Failed() {
			return
		}
	}
}

func TestStressShapes(t *testing.T) {
	for n := range 33 {
		for workers := 1; workers <= 9; workers++ {
			r := newRecorder(n, workers)
			r.run()
			if r.check(t); t.Failed() {
				return
			}
		}
	}
}
