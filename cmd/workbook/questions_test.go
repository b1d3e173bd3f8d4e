package main

import (
	"os"
	"slices"
	"testing"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
)

// TestQuestions wants a question in every lesson, every right answer to be of a kind that a machine can tell,
// and all answers to agree with what the lessons document. What the lessons document is compared with the
// toolchain and the explorer by `workbook verify`.
func TestQuestions(t *testing.T) {
	c, err := course.Open(os.DirFS(repository()))
	if err != nil {
		t.Fatal(err)
	}
	all, options, claims := 0, 0, 0
	for _, l := range c.Lessons {
		if len(l.Questions) == 0 {
			t.Errorf("%s asks no question", l.File)
		}
		for _, q := range l.Questions {
			all++
			if !cell.Checked(q) {
				t.Errorf("%s:%d: no machine can tell that the answer is right: want a program's output in a code span, "+
					"or how it ends in words that cell.Claims knows", q.File, q.Line)
			}
			options += len(q.Options)
			claims += cell.Claimed(q)
			for _, fault := range cell.Claims(q) {
				t.Error(fault)
			}
		}
	}
	t.Logf("%d questions are checked, and %d of their %d options say what a machine can tell", all, claims, options)
}

// TestWrongAnswers wants none of the course's questions to keep to what its lesson documents when a right
// option and a wrong one are taken for each other.
func TestWrongAnswers(t *testing.T) {
	c, err := course.Open(os.DirFS(repository()))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range c.Lessons {
		for _, q := range l.Questions {
			for i, right := range q.Options {
				for j, wrong := range q.Options {
					if !right.Right || wrong.Right {
						continue
					}
					other := *q
					other.Options = slices.Clone(q.Options)
					other.Options[i].Right, other.Options[j].Right = false, true
					if cell.Checked(&other) && len(cell.Claims(&other)) == 0 {
						t.Errorf("%s:%d: %q in place of %q goes unnoticed", q.File, q.Line, wrong.Text, right.Text)
					}
				}
			}
		}
	}
}
