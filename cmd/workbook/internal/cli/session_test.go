package cli

import (
	"testing"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// TestOlderAnswers gives a session the answers of a grading that another one has replaced.
func TestOlderAnswers(t *testing.T) {
	ex := &course.Exercise{Name: "counter"}
	s := &session{number: 2, running: ex, current: ex} // no speaker: whatever is said panics
	s.handle(gradedEvent{number: 1, ex: ex, v: verdict.Verdict{Class: verdict.Pass, Passed: true}})
	s.handle(quickEvent{number: 1, ex: ex})
	if s.running != ex || s.last != "" {
		t.Errorf("an older answer ended the grading: running %v, last %q", s.running, s.last)
	}
}
