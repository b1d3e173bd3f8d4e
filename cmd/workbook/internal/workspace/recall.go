package workspace

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"workbook/cmd/workbook/internal/course"
)

// steps are the days after which a question that was missed comes back: after the first time, and each
// time that it was then answered right. After the last one it does not come back.
var steps = [...]int{1, 3, 7, 21}

// Answer is one answer to a question.
type Answer struct {
	Time  time.Time `json:"time"`
	Hash  string    `json:"hash"` // of the question as it was asked
	Right bool      `json:"right"`
}

// Recall is where a learner stands with a question.
type Recall struct {
	Answered bool      // the question as it is now was answered before
	Right    bool      // the last time
	Last     time.Time // when that was
	Missed   time.Time // when it was last missed
	Step     int       // 1 to 4, which time of coming back is next; 0 where it does not
	Due      time.Time // the day on which it comes back, at its beginning; zero where Step is 0
}

// DueBy says whether the question is to be asked again at a time.
func (r Recall) DueBy(now time.Time) bool { return r.Step > 0 && !now.Before(r.Due) }

// recall is Recall of all answers to a question, of which those to another text do not count. Days are
// those of loc.
//
// A wrong answer brings the question back on the next day, and a right one then after 3, 7 and 21 days.
// A right answer before that day changes nothing: who has just read the explanation knows it.
func recall(answers []Answer, hash string, loc *time.Location) (r Recall) {
	for _, a := range answers {
		if a.Hash != hash {
			continue
		}
		at := a.Time.In(loc)
		r.Answered, r.Right, r.Last = true, a.Right, at
		switch {
		case !a.Right:
			r.Missed = at
			r.comesBack(1)
		case r.DueBy(at):
			r.comesBack(r.Step + 1)
		}
	}
	return r
}

// comesBack sets the step, counted from the day of the last answer.
func (r *Recall) comesBack(step int) {
	r.Step, r.Due = 0, time.Time{}
	if step <= len(steps) {
		y, m, d := r.Last.Date()
		r.Step, r.Due = step, time.Date(y, m, d+steps[step-1], 0, 0, 0, 0, r.Last.Location())
	}
}

// questionKey names a question in the progress.
func questionKey(lesson, id string) string { return lesson + "/" + id }

// Recall returns where the learner stands with a lesson's question. Days are those of loc.
func (p Progress) Recall(lesson string, q *course.Predict, loc *time.Location) Recall {
	return recall(p.Answers[questionKey(lesson, q.ID)], q.Hash(), loc)
}

// Review is a question that comes back.
type Review struct {
	Lesson   *course.Lesson
	Question *course.Predict
	Recall
}

// Reviews returns the questions that come back, now or later, those that are due longest first. A
// question that the course no longer asks, or asks otherwise, is not among them.
func (p Progress) Reviews(c *course.Course, loc *time.Location) (all []Review) {
	for _, l := range c.Lessons {
		for _, q := range l.Questions {
			if r := p.Recall(l.Slug, q, loc); r.Step > 0 {
				all = append(all, Review{l, q, r})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Review) int { return a.Due.Compare(b.Due) })
	return all
}

// RecordAnswer keeps the answer to a lesson's question.
func (w *Workspace) RecordAnswer(lesson string, q *course.Predict, right bool) error {
	return w.append(entry{Kind: kindAnswer, Lesson: lesson, Question: q.ID, Hash: q.Hash(), Right: right})
}

// answer adds an entry of that kind. The journal's last line is read twice where its end was damaged;
// nobody answers twice in a millisecond.
func (p *Progress) answer(e entry) {
	key, a := questionKey(e.Lesson, e.Question), Answer{e.Time, e.Hash, e.Right}
	if all := p.Answers[key]; len(all) == 0 || !all[len(all)-1].same(a) {
		p.Answers[key] = append(all, a)
	}
}

func (a Answer) same(b Answer) bool {
	return a.Time.Equal(b.Time) && a.Hash == b.Hash && a.Right == b.Right
}

// joinAnswers adds the answers that only other knows.
func (p *Progress) joinAnswers(other Progress) {
	for key, more := range other.Answers {
		all := append(slices.Clone(p.Answers[key]), more...)
		slices.SortStableFunc(all, func(a, b Answer) int {
			return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Hash, b.Hash))
		})
		p.Answers[key] = slices.CompactFunc(all, Answer.same)
	}
}

func cloneAnswers(answers map[string][]Answer) map[string][]Answer {
	answers = maps.Clone(answers)
	for key, list := range answers {
		answers[key] = slices.Clone(list)
	}
	return answers
}
