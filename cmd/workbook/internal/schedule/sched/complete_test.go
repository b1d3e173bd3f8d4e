package sched_test

import (
	"sync/atomic"
	"testing"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// TestOneSchedule has a test without goroutines: it is run a few times over, since the order of a map may
// matter, and no more.
func TestOneSchedule(t *testing.T) {
	runs := 0
	f := func(*testing.T) {
		sched.P(1)
		runs++
	}
	rep := explore(t, sched.Job{Seed: 1}, f)
	if rep.Found || rep.Stopped != "exhausted" || rep.Exhausted != 2 || rep.AtBound != 1 {
		t.Errorf("found %v, stopped %q, exhausted %d delays with %d schedules, want all of 2 with 1", rep.Found, rep.Stopped, rep.Exhausted, rep.AtBound)
	}
	if runs != 20 || rep.Schedules != runs || !rep.Complete {
		t.Errorf("%d runs and %d schedules, want 20 that are all", runs, rep.Schedules)
	}
}

// TestOneScheduleOfMany has a mistake that only some runs of the one schedule show.
func TestOneScheduleOfMany(t *testing.T) {
	runs := 0
	rep := explore(t, sched.Job{Seed: 1, KeepSchedule: true, NoTrace: true}, func(t *testing.T) {
		if runs++; runs == 7 {
			t.Error("the seventh")
		}
	})
	if !rep.Found || rep.Number != 7 {
		t.Errorf("found %v at %d, want it at 7", rep.Found, rep.Number)
	}
}

// steps is a scenario of goroutines with so many steps each. order gets a digit for each, as they come.
func steps(counts []int, order *atomic.Int64) func(*testing.T) {
	return func(*testing.T) {
		order.Store(0)
		done := make(chan bool, len(counts))
		for i, n := range counts {
			go func() {
				defer sched.Start(1)()
				for range n {
					sched.P(2)
					order.Store(10*order.Load() + int64(i+1))
				}
				done <- true
			}()
		}
		sched.P(3)
		for range counts {
			<-done
		}
	}
}

// TestAllSchedules has scenarios with few schedules, all of which are run: every order of their steps is
// among them, also those that take more than two delays.
func TestAllSchedules(t *testing.T) {
	for _, tt := range []struct {
		counts []int
		orders int // the multinomial coefficient
	}{{[]int{1, 1}, 2}, {[]int{2, 2}, 6}, {[]int{1, 3}, 4}, {[]int{3, 1}, 4}} {
		seen := map[int64]bool{}
		var order atomic.Int64
		scenario := steps(tt.counts, &order)
		rep := explore(t, sched.Job{Seed: 1}, func(t *testing.T) {
			scenario(t)
			seen[order.Load()] = true
		})
		if !rep.Complete || rep.Exhausted != 2 || rep.Stopped != "exhausted" || rep.AtBound < tt.orders {
			t.Errorf("%v: complete %v, exhausted %d delays, %d at the bound, stopped %q", tt.counts, rep.Complete, rep.Exhausted, rep.AtBound, rep.Stopped)
		}
		if len(seen) != tt.orders {
			t.Errorf("%v: seen %v, want %d orders", tt.counts, seen, tt.orders)
		}
		if rep.Phases[len(rep.Phases)-1].Name == "random" {
			t.Errorf("%v: samples of what is known: %+v", tt.counts, rep.Phases)
		}
	}
}

// TestTooManySchedules has one whose schedules are too many to run all: they are sampled, and then all with two
// delays are run.
func TestTooManySchedules(t *testing.T) {
	for _, counts := range [][]int{{4, 4}, {2, 2, 2}, {5, 1, 1}} {
		var order atomic.Int64
		rep := explore(t, sched.Job{Seed: 1}, steps(counts, &order))
		sampled := map[string]int{}
		for _, ph := range rep.Phases {
			sampled[ph.Name] = ph.Schedules
		}
		if rep.Complete || rep.Exhausted != 2 || rep.Stopped != "exhausted" || sampled["pct"] != 50 || sampled["random"] != 50 || sampled["delay 2"] != rep.AtBound {
			t.Errorf("%v: complete %v, exhausted %d delays with %d, stopped %q, phases %+v", counts, rep.Complete, rep.Exhausted, rep.AtBound, rep.Stopped, rep.Phases)
		}
		if n := sampled["every schedule"]; n > 150 {
			t.Errorf("%v: %d schedules in trying for all", counts, n)
		}
		t.Logf("%v: %+v", counts, rep.Phases)
	}
}
