package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/render"
)

// openContents shows the table of contents, at the section on the screen.
func (m *model) openContents() {
	if len(m.page.Headings) == 0 {
		m.message = "the lesson has no sections"
		return
	}
	m.mode, m.chosen = contents, m.section()
}

// section returns the index of the heading at or above the top of the screen.
func (m *model) section() int {
	at := 0
	for i, h := range m.page.Headings {
		if m.top < len(m.rows) && h.Section.Line <= m.rows[m.top].src {
			at = i
		}
	}
	return at
}

func (m *model) contentsKey(key string) tea.Cmd {
	last := len(m.page.Headings) - 1
	switch key {
	case "q":
		return tea.Quit
	case "esc", "t":
		m.mode = reading
	case "enter", "space", "right", "l":
		m.mode = reading
		m.top = m.firstRow(m.page.Headings[m.chosen].Section.Line)
		m.scroll(0)
	default:
		m.chosen = m.moved(m.chosen, key, last)
	}
	return nil
}

// contentsLines draws the table of contents.
func (m *model) contentsLines() []string {
	from := max(min(m.chosen-m.body()/2, len(m.page.Headings)-m.body()), 0)
	var lines []string
	for i, h := range m.page.Headings[from:min(from+m.body(), len(m.page.Headings))] {
		mark := "  "
		if from+i == m.chosen {
			mark = m.pick("▸ ", "> ")
		}
		indent := strings.Repeat("  ", max(h.Section.Level-1, 0))
		lines = append(lines, render.Fit(mark+indent+render.Clean(h.Section.Title), m.width))
	}
	return lines
}

// helpLines draws the list of the keys.
func (m *model) helpLines() []string {
	widest := 0
	for _, b := range bindings {
		widest = max(widest, len(b.keys))
	}
	var lines []string
	for _, b := range bindings {
		line := "  " + b.keys + strings.Repeat(" ", widest-len(b.keys)+2) + b.does
		lines = append(lines, render.Fit(line, m.width))
	}
	return lines
}
