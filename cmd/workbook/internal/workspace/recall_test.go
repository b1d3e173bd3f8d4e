package workspace

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"workbook/cmd/workbook/internal/course"
)

// asked makes a question.
func asked(id string) *course.Predict {
	return &course.Predict{ID: id, Question: "What?", Options: []course.Option{{Text: "a", Right: true}, {Text: "b"}}}
}

// TestRecall tells answers as "DAY±", + for a right one, and wants the step and the day on which the
// question comes back after them. Day 1 is the first of March; each answer is given at half past ten at night.
func TestRecall(t *testing.T) {
	for _, row := range []struct{ name, answers, want string }{
		{"never asked", "", "not answered, step 0"},
		{"right at once", "1+", "right, step 0"},
		{"missed", "1-", "wrong, step 1 on day 2"},
		{"missed twice a day", "1- 1-", "wrong, step 1 on day 2"},
		{"right too early", "1- 1+", "right, step 1 on day 2"},
		{"right a day later", "1- 2+", "right, step 2 on day 5"},
		{"right much later", "1- 20+", "right, step 2 on day 23"},
		{"right twice", "1- 2+ 5+", "right, step 3 on day 12"},
		{"practice in between", "1- 2+ 3+ 4+", "right, step 2 on day 5"},
		{"right three times", "1- 2+ 5+ 12+", "right, step 4 on day 33"},
		{"learned", "1- 2+ 5+ 12+ 33+", "right, step 0"},
		{"wrong in the middle", "1- 2+ 5+ 12-", "wrong, step 1 on day 13"},
		{"wrong when learned", "1- 2+ 5+ 12+ 33+ 40-", "wrong, step 1 on day 41"},
		{"wrong in practice", "1- 2+ 3-", "wrong, step 1 on day 4"},
		{"another text", "1-old 2+old", "not answered, step 0"},
		{"text changed", "1- 2+old", "wrong, step 1 on day 2"},
	} {
		loc := time.FixedZone("", 3*3600)
		first := time.Date(2026, 3, 1, 22, 30, 0, 0, loc)
		var answers []Answer
		for word := range strings.FieldsSeq(row.answers) {
			day, hash := 0, ""
			var sign rune
			fmt.Sscanf(word, "%d%c%s", &day, &sign, &hash)
			answers = append(answers, Answer{Time: first.AddDate(0, 0, day-1).UTC(), Hash: hash, Right: sign == '+'})
		}
		r := recall(answers, "", loc)
		got := map[bool]string{true: "right", false: "wrong"}[r.Right]
		if !r.Answered {
			got = "not answered"
		}
		got += fmt.Sprintf(", step %d", r.Step)
		if r.Step > 0 {
			got += fmt.Sprintf(" on day %d", 1+int(r.Due.Sub(first.Add(-22*time.Hour-30*time.Minute)).Hours()/24))
		}
		if got != row.want {
			t.Errorf("%s: recall(%s) = %s, want %s", row.name, row.answers, got, row.want)
		}
		if r.Step > 0 && (r.DueBy(r.Due.Add(-time.Second)) || !r.DueBy(r.Due)) {
			t.Errorf("%s: DueBy says another day than %v", row.name, r.Due)
		}
	}
}

// TestRecallDays wants days to be the learner's, also where one of them has 23 hours.
func TestRecallDays(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here: ", err)
	}
	missed := Answer{Time: time.Date(2026, 3, 28, 23, 59, 0, 0, loc)} // the clock goes forward in the next night
	r := recall([]Answer{missed}, "", loc)
	if want := time.Date(2026, 3, 29, 0, 0, 0, 0, loc); !r.Due.Equal(want) {
		t.Errorf("missed at %v: due %v, want %v", missed.Time, r.Due, want)
	}
	right := Answer{Time: time.Date(2026, 3, 29, 0, 1, 0, 0, loc), Right: true}
	r = recall([]Answer{missed, right}, "", loc)
	if want := time.Date(2026, 4, 1, 0, 0, 0, 0, loc); !r.Due.Equal(want) {
		t.Errorf("right at %v: due %v, want %v", right.Time, r.Due, want)
	}
}

// TestReviews goes through a month: the workspace says on which days which question comes back.
func TestReviews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCourse("counter")
		l := c.Lessons[0]
		l.Questions = []*course.Predict{asked("lost"), asked("torn"), asked("other")}
		w := create(t, c)
		answer := func(id string, right bool) {
			t.Helper()
			if err := w.RecordAnswer(l.Slug, l.Question(id), right); err != nil {
				t.Fatal(err)
			}
		}
		var log []string
		for day := range 40 {
			if day == 0 {
				answer("lost", false)
				answer("other", true)
			}
			if day == 2 {
				answer("torn", false)
			}
			w = reopen(t, w)
			for _, r := range w.Progress().Reviews(c, time.UTC) {
				if r.DueBy(time.Now()) {
					log = append(log, fmt.Sprintf("%d %s", day, r.Question.ID))
					answer(r.Question.ID, day != 4)
				}
			}
			time.Sleep(24 * time.Hour)
		}
		want := "1 lost, 3 torn, 4 lost, 5 lost, 6 torn, 8 lost, 13 torn, 15 lost, 34 torn, 36 lost"
		if got := strings.Join(log, ", "); got != want {
			t.Errorf("the days of review are %s, want %s", got, want)
		}
		l.Questions[0].Question = "What else?"
		if r := w.Progress().Recall(l.Slug, l.Questions[0], time.UTC); r.Answered {
			t.Errorf("a question that was changed counts as answered: %+v", r)
		}
	})
}

// TestAnswersJoin wants a snapshot and a journal that tell of different answers to give all of them.
func TestAnswersJoin(t *testing.T) {
	at := func(day int, right bool) Answer {
		return Answer{Time: time.Date(2026, 3, day, 12, 0, 0, 0, time.UTC), Hash: "h", Right: right}
	}
	p := Progress{Answers: map[string][]Answer{"a/x": {at(1, false), at(3, true)}, "a/y": {at(2, true)}}}
	p.join(Progress{Answers: map[string][]Answer{"a/x": {at(2, true), at(3, true)}, "a/z": {at(4, true)}}})
	if got := p.Answers["a/x"]; len(got) != 3 || !got[1].Time.Equal(at(2, true).Time) || len(p.Answers["a/y"]) != 1 || len(p.Answers["a/z"]) != 1 {
		t.Errorf("joined: %v", p.Answers)
	}
}
