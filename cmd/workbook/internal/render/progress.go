package render

import (
	"fmt"
	"io"
	"strings"
)

// Row is a line of a list: a lesson, or an exercise of the lesson above it.
type Row struct {
	Lesson   string // the lesson's slug; "" in the row of an exercise
	Exercise string // the exercise's name
	Title    string
	State    string // of an exercise: "new", "tried", "passed", "given up"
	Class    string // of its last verdict, "" where there is none
	Current  bool   // the exercise that the learner is at
}

const passedState = "passed"

// lists holds the widths of a list's columns and the lessons' counts.
type lists struct {
	state, name int
	total, done map[string]int
}

func measureRows(rows []Row) lists {
	m := lists{total: map[string]int{}, done: map[string]int{}}
	lesson := ""
	for _, r := range rows {
		if r.Exercise == "" {
			lesson = r.Lesson
			continue
		}
		m.state, m.name = max(m.state, width(r.state())), max(m.name, width(cleanLine(r.Exercise)))
		m.total[lesson]++
		if r.State == passedState {
			m.done[lesson]++
		}
	}
	return m
}

// state is the word before an exercise: its state, and what the last verdict was where it is tried.
func (r Row) state() string {
	if r.Class == "" || r.State != "tried" {
		return cleanLine(r.State)
	}
	return cleanLine(r.State + ": " + r.Class)
}

// List writes the course's lessons and exercises with their states.
func (s Style) List(w io.Writer, rows []Row) error {
	d := s.newDrawer(nil)
	m := measureRows(rows)
	var lines []line
	for i, r := range rows {
		if r.Exercise != "" {
			lines = append(lines, d.exerciseRow(r, m)...)
			continue
		}
		if i > 0 {
			lines = append(lines, line{})
		}
		lines = append(lines, d.lessonRow(r, m)...)
	}
	return d.write(w, lines)
}

// lessonRow lays out a lesson: its name, its title, how many of its exercises have passed.
func (d *drawer) lessonRow(r Row, m lists) []line {
	spans := append(plainText(r.Lesson, boldFace), span{text: "\t"})
	spans = append(spans, plainText(r.Title, face{})...)
	lines := indent(wrap(spans, prose(d.Width)-2), pad(0), pad(2))
	if m.total[r.Lesson] == 0 {
		return lines
	}
	count := span{text: fmt.Sprintf("%d of %d", m.done[r.Lesson], m.total[r.Lesson]), face: faintFace}
	if free := prose(d.Width) - lines[0].width() - len(count.text); len(lines) == 1 && free >= 2 {
		lines[0].spans = append(lines[0].spans, pad(free), count)
		return lines
	}
	return append(lines, line{spans: []span{pad(2), count}})
}

// exerciseRow lays out an exercise: where the learner is, the state, the name, the title.
func (d *drawer) exerciseRow(r Row, m lists) []line {
	mark := pad(2)
	if r.Current {
		mark = span{text: d.pick("▸ ", "> "), face: boldFace}
	}
	f := faintFace
	if r.State == passedState {
		f = face{color: green}
	}
	state, name := span{text: r.state(), face: f}, span{text: cleanLine(r.Exercise), face: face{bold: r.Current}}
	left := 2 + m.state + 2 + m.name + 2
	room := prose(d.Width) - left
	if room < minBody {
		whole := append([]span{state, {text: "\t"}, name, {text: "\t"}}, plainText(r.Title, face{})...)
		return indent(wrap(whole, d.Width-4), mark, pad(4))
	}
	lines := wrap(plainText(strings.TrimSpace(r.Title), face{}), room)
	hang := indent(lines[1:], pad(left), pad(left))
	head := []span{mark, state, pad(m.state - width(state.text) + 2), name, pad(m.name - width(name.text) + 2)}
	return append([]line{{spans: append(head, lines[0].spans...)}}, hang...)
}
