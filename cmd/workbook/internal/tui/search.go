package tui

import (
	"regexp"
	"strings"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

// search is what the reader looks for.
type search struct {
	typed   string
	pattern *regexp.Regexp // nil where nothing is looked for
	matches []match
	at      int // index of the match that was shown last
}

// match is a place in the rows: bytes [start, end) of their text.
type match struct {
	row, start       int
	lastRow, lastEnd int
}

// patternOf makes a pattern of what was typed. Blanks also match the end of a line with the bar that a
// quote or a frame begins with; capitals count only where one was typed.
func patternOf(typed string) *regexp.Regexp { return course.Words(typed, `(?: +| *\n[ │┃>↳]*)`) }

// startSearch looks for what was typed, from the first row shown on. An empty search repeats the last one.
func (m *model) startSearch() {
	if p := patternOf(m.search.typed); p != nil {
		m.search.pattern = p
		m.find()
	}
	if m.search.pattern == nil {
		return
	}
	for i, found := range m.search.matches {
		if found.row >= m.top {
			m.show(i)
			return
		}
	}
	m.show(0)
}

// find collects the matches in the rows as they are now.
func (m *model) find() {
	m.search.matches = nil
	if m.search.pattern == nil {
		return
	}
	var text strings.Builder
	starts := make([]int, len(m.rows))
	for i, r := range m.rows {
		starts[i] = text.Len()
		text.WriteString(render.Strip(r.text))
		text.WriteByte('\n')
	}
	row := 0
	for _, at := range m.search.pattern.FindAllStringIndex(text.String(), -1) {
		for row+1 < len(starts) && starts[row+1] <= at[0] {
			row++
		}
		last := row
		for last+1 < len(starts) && starts[last+1] < at[1] {
			last++
		}
		m.search.matches = append(m.search.matches, match{row, at[0] - starts[row], last, at[1] - starts[last]})
	}
	m.search.at = min(m.search.at, max(len(m.search.matches)-1, 0))
}

// nextMatch goes to the match after or before the one shown last, round the ends.
func (m *model) nextMatch(by int) {
	n := len(m.search.matches)
	switch {
	case m.search.pattern == nil:
		m.message = "nothing to search for; / asks"
	case n == 0:
		m.message = "not found: " + m.search.typed
	default:
		m.show((m.search.at + by + n) % n)
	}
}

// show brings a match to the screen.
func (m *model) show(index int) {
	if len(m.search.matches) == 0 {
		m.message = "not found: " + m.search.typed
		return
	}
	m.search.at = index
	row := m.search.matches[index].row
	if row < m.top || row >= m.top+m.body() {
		m.top = row - m.body()/3
	}
	m.scroll(0)
}
