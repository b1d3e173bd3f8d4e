package main

import (
	"os"
	"testing"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
)

// TestQuestions wants the answers of the course's own questions to agree with what its lessons document,
// a question in every lesson, and most of the answers to be of a kind that this can tell. What the lessons
// document is compared with the toolchain and the explorer by `workbook verify`.
func TestQuestions(t *testing.T) {
	c, err := course.Open(os.DirFS(repository()))
	if err != nil {
		t.Fatal(err)
	}
	all, checked := 0, 0
	for _, l := range c.Lessons {
		if len(l.Questions) == 0 {
			t.Errorf("%s asks no question", l.File)
		}
		for _, q := range l.Questions {
			all++
			if cell.Checked(q) {
				checked++
			} else {
				t.Logf("%s:%d: the answer is prose", q.File, q.Line)
			}
			for _, fault := range cell.Claims(q) {
				t.Error(fault)
			}
		}
	}
	t.Logf("%d of %d questions are checked", checked, all)
	if 5*checked < 3*all {
		t.Errorf("%d of %d questions are checked: want three in five; an answer that is a program's output is a code span", checked, all)
	}
}
