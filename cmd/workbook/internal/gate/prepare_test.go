package gate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// TestPrepare: an exercise's programs are prepared, all of them at once, before the first of them is graded.
func TestPrepare(t *testing.T) {
	var mu sync.Mutex
	prepared := map[string]bool{}
	answers := grader(right())
	c := Config{Course: newCourse([]string{"a", "b", "c"}, "cell"), Explores: true, Jobs: 3}
	c.Prepare = func(_ context.Context, ex *course.Exercise, sources [][]byte) error {
		mu.Lock()
		defer mu.Unlock()
		prepared[ex.Name] = true
		if got := fmt.Sprintf("%s", sources); got != strings.ReplaceAll("[E starter E solution E mutex E atomic E plain E late]", "E", ex.Name) {
			t.Errorf("%s is prepared with %s", ex.Name, got)
		}
		return nil
	}
	c.Grade = func(ctx context.Context, ex *course.Exercise, files map[string][]byte) (verdict.Verdict, error) {
		mu.Lock()
		defer mu.Unlock()
		if !prepared[ex.Name] {
			t.Errorf("%s is graded before it is prepared", files[ex.File])
		}
		return answers(ctx, ex, files)
	}
	if r, err := Run(t.Context(), c); err != nil || len(r.Faults) > 0 || r.Graded != 18 {
		t.Errorf("%d graded, %v, %v", r.Graded, r.Faults, err)
	}
	c.Prepare = func(context.Context, *course.Exercise, [][]byte) error { return errors.New("no memory") }
	c.Grade = answers
	if _, err := Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "preparing b: the starter: no memory") {
		t.Errorf("Run = %v", err)
	}
}
