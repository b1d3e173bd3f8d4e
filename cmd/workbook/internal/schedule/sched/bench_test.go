package sched_test

import (
	"testing"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// steps25 takes 25 steps, with three goroutines and a lock.
func steps25(*testing.T) {
	var a account
	both(func(int) {
		for range 2 {
			a.add(1)
			a.balance()
		}
	})
	for range 2 {
		a.balance()
	}
}

// BenchmarkSchedule reports the schedules a second of each strategy.
func BenchmarkSchedule(b *testing.B) {
	for _, c := range []struct {
		name string
		job  sched.Job
	}{
		{"pct", sched.Job{PCT: 2000, Random: -1, Bound: -1}},
		{"random", sched.Job{PCT: -1, Random: 2000, Bound: -1}},
		{"exhaustive", sched.Job{PCT: -1, Random: -1, Bound: 4, Schedules: 2000}},
	} {
		b.Run(c.name, func(b *testing.B) {
			schedules, steps := 0, 0
			for b.Loop() {
				rep := explore(b, c.job, steps25)
				if rep.Found || rep.Cannot != "" {
					b.Fatalf("%+v", rep)
				}
				schedules += rep.Schedules
				steps += rep.TotalSteps
			}
			b.ReportMetric(float64(schedules)/b.Elapsed().Seconds(), "schedules/s")
			b.ReportMetric(float64(steps)/float64(schedules), "steps/schedule")
		})
	}
}

// explore runs the job in a test of its own, which what is found does not fail.
func explore(tb testing.TB, job sched.Job, f func(*testing.T)) sched.Report {
	tb.Helper()
	job.Mode = sched.Explore
	return runJob(tb, job, f)
}

func runJob(_ testing.TB, job sched.Job, f func(*testing.T)) (rep sched.Report) {
	t := new(testing.T)
	return sched.Run(t, "Test", job, f)
}

func BenchmarkFreePoint(b *testing.B) {
	for b.Loop() {
		sched.P(1)
	}
}
