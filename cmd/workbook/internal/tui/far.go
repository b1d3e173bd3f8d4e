package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/render"
)

// far is what was found in the whole course.
type far struct {
	list   []Found
	chosen int
	open   Found // the one that the reader leaves the pager for
}

// openFar asks for the words to look for.
func (m *model) openFar() {
	if m.pager.Find == nil {
		m.message = "only this lesson can be searched here: / asks"
		return
	}
	m.mode, m.search.typed = typingFar, ""
}

// findFar lists the lines that have the words; a search for nothing shows the last list again.
func (m *model) findFar() tea.Cmd {
	if m.search.typed != "" {
		m.far = far{list: m.pager.Find(m.search.typed)}
	}
	m.mode = choosing
	if len(m.far.list) == 0 {
		m.mode, m.message = reading, "not found in the course: "+m.search.typed
	}
	return nil
}

// farKey moves in the list. A line of this lesson is gone to with the words marked, for another lesson
// the pager ends.
func (m *model) farKey(key string) tea.Cmd {
	last := len(m.far.list) - 1
	switch key {
	case "q":
		return tea.Quit
	case "esc", "s":
		m.mode = reading
	case "enter", "space", "right", "l":
		found := m.far.list[m.far.chosen]
		if found.Lesson != m.pager.Lesson.Slug {
			m.action, m.far.open = Open, found
			return tea.Quit
		}
		m.mode = reading
		m.search.pattern = patternOf(m.search.typed)
		m.find()
		m.top = m.firstRow(found.Line)
		m.scroll(0)
	default:
		m.far.chosen = m.moved(m.far.chosen, key, last)
	}
	return nil
}

// farLines draws the list.
func (m *model) farLines() []string {
	from := max(min(m.far.chosen-m.body()/2, len(m.far.list)-m.body()), 0)
	var lines []string
	for i, f := range m.far.list[from:min(from+m.body(), len(m.far.list))] {
		mark := "  "
		if from+i == m.far.chosen {
			mark = m.pick("▸ ", "> ")
		}
		lines = append(lines, render.Fit(mark+fmt.Sprintf("%s:%d  ", f.Lesson, f.Line)+render.Clean(f.Text), m.width))
	}
	return lines
}
