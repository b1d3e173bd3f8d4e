package render

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// timeline shows a schedule drawn in columns, one for each goroutine. Where the columns do not fit, and
// in plain mode, each step is a line that begins with its goroutine.
func (d *drawer) timeline(drawn []string) []line {
	fits := !d.Plain
	rows := make([]string, len(drawn))
	for i := range drawn {
		rows[i] = strings.TrimRight(cleanLine(drawn[i]), " ")
		fits = fits && width(rows[i])+2 <= d.Width
	}
	var lines []line
	columns := columnsOf(rows)
	for _, row := range rows {
		if fits || columns == nil {
			lines = append(lines, d.given(row, d.Width-2)...)
			continue
		}
		for _, step := range columns.steps(row) {
			lines = append(lines, indent(wrap(plainText(step, face{}), d.Width-4), pad(0), pad(2))...)
		}
	}
	return indent(lines, pad(2), pad(2))
}

// columns are the titles of a table drawn in text, with the columns at which they begin.
type columns []column

type column struct {
	title string
	start int
}

// columnsOf reads the first row: its titles are parted by two blanks or more. nil where there is but one.
func columnsOf(rows []string) columns {
	if len(rows) == 0 {
		return nil
	}
	var found columns
	rest, at := rows[0], 0
	for rest != "" {
		blanks := len(rest) - len(strings.TrimLeft(rest, " "))
		at, rest = at+blanks, rest[blanks:]
		title, more, _ := strings.Cut(rest, "  ")
		if title == "" {
			break
		}
		found = append(found, column{title, at})
		at += width(title)
		if rest = more; more != "" {
			at, rest = at+2, more
		}
	}
	if len(found) < 2 {
		return nil
	}
	found[0].start = 0
	return found
}

// steps returns what a row says, one string a cell: "title: text". The row of titles and rulers say nothing.
func (c columns) steps(row string) []string {
	var steps []string
	for i, col := range c {
		end := width(row)
		if i+1 < len(c) {
			end = min(end, c[i+1].start)
		}
		text := strings.TrimSpace(ansi.Cut(row, col.start, max(end, col.start)))
		if strings.Trim(text, "─━-=│|┼ ") == "" || text == col.title {
			continue
		}
		steps = append(steps, col.title+": "+strings.Join(strings.Fields(text), " "))
	}
	return steps
}
