package render

import (
	"io"

	"workbook/cmd/workbook/internal/course"
)

// Glossary writes terms with their definitions, and where the lessons define them.
func (s Style) Glossary(w io.Writer, terms []course.Term) error {
	var lines []line
	for i, t := range terms {
		if i > 0 {
			lines = append(lines, line{})
		}
		lines = append(lines, s.term(t)...)
	}
	return s.write(w, lines)
}

// term lays out one entry: the term, its definition and its place, each below the other.
func (s Style) term(t course.Term) []line {
	source, blocks := course.Prose(t.Text)
	d := s.newDrawer(source)
	d.dir, d.slug = "lessons", t.Lesson
	margin := pad(2)
	room := prose(d.Width) - len(margin.text)
	lines := wrap(plainText(t.Name, boldFace), prose(d.Width))
	lines = append(lines, indent(d.blocks(blocks, room), margin, margin)...)
	place := wrap(plainText(t.Place(), faintFace), room)
	return append(lines, indent(place, margin, margin)...)
}
