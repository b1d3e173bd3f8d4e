package render

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

func questions(t testing.TB) *course.Lesson {
	t.Helper()
	markdown, err := os.ReadFile("testdata/question.md")
	if err != nil {
		t.Fatal(err)
	}
	l, err := course.ParseLesson("lessons/09-atomicity.md", markdown)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// answered are the ways that a question can be on the screen in.
var answered = []struct {
	name    string
	answers [2]Answer
}{
	{"not asked yet", [2]Answer{{}, {Note: "answered before"}}},
	{"being asked", [2]Answer{{Asking: true}, {Asking: true, Chosen: []bool{false, true}}}},
	{"right", [2]Answer{{Locked: true, Chosen: []bool{false, true}}, {Locked: true, Chosen: []bool{true, false, true}}}},
	{"wrong", [2]Answer{{Locked: true, Chosen: []bool{true}}, {Locked: true, Chosen: []bool{true, true}}}},
}

func TestQuestionGolden(t *testing.T) {
	l := questions(t)
	for _, s := range styles {
		t.Run(s.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := s.Lesson(&b, l); err != nil {
				t.Fatal(err)
			}
			for _, row := range answered {
				fmt.Fprintf(&b, "=== %s\n", row.name)
				page := s.Page(l, Answers{l.Questions[0]: row.answers[0], l.Questions[1]: row.answers[1]})
				for _, q := range page.Questions {
					b.WriteString(strings.Join(page.Lines[q.First:q.End], "\n") + "\n")
				}
				checkPage(t, l, page)
			}
			b.WriteString("=== asked in a line\n")
			if err := s.Question(&b, l.Questions[0], answered[3].answers[0]); err != nil {
				t.Fatal(err)
			}
			if err := s.Explanation(&b, l.Questions[1], []bool{false, true, true}); err != nil {
				t.Fatal(err)
			}
			if err := s.Program(&b, l.Cells[0]); err != nil {
				t.Fatal(err)
			}
			golden(t, "question-"+s.name+".txt", b.Bytes())
			checkLines(t, s.Style, b.String())
		})
	}
}

// checkPage checks where a page says that its questions are.
func checkPage(t *testing.T, l *course.Lesson, page Page) {
	t.Helper()
	if len(page.Questions) != len(l.Questions) {
		t.Errorf("the page has %d of %d questions", len(page.Questions), len(l.Questions))
	}
	for i, place := range page.Questions {
		q := l.Questions[i]
		if place.Question != q || place.First+1 >= place.End || place.End > len(page.Lines) {
			t.Errorf("question %s is at %+v of %d lines", q.ID, place, len(page.Lines))
		}
		if last := page.Source[place.End-1]; page.Source[place.First] < q.Line-1 || len(q.Options) > 0 && last < q.Options[len(q.Options)-1].Line {
			t.Errorf("question %s is of source lines %d to %d", q.ID, page.Source[place.First], last)
		}
	}
}

// TestBadgeKeepsTheSecret wants a cell that a question is about to be shown without its end, and others with it.
func TestBadgeKeepsTheSecret(t *testing.T) {
	const cell, ask = "```go cell id=it expect=deadlock\npackage main\n\nfunc main() { select {} }\n```\n", "```predict\nWhat does it do?\n\n- [x] It deadlocks.\n  So.\n- [ ] `1`\n  No.\n```\n"
	for text, want := range map[string]bool{"# T\n\n" + cell: true, "# T\n\n" + ask + "\n" + cell: false} {
		l := readLesson(t, []byte(text))
		for _, s := range styles {
			var b bytes.Buffer
			if err := s.Lesson(&b, l); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(b.String(), "· deadlocks") || strings.Contains(b.String(), ", deadlocks:"); got != want {
				t.Errorf("%s: says how it ends: %v, want %v\n%s", s.name, got, want, b.String())
			}
		}
	}
}

// TestQuestionsKeepTheirSecret wants a lesson to look the same whichever of its options are right, and
// whatever their explanations are, until the answer is taken.
func TestQuestionsKeepTheirSecret(t *testing.T) {
	draw := func(s Style, l *course.Lesson) string {
		var b bytes.Buffer
		if err := s.Lesson(&b, l); err != nil {
			t.Fatal(err)
		}
		asking := Answers{l.Questions[0]: {Asking: true, Chosen: []bool{true}}, l.Questions[1]: {Note: "skipped"}}
		return b.String() + strings.Join(s.Page(l, asking).Lines, "\n")
	}
	for _, s := range styles {
		want := draw(s.Style, questions(t))
		for shift := range 3 {
			l := questions(t)
			for _, q := range l.Questions {
				right := []bool{q.Options[0].Right, q.Options[1].Right, q.Options[2].Right}
				for i := range q.Options {
					q.Options[i].Right, q.Options[i].Why = right[(i+shift)%3], "secret"
				}
			}
			if got := draw(s.Style, l); got != want || strings.Contains(got, "secret") {
				t.Errorf("%s: the lesson tells which options are right:\n%s", s.name, got)
			}
		}
	}
}
