package batch

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// BenchmarkSize measures what the batch itself costs, with a grader that costs nothing: time for each
// submission, and the memory that is in use while the last one is graded.
//
//	go test ./cmd/workbook/internal/batch -run '^$' -bench Size -benchtime 1x
func BenchmarkSize(b *testing.B) {
	for _, n := range []int{100, 400, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var texts []string
			for i := range n {
				texts = append(texts, fmt.Sprintf("race %d", i))
			}
			var took time.Duration
			var memory uint64
			for b.Loop() {
				j, err := Create(filepath.Join(b.TempDir(), "journal"), "id")
				if err != nil {
					b.Fatal(err)
				}
				c := Config{Tasks: tasks(small().Exercise("counter"), texts...), Grade: (&fake{}).grade, Journal: j, Jobs: 2}
				c.Progress = func(p Progress) {
					if p.Done == p.Total {
						memory = inUse()
					}
				}
				begun := time.Now()
				r, err := Run(b.Context(), c)
				took += time.Since(begun)
				if err != nil || len(r.Results) != n || j.Close() != nil {
					b.Fatal(len(r.Results), err)
				}
			}
			b.ReportMetric(float64(took.Microseconds())/float64(b.N*n), "µs/submission")
			b.ReportMetric(float64(memory)/1024/float64(n), "kB/submission")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// inUse is the memory of live objects.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
