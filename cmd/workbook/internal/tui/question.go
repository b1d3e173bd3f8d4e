package tui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

// What stands beside a question that holds nothing back any more.
const (
	noteBefore  = "answered before"
	noteSkipped = "skipped"
)

// startAnswers notes which questions were answered before the pager began.
func startAnswers(p *Pager) render.Answers {
	answers := render.Answers{}
	for q, answered := range p.Answered {
		if answered {
			answers[q] = render.Answer{Note: noteBefore}
		}
	}
	return answers
}

// holding returns the question that must be answered or skipped before the cell is run and its
// documented output shown, or nil.
func (m *model) holding(c *course.Cell) *course.Predict {
	for _, q := range m.pager.Lesson.Questions {
		if q.Cell == c && !m.settled(q) {
			return q
		}
	}
	return nil
}

// questionHere returns the index in the page of the question that p asks: the first one on the screen
// that is open, else the one that holds the marked cell back, else any on the screen; -1 for none.
func (m *model) questionHere() int {
	shown := -1
	for i, place := range m.page.Questions {
		first, end := m.questionRows(i)
		if end <= m.top || first >= m.top+m.body() {
			continue
		}
		if !m.settled(place.Question) {
			return i
		}
		if shown < 0 {
			shown = i
		}
	}
	if m.cell >= 0 {
		if q := m.holding(m.page.Cells[m.cell].Cell); q != nil {
			return m.questionIndex(q)
		}
	}
	return shown
}

// settled says whether a question was answered or skipped.
func (m *model) settled(q *course.Predict) bool {
	a := m.answers[q]
	return a.Locked || a.Note != ""
}

func (m *model) questionIndex(q *course.Predict) int {
	for i, place := range m.page.Questions {
		if place.Question == q {
			return i
		}
	}
	return -1
}

// questionRows returns the rows [first, end) of a question.
func (m *model) questionRows(index int) (first, end int) {
	return m.span(func(r row) bool { return r.question == index })
}

// ask begins to take the answer to a question.
func (m *model) ask() {
	index := m.questionHere()
	if index < 0 {
		m.message = "no question on the screen"
		return
	}
	q := m.page.Questions[index].Question
	m.mode, m.asked = answering, q
	m.answers[q] = render.Answer{Asking: true, Note: m.answers[q].Note, Chosen: make([]bool, len(q.Options))}
	m.layOut()
	m.revealQuestion(q)
}

// skip gives up answering, so that the cell can be run and its output be seen.
func (m *model) skip() {
	index := m.questionHere()
	if index < 0 {
		m.message = "no question on the screen"
		return
	}
	q := m.page.Questions[index].Question
	if !m.settled(q) {
		m.answers[q] = render.Answer{Note: noteSkipped}
	}
	m.layOut()
}

// answerKey chooses options, takes the answer or leaves it.
func (m *model) answerKey(key string) tea.Cmd {
	q := m.asked
	a := m.answers[q]
	index := optionOf(key)
	switch {
	case key == "q":
		return tea.Quit
	case key == "enter":
		return m.takeAnswer()
	case key == "esc":
		m.mode = reading
		m.answers[q] = render.Answer{Note: a.Note}
		m.layOut()
	case index >= 0 && index < len(q.Options):
		m.choose(index)
		m.layOut()
	case index >= 0:
		m.message = "the answers are " + letters(q)
	default:
		if by, ok := m.distance(key); ok {
			m.scroll(by)
			return nil
		}
		m.message = letters(q) + " choose, enter takes the answer, esc leaves it"
	}
	return nil
}

// optionOf returns the index of the option that a key stands for, -1 where it can be none's.
func optionOf(key string) int {
	if len(key) == 1 && 'a' <= key[0] && key[0] <= 'h' {
		return int(key[0] - 'a')
	}
	return -1
}

// letters names the options: "a to d".
func letters(q *course.Predict) string {
	return fmt.Sprintf("a to %s", course.Letter(len(q.Options)-1))
}

// choose ticks an option, or takes the tick back. Where one is asked for, no other stays ticked.
func (m *model) choose(index int) {
	chosen := m.answers[m.asked].Chosen
	on := !chosen[index]
	if !m.asked.Several() {
		clear(chosen)
	}
	chosen[index] = on
}

// takeAnswer locks the answer, keeps it, shows the explanations, and runs the cell.
func (m *model) takeAnswer() tea.Cmd {
	q := m.asked
	a := m.answers[q]
	if !slices.Contains(a.Chosen, true) {
		m.message = "choose first: " + letters(q)
		return nil
	}
	a.Asking, a.Locked = false, true
	m.mode, m.answers[q] = reading, a
	if m.pager.Answer != nil {
		if err := m.pager.Answer(q, q.Holds(a.Chosen)); err != nil {
			m.message = "the answer is not kept: " + err.Error()
		}
	}
	m.layOut()
	m.revealQuestion(q)
	return m.runPredicted(q.Cell)
}

// layOut lays the lesson out anew, because an answer has changed, and stays at the place.
func (m *model) layOut() {
	m.page = m.style().Page(m.pager.Lesson, m.answers)
	m.rebuild()
}

// revealQuestion scrolls so far that a question is on the screen, its beginning if not all of it fits.
func (m *model) revealQuestion(q *course.Predict) {
	first, end := m.questionRows(m.questionIndex(q))
	if first < m.top {
		m.scroll(first - m.top)
	}
	if over := end - (m.top + m.body()); over > 0 {
		m.scroll(min(over, first-m.top))
	}
}

// runPredicted runs a cell whose question was answered, as often as it takes to see what can happen. The
// explanations stay on the screen.
func (m *model) runPredicted(c *course.Cell) tea.Cmd {
	run := m.pager.Sample
	if run == nil {
		run = m.pager.RunCell
	}
	if other, _ := m.running(); run == nil || other != nil || m.holding(c) != nil {
		return nil
	}
	return m.startCell(c, run, true)
}
