package grader

import (
	"slices"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/run"
)

// BenchmarkBox runs one hidden test of a right program in a process, without a box and in a box of each
// tier by turns, so that all see the same machine. The metrics are medians, and what a box adds to them.
//
//	go test ./cmd/workbook/internal/grader -run '^$' -bench Box -benchtime 50x
func BenchmarkBox(b *testing.B) {
	ex, g := lab(b), labGrader(b)
	bin, err := g.Build.Build(b.Context(), build.Unit{Exercise: ex, Files: map[string][]byte{ex.File: ex.Solution}})
	if err != nil {
		b.Fatal(err)
	}
	own := box.Probe(b.Context(), nil).Own
	times := map[box.Tier][]time.Duration{}
	for b.Loop() {
		for tier := box.Open; tier <= own; tier++ {
			plan := run.Plan{Layers: []run.Layer{{Name: "free", Binary: bin, Tests: ex.Names[:1]}}, Box: tier}
			start := time.Now()
			records, err := plan.Run(b.Context())
			times[tier] = append(times[tier], time.Since(start))
			if err != nil || records[0].Fault != "" || !records[0].Done {
				b.Fatalf("%v: %v %+v", tier, err, records)
			}
		}
	}
	open := median(times[box.Open])
	for tier := box.Open; tier <= own; tier++ {
		b.ReportMetric(median(times[tier]).Seconds()*1e3, tier.String()+"-ms")
		if tier > box.Open {
			b.ReportMetric((median(times[tier])-open).Seconds()*1e3, tier.String()+"-adds-ms")
		}
	}
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
