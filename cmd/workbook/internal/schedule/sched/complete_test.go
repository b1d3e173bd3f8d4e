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
	if runs != 1+2*10 || rep.Schedules != runs {
		t.Errorf("%d runs and %d schedules, want %d", runs, rep.Schedules, 1+2*10)
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

// TestAllSchedules has two goroutines with one step each: fewer schedules than two delays allow.
func TestAllSchedules(t *testing.T) {
	seen := map[int32]bool{}
	rep := explore(t, sched.Job{Seed: 1}, func(*testing.T) {
		var order atomic.Int32
		done := make(chan bool)
		for i := range int32(2) {
			go func() {
				defer sched.Start(1)()
				sched.P(2)
				order.CompareAndSwap(0, i+1)
				sched.P(3)
				done <- true
			}()
		}
		sched.P(4)
		<-done
		sched.P(4)
		<-done
		seen[order.Load()] = true
	})
	if rep.Exhausted != 2 || rep.Stopped != "exhausted" {
		t.Errorf("exhausted %d delays, stopped %q", rep.Exhausted, rep.Stopped)
	}
	if len(seen) != 2 {
		t.Errorf("seen %v, want that each of the two came first", seen)
	}
	t.Logf("%d schedules: %+v", rep.Schedules, rep.Phases)
}
