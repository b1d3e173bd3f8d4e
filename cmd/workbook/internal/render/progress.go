package render

import (
	"fmt"
	"io"
	"strings"
)

// Row is one lesson of a list, with its exercises.
type Row struct {
	Slug      string // "atomicity"
	Title     string
	Exercises []Item
}

// Item is one exercise of a list.
type Item struct {
	Name  string
	Title string
	State string // one word: "passed", "tried", "open", …
	Now   bool   // the exercise that the learner is at
}

// passedState is the state that is counted.
const passedState = "passed"

// List writes the course's lessons and exercises with their states.
func (s Style) List(w io.Writer, rows []Row) error {
	d := s.newDrawer(nil)
	names, states := 0, 0
	for _, r := range rows {
		for _, x := range r.Exercises {
			names, states = max(names, width(cleanLine(x.Name))), max(states, width(cleanLine(x.State)))
		}
	}
	var parts [][]line
	for _, r := range rows {
		part := d.row(r)
		for _, x := range r.Exercises {
			part = append(part, d.listItem(x, names, states)...)
		}
		parts = append(parts, part)
	}
	return d.write(w, paragraphs(parts))
}

// row lays out a lesson: its name, its title, how many of its exercises are done.
func (d *drawer) row(r Row) []line {
	passed := 0
	for _, x := range r.Exercises {
		if x.State == passedState {
			passed++
		}
	}
	spans := plainText(r.Slug, boldFace)
	spans = append(spans, plainText("  "+r.Title, face{})...)
	lines := indent(wrap(spans, prose(d.Width)-2), pad(0), pad(2))
	if len(r.Exercises) == 0 {
		return lines
	}
	count := fmt.Sprintf("%d of %d", passed, len(r.Exercises))
	if free := prose(d.Width) - lines[0].width() - len(count); len(lines) == 1 && free >= 2 {
		lines[0].spans = append(lines[0].spans, pad(free), span{text: count, face: faintFace})
		return lines
	}
	return append(lines, line{spans: []span{pad(2), {text: count, face: faintFace}}})
}

// listItem lays out an exercise: where the learner is, the state, the name, the title.
func (d *drawer) listItem(x Item, names, states int) []line {
	mark := "  "
	if x.Now {
		mark = d.pick("▸ ", "> ")
	}
	state, name := cleanLine(x.State), cleanLine(x.Name)
	f := faintFace
	if x.State == passedState {
		f = face{color: green}
	}
	spans := []span{{text: mark, face: boldFace}, {text: state, face: f}, pad(states - width(state) + 2), {text: name, face: face{bold: x.Now}}}
	left := 2 + states + 2 + names + 2
	room := prose(d.Width) - left
	if room < minBody || strings.TrimSpace(x.Title) == "" {
		return indent(wrap(spans[1:], d.Width-2), spans[0], pad(2))
	}
	title := wrap(plainText(x.Title, face{}), room)
	head := append(spans, pad(names-width(name)+2))
	title[0].spans = append(head, title[0].spans...)
	return append(title[:1], indent(title[1:], pad(left), pad(left))...)
}
