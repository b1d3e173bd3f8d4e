package waitall_test

import (
	"math"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"workbook/solutions/goroutines/waitall"
	"workbook/solutions/kit"
)

// counts is how often each of some tasks was called. It uses atomics only: if RunAll does not wait, the
// test is to say so itself.
type counts []atomic.Int64

// tasks returns tasks that count their calls.
func (c counts) tasks() []func() {
	tasks := make([]func(), len(c))
	for i := range tasks {
		tasks[i] = func() { c[i].Add(1) }
	}
	return tasks
}

// check wants so many calls of each task.
func (c counts) check(t *testing.T, want int64) {
	t.Helper()
	for i := range c {
		switch n := c[i].Load(); {
		case n == 0:
			t.Errorf("RunAll of %d tasks returned, and task %d had not been called", len(c), i)
		case n != want:
			t.Errorf("RunAll of %d tasks called task %d %d times, want %d", len(c), i, n, want)
		default:
			continue
		}
		return
	}
}

func TestEveryTaskOnce(t *testing.T) {
	c := make(counts, 3)
	waitall.RunAll(c.tasks())
	c.check(t, 1)
}

func TestOneTask(t *testing.T) {
	c := make(counts, 1)
	waitall.RunAll(c.tasks())
	c.check(t, 1)
}

func TestNoTasks(t *testing.T) {
	waitall.RunAll(nil)
	waitall.RunAll([]func(){})
}

// quiet returns when nothing moves any more, and when a pause of any length would have ended: in a
// bubble time passes at once where everybody sleeps or waits.
func quiet() { time.Sleep(1000 * time.Hour) }

// checkHeld holds n tasks until nothing moves any more.
func checkHeld(t *testing.T, n int) {
	synctest.Test(t, func(t *testing.T) {
		hold := kit.NewOverlap(math.MaxInt, "tasks")
		var inside kit.Gauge
		var returned atomic.Bool
		tasks := make([]func(), n)
		for i := range tasks {
			tasks[i] = func() {
				inside.Enter()
				hold.Inside()
			}
		}
		end := make(chan struct{})
		go func() {
			defer close(end)
			waitall.RunAll(tasks)
			returned.Store(true)
		}()
		quiet()
		early, running := returned.Load(), inside.Most()
		hold.Close()
		<-end
		switch {
		case early:
			t.Errorf("RunAll returned while %d of %d tasks were still running", running, n)
		case running < int64(n):
			t.Errorf("not concurrent: of the %d tasks of RunAll never more than %d ran at the same time: where one waits for another, both wait for ever", n, running)
		}
	})
}

func TestAllAtOnce(t *testing.T) {
	checkHeld(t, 3)
}

// TestOneIsLate holds a single task, each in turn, and lets the others end.
func TestOneIsLate(t *testing.T) {
	const n = 3
	for late := range n {
		synctest.Test(t, func(t *testing.T) {
			hold := kit.NewOverlap(math.MaxInt, "tasks")
			var returned atomic.Bool
			tasks := make(counts, n).tasks()
			tasks[late] = hold.Inside
			end := make(chan struct{})
			go func() {
				defer close(end)
				waitall.RunAll(tasks)
				returned.Store(true)
			}()
			quiet()
			early := returned.Load()
			hold.Close()
			<-end
			if early {
				t.Errorf("RunAll returned while task %d of 0 to %d was still running", late, n-1)
			}
		})
	}
}

// TestNested has a task call RunAll.
func TestNested(t *testing.T) {
	inner, beside := make(counts, 2), make(counts, 1)
	waitall.RunAll([]func(){
		func() {
			waitall.RunAll(inner.tasks())
			inner.check(t, 1)
		},
		beside.tasks()[0],
	})
	inner.check(t, 1)
	beside.check(t, 1)
}

// TestTwoCalls has two goroutines call RunAll with the same tasks.
func TestTwoCalls(t *testing.T) {
	c := make(counts, 2)
	tasks := c.tasks()
	kit.Together(
		func() { waitall.RunAll(tasks) },
		func() { waitall.RunAll(tasks) },
	)
	c.check(t, 2)
}

// TestOwnTasksOnly has one RunAll end while the tasks of another are held.
func TestOwnTasksOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := kit.NewOverlap(math.MaxInt, "tasks")
		var returned atomic.Bool
		c := make(counts, 1)
		end := make(chan struct{}, 2)
		go func() {
			waitall.RunAll([]func(){hold.Inside})
			end <- struct{}{}
		}()
		quiet()
		go func() {
			waitall.RunAll(c.tasks())
			returned.Store(true)
			end <- struct{}{}
		}()
		quiet()
		done := returned.Load()
		hold.Close()
		<-end
		<-end
		if !done {
			t.Errorf("a RunAll did not return although its tasks had ended: it waited for the tasks of another RunAll")
		}
	})
}

func TestStressHeld(t *testing.T) {
	checkHeld(t, 1000)
}

func TestStressMany(t *testing.T) {
	c := make(counts, 10_000)
	tasks := c.tasks()
	waitall.RunAll(tasks)
	c.check(t, 1)
	waitall.RunAll(tasks)
	c.check(t, 2)
}

// TestStressAgain makes the end of RunAll meet the ends of its tasks.
func TestStressAgain(t *testing.T) {
	for range 2000 {
		c := make(counts, 4)
		waitall.RunAll(c.tasks())
		if c.check(t, 1); t.Failed() {
			return
		}
	}
}

// TestStressNested has tasks of tasks.
func TestStressNested(t *testing.T) {
	for range 20 {
		rows := make([]counts, 8)
		var outer []func()
		for i := range rows {
			rows[i] = make(counts, 8)
			outer = append(outer, func() { waitall.RunAll(rows[i].tasks()) })
		}
		waitall.RunAll(outer)
		for _, row := range rows {
			if row.check(t, 1); t.Failed() {
				return
			}
		}
	}
}
