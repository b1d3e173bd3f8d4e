package main

import (
	"os"
	"testing"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
)

// TestQuestions wants the answers of the course's own questions to agree with the outputs that its lessons
// document, and a question in every lesson.
func TestQuestions(t *testing.T) {
	c, err := course.Open(os.DirFS(repository()))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range c.Lessons {
		if len(l.Questions) == 0 {
			t.Errorf("%s asks no question", l.File)
		}
		for _, q := range l.Questions {
			for _, fault := range cell.Claims(q) {
				t.Error(fault)
			}
		}
	}
}
