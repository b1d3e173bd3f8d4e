package grader

import (
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/verdict"
)

// diesInBetween is a body of Both that ends the process where one goroutine comes in between two looks of the other,
// which a free run hardly ever shows.
const diesInBetween = `	var mu sync.Mutex
	ran := false
	look := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return ran
	}
	wg.Go(func() {
		if !look() && look() {
			end(0)
		}
		f()
	})
	wg.Go(func() {
		mu.Lock()
		ran = true
		mu.Unlock()
		g()
	})
`

// TestDiedSchedule: a schedule that ends the process, here with a stack that overflows, is drawn as others are, by the
// first verdict and by its replay.
func TestDiedSchedule(t *testing.T) {
	ex := lab(t)
	right := string(ex.Solution)
	source := strings.Replace(right, "	wg.Go(f)\n	wg.Go(g)\n", diesInBetween, 1) + "\n// end has no end.\nfunc end(n int) int { return end(n+1) + 1 }\n"
	if !strings.Contains(source, diesInBetween) {
		t.Fatal("the lab's Both has changed")
	}
	g := labGrader(t)
	s := Submission{Exercise: ex, Files: map[string][]byte{ex.File: []byte(source)}}
	v, err := g.Grade(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	f := drawnBoth(t, v)
	again, err := g.Replay(t.Context(), s, f.Schedule)
	if err != nil {
		t.Fatal(err)
	}
	if r := drawnBoth(t, again); !slices.Equal(r.Timeline, f.Timeline) || r.Schedule != f.Schedule {
		t.Errorf("the replay of %s is %s:\n%s\nand the verdict drew\n%s", f.Schedule, r.Schedule, strings.Join(r.Timeline, "\n"), strings.Join(f.Timeline, "\n"))
	}
}

// drawnBoth is the finding of TestBoth, a panic with its schedule up to the call that has no end.
func drawnBoth(t *testing.T, v verdict.Verdict) verdict.Finding {
	t.Helper()
	i := slices.IndexFunc(v.Findings, func(f verdict.Finding) bool { return f.Test == "TestBoth" })
	if v.Class != verdict.Panic || i < 0 {
		t.Fatalf("the verdict is %s, with the findings %+v, %q, explored %s", v.Class, v.Findings, v.Notes, v.Explored)
	}
	f := v.Findings[i]
	if drawn := strings.Join(f.Timeline, "\n"); f.Schedule == "" || !strings.Contains(drawn, "> ") || !strings.Contains(drawn, "ran = true") {
		t.Fatalf("schedule %q of %q:\n%s", f.Schedule, f.Message, drawn)
	}
	return f
}
