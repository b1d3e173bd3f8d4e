package grader

import (
	"os"
	"slices"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// turns is how often a thing is measured; the least time counts, since the machine has other things to do.
const turns = 3

// least returns the least time of f.
func least(f func()) time.Duration {
	best := time.Hour
	for range turns {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best
}

// wholeCourse is the course of the repository, with a grader that keeps its binaries for the benchmark.
func wholeCourse(b *testing.B) (*course.Course, *Grader) {
	b.Helper()
	c, _ := course.Load(os.DirFS("../../../..")) // faults are the gate's business
	if c == nil || len(c.Exercises()) == 0 {
		b.Fatal("no course")
	}
	g, err := New(Config{Course: c, Cache: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	if err := g.Warm(b.Context(), func(int, int) {}); err != nil {
		b.Fatal(err)
	}
	return c, g
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// report reports the median and the worst of several times.
func report(b *testing.B, what string, times []time.Duration) {
	b.Helper()
	if len(times) == 0 {
		b.Fatalf("nothing was measured: %s", what)
	}
	slices.Sort(times)
	b.ReportMetric(milliseconds(times[len(times)/2]), what+"-median-ms")
	b.ReportMetric(milliseconds(times[len(times)-1]), what+"-worst-ms")
	b.ReportMetric(0, "ns/op")
}

// compiled builds a submission that can be scheduled, or returns nil.
func compiled(b *testing.B, g *Grader, s Submission) *build.Binary {
	b.Helper()
	bin, _, err := g.compile(b.Context(), s)
	if err != nil {
		b.Fatalf("%s: %v", s.Exercise.Name, err)
	}
	if bin == nil || !bin.Scheduled {
		return nil
	}
	return bin
}

// BenchmarkSolutions takes the course's solutions through rewriting, the exploration of all schedules, and
// all that is run. The build is left out; BenchmarkSave has it.
//
//	go test ./cmd/workbook/internal/grader -run '^$' -bench 'Solutions|Wrong' -benchtime 1x
func BenchmarkSolutions(b *testing.B) {
	c, g := wholeCourse(b)
	var rewrites, explorations, runs []time.Duration
	for _, ex := range c.Exercises() {
		s := Submission{ex, map[string][]byte{ex.File: ex.Solution}}
		b.Run(ex.Name, func(b *testing.B) {
			seen := g.inspect(b.Context(), s)
			bin := compiled(b, g, s)
			if bin == nil {
				b.Skip("its schedules are not explored")
			}
			rewrite, explore, run := time.Hour, time.Hour, time.Hour
			for b.Loop() {
				rewrite = min(rewrite, least(func() { g.rewrite(b.Context(), s, seen.pkg) }))
				explore = min(explore, least(func() { g.explore(b.Context(), s, bin) }))
				run = min(run, least(func() {
					var in verdict.Input
					if err := g.run(b.Context(), s, bin, &in); err != nil || !clean(in) {
						b.Errorf("the solution does not pass: %v", err)
					}
				}))
			}
			b.ReportMetric(milliseconds(rewrite), "rewrite-ms")
			b.ReportMetric(milliseconds(explore), "explore-ms")
			b.ReportMetric(milliseconds(run), "run-ms")
			b.ReportMetric(0, "ns/op")
			rewrites, explorations, runs = append(rewrites, rewrite), append(explorations, explore), append(runs, run)
		})
	}
	b.Run("all", func(b *testing.B) {
		report(b, "rewrite", rewrites)
		report(b, "explore", explorations)
		report(b, "run", runs)
	})
}

// BenchmarkWrong measures, for one wrong program of each exercise, the way from the start of the built
// binary to its finding, confirmed and minimised; and to the end of all its tests.
func BenchmarkWrong(b *testing.B) {
	c, g := wholeCourse(b)
	for range b.N {
		var findings, alls []time.Duration
		for _, ex := range c.Exercises() {
			if first, all := finding(b, g, ex); all > 0 {
				findings, alls = append(findings, first), append(alls, all)
			}
		}
		report(b, "finding", findings)
		report(b, "all-tests", alls)
	}
}

// finding measures the first wrong program of an exercise that is found under the scheduler: how long the
// process ran that found it soonest, and how long all of them took.
func finding(b *testing.B, g *Grader, ex *course.Exercise) (first, all time.Duration) {
	b.Helper()
	for _, w := range ex.Wrongs {
		s := Submission{ex, map[string][]byte{ex.File: w.Source}}
		if w.Class != "race" && w.Class != "wrong" {
			continue // what hangs takes as long as we are patient
		}
		bin := compiled(b, g, s)
		if bin == nil {
			continue
		}
		first = time.Hour
		all = least(func() {
			records, _, _ := g.explore(b.Context(), s, bin)
			for _, r := range records {
				if verdict.Against(r) {
					first = min(first, r.Elapsed)
				}
			}
		})
		if first < time.Hour {
			return first, all
		}
	}
	return 0, 0
}
