package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"workbook/cmd/workbook/internal/render"
)

// View implements tea.Model.
func (m *model) View() tea.View {
	view := tea.NewView(strings.Join(m.screen(), "\n"))
	view.AltScreen = true
	return view
}

// screen returns the lines of the screen: text, then the status line.
func (m *model) screen() []string {
	if !m.started {
		return nil
	}
	var lines []string
	switch m.mode {
	case contents:
		lines = m.contentsLines()
	case helping:
		lines = m.helpLines()
	case choosing:
		lines = m.farLines()
	default:
		lines = m.textLines()
	}
	lines = lines[:min(len(lines), m.body())]
	for len(lines) < m.body() {
		lines = append(lines, "")
	}
	return append(lines, m.statusLine())
}

func (m *model) pick(fancy, plain string) string {
	if m.pager.Style.Plain {
		return plain
	}
	return fancy
}

// textLines returns the rows on the screen, each behind its mark.
func (m *model) textLines() []string {
	marked := -1
	switch {
	case m.mode == answering:
		marked, _ = m.questionRows(m.questionIndex(m.asked))
	case m.cell >= 0:
		marked, _ = m.cellRows(m.cell)
	}
	var lines []string
	for i := m.top; i < min(m.top+m.body(), len(m.rows)); i++ {
		text, found := m.highlight(i)
		mark := "  "
		switch {
		case i == marked:
			mark = m.pick("▸ ", "> ")
		case found:
			mark = m.pick("• ", "* ")
		}
		lines = append(lines, strings.TrimRight(render.Fit(mark+text, m.width), " "))
	}
	return lines
}

// highlight returns a row with the matches in it reversed, and whether there are any.
func (m *model) highlight(index int) (text string, found bool) {
	text = m.rows[index].text
	plain := render.Strip(text)
	var ranges []lipgloss.Range
	for _, f := range m.search.matches {
		if index < f.row || index > f.lastRow {
			continue
		}
		from, to := 0, len(plain)
		if index == f.row {
			from = f.start
		}
		if index == f.lastRow {
			to = min(f.lastEnd, to)
		}
		found = true
		reverse := lipgloss.NewStyle().Reverse(true)
		ranges = append(ranges, lipgloss.NewRange(lipgloss.Width(plain[:from]), lipgloss.Width(plain[:to]), reverse))
	}
	if found && m.pager.Style.Color {
		text = lipgloss.StyleRanges(text, ranges...)
	}
	return text, found
}

// statusLine says where the reader is and which keys there are, as many as fit.
func (m *model) statusLine() string {
	if m.mode == typing {
		return m.bar(render.Clean("/" + m.search.typed + "_"))
	}
	if m.mode == typingFar {
		return m.bar(render.Clean("in the course: " + m.search.typed + "_"))
	}
	left := m.position() + "  " + render.Clean(m.pager.Lesson.Title)
	parts := m.statusParts()
	line := left
	if room := m.width - lipgloss.Width(strings.Join(parts[:1], "")) - 3; lipgloss.Width(line) > room {
		line = render.Fit(line, max(room, m.width/2))
	}
	for i, part := range parts {
		glue := m.pick(" · ", " - ")
		if i == 0 {
			glue = m.pick(" │ ", " | ")
		}
		if i > 0 && lipgloss.Width(line+glue+part) > m.width {
			break
		}
		line += glue + part
	}
	return m.bar(line)
}

// statusParts are what the status line tells, in the order of their weight.
func (m *model) statusParts() []string {
	switch {
	case m.message != "":
		return []string{render.Clean(m.message)}
	case m.mode == contents:
		return []string{"enter goes there", "esc back"}
	case m.mode == choosing:
		return []string{fmt.Sprintf("%d of %d", m.far.chosen+1, len(m.far.list)), "enter opens it", "esc back"}
	case m.mode == helping:
		return []string{"any key goes back"}
	case m.mode == answering:
		return []string{letters(m.asked) + " choose", "enter takes the answer", "esc leaves it"}
	}
	var parts []string
	if c, out := m.running(); c != nil {
		parts = append(parts, fmt.Sprintf("%s runs, %d s", c.ID, out.seconds), "esc stops")
	}
	if i := m.questionHere(); i >= 0 && !m.settled(m.page.Questions[i].Question) {
		parts = append(parts, "p answers "+m.page.Questions[i].Question.ID)
	} else if m.cell >= 0 && len(parts) == 0 {
		parts = append(parts, "r runs "+m.page.Cells[m.cell].Cell.ID)
	}
	if n := len(m.search.matches); n > 0 {
		parts = append(parts, fmt.Sprintf("match %d of %d", m.search.at+1, n))
	}
	if e := m.exerciseHere(); e != nil {
		parts = append(parts, "e edits "+e.Name)
	}
	return append(parts, "? keys", "q quit", "t contents", "/ search", "s course", "] [ cells", "o output")
}

// position says how much of the lesson has been seen: "top", "35%", "end".
func (m *model) position() string {
	hidden := len(m.rows) - m.body()
	switch {
	case hidden <= 0:
		return "all"
	case m.top == 0:
		return "top"
	case m.top >= hidden:
		return "end"
	}
	return fmt.Sprintf("%d%%", m.top*100/hidden)
}

// bar draws the status line over the whole width.
func (m *model) bar(text string) string {
	text = render.Fit(text, m.width)
	if !m.pager.Style.Color {
		return text
	}
	return lipgloss.NewStyle().Reverse(true).Render(text + strings.Repeat(" ", max(m.width-lipgloss.Width(text), 0)))
}
