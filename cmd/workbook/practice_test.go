package main

import (
	"os"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/explain"
)

// TestPractice wants every exercise to say which sections of its lesson it practises, so that each leads
// to the other.
func TestPractice(t *testing.T) {
	c, err := course.Open(os.DirFS(repository()))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range c.Lessons {
		for _, e := range l.Exercises {
			if len(l.Practises(e)) == 0 {
				t.Errorf("%s:%d: exercise %s links to no section of its lesson: want a line like \"Practises [Two atomics are not one](#two-atomics-are-not-one).\"",
					l.File, e.Line, e.Name)
			}
		}
	}
}

// TestExplained wants the sections that verdicts point to, of the lessons that there are.
func TestExplained(t *testing.T) {
	c, err := course.Open(os.DirFS(repository()))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range explain.Sections() {
		slug, section, _ := strings.Cut(s, "#")
		if l := c.Lesson(slug); l != nil && l.Section(section) == nil {
			t.Errorf("a verdict points to %s, and %s has no such section", s, l.File)
		}
	}
}
