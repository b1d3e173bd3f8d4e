package tui

import (
	"fmt"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

// previewLines is how many lines of a folded output are shown.
const previewLines = 4

// row is a line of the text as it is shown.
type row struct {
	text     string
	src      int // line of the source; never falls from row to row
	cell     int // index of its cell in the page, -1 outside of cells
	question int // index of its question in the page, -1 outside of questions
}

// build makes the rows out of the page, the folds and the outputs.
func (m *model) build() {
	m.rows = m.rows[:0]
	next := 0
	for i := 0; i < len(m.page.Lines); {
		if next < len(m.page.Cells) && m.page.Cells[next].First == i {
			m.buildCell(next)
			i = m.page.Cells[next].End
			next++
			continue
		}
		m.add(i, -1)
		i++
	}
}

// add appends a line of the page.
func (m *model) add(line, cell int) {
	m.rows = append(m.rows, row{m.page.Lines[line], m.page.Source[line], cell, m.questionAt(line)})
}

// questionAt returns the index of the question that a line of the page belongs to, or -1.
func (m *model) questionAt(line int) int {
	for i, q := range m.page.Questions {
		if q.First <= line && line < q.End {
			return i
		}
	}
	return -1
}

// buildCell appends a cell: its code, the documented output unless it is folded, what it printed, its end.
func (m *model) buildCell(index int) {
	place := m.page.Cells[index]
	for i := place.First; i < min(place.Output, place.End-1); i++ {
		m.add(i, index)
	}
	last := place.End - 1
	q := m.holding(place.Cell)
	switch {
	case place.Output < last && q != nil:
		m.insert(index, place.Output, m.style().Frame("output hidden until "+q.ID+" is answered: p asks, P skips it", ""))
	case place.Output < last && m.hidden[place.Cell]:
		m.insert(index, place.Output, m.style().Frame("output folded: o unfolds it", ""))
	default:
		for i := place.Output; i < last; i++ {
			m.add(i, index)
		}
	}
	if out := m.outputs[place.Cell]; out != nil {
		m.insert(index, last, out.lines(m.style()))
	}
	m.add(last, index)
}

// insert appends lines that are not of the page, in place of one of its lines.
func (m *model) insert(cell, line int, lines []string) {
	for _, text := range lines {
		m.rows = append(m.rows, row{text, m.page.Source[line], cell, -1})
	}
}

// rebuild makes the rows anew and stays at the place.
func (m *model) rebuild() {
	at := m.here()
	m.build()
	m.goTo(at)
	m.find()
}

// cellRows returns the rows [first, end) of a cell.
func (m *model) cellRows(index int) (first, end int) {
	return m.span(func(r row) bool { return r.cell == index })
}

// span returns the rows [first, end) from the first to the last one that is meant.
func (m *model) span(meant func(row) bool) (first, end int) {
	first = -1
	for i, r := range m.rows {
		if meant(r) {
			if first < 0 {
				first = i
			}
			end = i + 1
		}
	}
	return first, end
}

// chooseVisible keeps the chosen cell while it is on the screen, else takes the first one there.
func (m *model) chooseVisible() {
	first := -1
	for i := m.top; i < min(m.top+m.body(), len(m.rows)); i++ {
		switch c := m.rows[i].cell; {
		case c < 0:
		case c == m.cell:
			return
		case first < 0:
			first = c
		}
	}
	m.cell = first
}

// nextCell goes to the cell after or before the chosen one, or the nearest one in that direction.
func (m *model) nextCell(by int) {
	target := m.cell + by
	if m.cell < 0 {
		target = m.cellFrom(by)
	}
	if target < 0 || target >= len(m.page.Cells) {
		m.message = "no cell further on"
		return
	}
	first, _ := m.cellRows(target)
	m.cell = target
	m.top = max(first-1, 0)
	m.scroll(0)
}

// cellFrom returns the first cell below the screen, or the last one above it.
func (m *model) cellFrom(by int) int {
	best := -1
	for i, r := range m.rows {
		switch {
		case r.cell < 0:
		case by > 0 && i >= m.top:
			return r.cell
		case by < 0 && i < m.top:
			best = r.cell
		}
	}
	if by > 0 {
		return len(m.page.Cells)
	}
	return best
}

// toggle folds or unfolds the output of the chosen cell: what it printed, else what the lesson documents.
func (m *model) toggle() {
	if m.cell < 0 {
		m.message = "no cell on the screen"
		return
	}
	place := m.page.Cells[m.cell]
	switch out := m.outputs[place.Cell]; {
	case m.holding(place.Cell) != nil && out == nil:
		m.message = "the output is hidden until the question is answered: p asks, P skips it"
		return
	case out != nil && !out.running:
		out.open = !out.open
	case place.Output < place.End-1:
		m.hidden[place.Cell] = !m.hidden[place.Cell]
	default:
		m.message = "the cell has no output; r runs it"
		return
	}
	m.rebuild()
}

// exerciseHere returns the exercise whose section takes most of the screen, or nil.
func (m *model) exerciseHere() *course.Exercise {
	var best *course.Exercise
	most := 0
	for _, e := range m.pager.Lesson.Exercises {
		end := m.sectionEnd(e.Line)
		n := 0
		for i := m.top; i < min(m.top+m.body(), len(m.rows)); i++ {
			if src := m.rows[i].src; src >= e.Line && src < end {
				n++
			}
		}
		if n > most {
			best, most = e, n
		}
	}
	return best
}

// sectionEnd returns the line after the exercise's section that begins at the line.
func (m *model) sectionEnd(line int) int {
	for _, s := range m.pager.Lesson.Sections {
		if s.Line > line && s.Level <= 2 {
			return s.Line
		}
	}
	return int(^uint(0) >> 1)
}

// lines shows an output: its title and text, only the beginning of it while it is folded.
func (o *output) lines(s render.Style) []string {
	switch {
	case o.running:
		return s.Frame(fmt.Sprintf("running, %d s; esc stops it", o.seconds), "")
	case o.err != nil:
		return s.Frame("this run: "+o.err.Error(), o.result.Text())
	}
	all := s.ResultLines(o.result)
	if o.open || len(all) <= previewLines+2 {
		return all
	}
	folded := s.Frame(fmt.Sprintf("%d more lines; o unfolds them", len(all)-1-previewLines), "")
	return append(all[:1+previewLines:1+previewLines], folded...)
}
