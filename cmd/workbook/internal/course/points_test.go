package course_test

import (
	"fmt"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

func TestPoints(t *testing.T) {
	for _, tt := range []struct {
		name, line, fault string
		worth, weight     float64
	}{
		{"none", "Some prose.", "", 1, 1},
		{"total", "Points: 6.", "", 6, 1},
		{"weights", "Points: 2.5 (TestStressInc 3)", "", 2.5, 3},
		{"nothing", "Points: 0.", `"0" is no number`, 1, 1},
		{"infinite", "Points: Inf.", `"Inf" is no number`, 1, 1},
		{"words", "Points: many of them.", "malformed points", 1, 1},
		{"item", "Points: 2 (stress three).", `"stress three" is no test`, 2, 1},
		{"stranger", "Points: 2 (TestNobody 3).", "no hidden test TestNobody", 2, 1},
		{"twice", "Points: 2.\n\nPoints: 3.", "second line of points", 2, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := course.Load(tree(edited(good(), tt.line)))
			if got := fmt.Sprint(err); tt.fault == "" && err != nil || !strings.Contains(got, tt.fault) {
				t.Errorf("faults %q, want %q", got, tt.fault)
			}
			ex := c.Exercise("counter")
			if ex.Worth() != tt.worth || ex.Weight("TestStressInc") != tt.weight || ex.Weight("TestInc") != 1 {
				t.Errorf("worth %v, weights %v and %v, want %v, %v and 1", ex.Worth(), ex.Weight("TestStressInc"), ex.Weight("TestInc"), tt.worth, tt.weight)
			}
		})
	}
}
