package render

import (
	"fmt"
	"io"
	"strings"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
)

// drawWidth is wide enough for a schedule to be drawn whole; where it does not fit it is told step by step.
const drawWidth = 400

const nothing = "(nothing is printed)"

// Result writes what became of a cell that was run.
func (s Style) Result(w io.Writer, c *course.Cell, r cell.Result) error {
	d := s.newDrawer(nil)
	lines := d.resultTitle("cell "+c.ID+" · "+resultWords(r), "┌")
	lines = append(lines, d.resultBody(r)...)
	if !d.Plain {
		lines = append(lines, textLine("└", faintFace))
	}
	return d.write(w, lines)
}

// ResultLines returns the lines that a pager shows under a cell that was run.
func (s Style) ResultLines(r cell.Result) []string {
	d := s.newDrawer(nil)
	return d.strings(append(d.resultTitle(resultWords(r), "├"), d.resultBody(r)...))
}

// resultWords says what produced a result, how it ended and how long it took.
func resultWords(r cell.Result) string {
	var words []string
	add := func(word string) {
		if word != "" {
			words = append(words, word)
		}
	}
	add(r.Badge)
	if !strings.Contains(r.Badge, r.Explored) {
		add(r.Explored)
	}
	if r.Class != cell.ClassOK {
		add(strings.ReplaceAll(r.Class, "-", " "))
	}
	if r.Elapsed > 0 {
		add(seconds(r.Elapsed.Milliseconds()))
	}
	if words == nil {
		return "this run"
	}
	return strings.Join(words, " · ")
}

func (d *drawer) resultTitle(words, corner string) []line {
	if d.Plain {
		words = strings.ReplaceAll(words, " · ", ", ") + ":"
		return wrap(plainText(strings.ToUpper(words[:1])+words[1:], face{}), prose(d.Width))
	}
	lines, _ := d.frameTitle(words, "", corner, d.Width)
	return lines
}

// resultBody lays out what was printed, or each of the outcomes where there are several, behind a bar.
func (d *drawer) resultBody(r cell.Result) []line {
	bar := span{text: d.pick("│ ", "    "), face: faintFace}
	room := d.Width - width(bar.text)
	var parts [][]line
	if len(r.Outcomes) > 1 || len(r.Outcomes) == 1 && r.Explored != "" {
		total := 0
		for _, o := range r.Outcomes {
			total += o.Count
		}
		drawn, ok := d.histogram(r.Outcomes, room)
		parts = append(parts, drawn)
		for _, o := range r.Outcomes {
			if !ok {
				parts = append(parts, d.outcome(o, total, r.Explored != "", room))
			}
		}
	} else if text := r.Text(); text != "" {
		parts = append(parts, d.given(text, room))
	} else if r.Note == "" {
		parts = append(parts, []line{textLine(nothing, faintFace)})
	}
	if r.Note != "" {
		parts = append(parts, wrap(plainText(r.Note, face{}), room))
	}
	return indent(paragraphs(parts), bar, bar)
}

// outcome lays out one of several results: how often it came, what was printed, a schedule that leads there.
func (d *drawer) outcome(o cell.Outcome, total int, explored bool, room int) []line {
	unit := "runs"
	if explored {
		unit = "schedules"
	}
	head := fmt.Sprintf("%d of %d %s", o.Count, total, unit)
	if o.Class != cell.ClassOK {
		head += ", " + strings.ReplaceAll(o.Class, "-", " ")
	}
	text := strings.TrimRight(o.Text, "\n")
	if text == "" {
		text = nothing
	}
	lines := wrap(plainText(head+":", boldFace), room)
	if last := &lines[len(lines)-1]; o.Count < total && !d.Plain && last.width()+1+d.barColumns() <= room {
		last.spans = append(last.spans, span{text: " " + strip(o.Count, total, d.barColumns()), face: codeFace})
	}
	lines = append(lines, indent(d.given(text, room-2), pad(2), pad(2))...)
	if len(o.Steps) == 0 {
		return lines
	}
	inner := *d
	inner.Width = room - 2
	steps := inner.timeline(strings.Split(strings.TrimRight(cell.Draw(o.Steps, drawWidth), "\n"), "\n"))
	return append(lines, indent(steps, pad(2), pad(2))...)
}
