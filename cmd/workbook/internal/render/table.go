package render

import (
	"strings"

	extast "github.com/yuin/goldmark/extension/ast"
)

const (
	tallCell   = 8  // a table with a cell of more lines than this reads better stacked
	widestWord = 24 // a longer word may be broken to keep a table
)

// table lays out a table with its cells wrapped, or stacked where it does not fit, and in plain mode.
func (d *drawer) table(n *extast.Table, columns int) []line {
	var rows [][][]span
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		_, header := row.(*extast.TableHeader)
		var cells [][]span
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, d.inline(cell, face{bold: header && d.Color}))
		}
		rows = append(rows, cells)
	}
	if len(rows) == 0 || len(rows[0]) == 0 {
		return nil
	}
	grid := gridOf(rows, n.Alignments)
	if d.Plain || !grid.fit(columns) {
		return d.stacked(rows, columns)
	}
	return grid.draw()
}

// grid is a table with its column widths.
type grid struct {
	rows   [][][]span
	align  []extast.Alignment
	widths []int
	least  []int // widths of the longest words
	cells  [][][]line
}

func gridOf(rows [][][]span, align []extast.Alignment) *grid {
	n := len(rows[0])
	g := &grid{rows: rows, align: align, widths: make([]int, n), least: make([]int, n)}
	for _, row := range rows {
		for i, cell := range row[:min(n, len(row))] {
			text := line{spans: cell}.text()
			g.widths[i] = max(g.widths[i], width(text), 1)
			for word := range strings.FieldsSeq(text) {
				g.least[i] = max(g.least[i], min(width(word), widestWord), 1)
			}
		}
	}
	return g
}

// fit chooses the widths so that the table has at most the given columns and wraps the cells. It reports
// false where no choice reads well.
func (g *grid) fit(columns int) bool {
	n := len(g.widths)
	room := columns - 3*n + 1 // " a │ b " has two blanks a column, and a bar between each two
	if sum(g.least) > room {
		return false
	}
	for sum(g.widths) > room {
		g.narrow()
	}
	g.cells = make([][][]line, len(g.rows))
	for r, row := range g.rows {
		for i := range n {
			var cell []span
			if i < len(row) {
				cell = row[i]
			}
			lines := wrap(cell, g.widths[i])
			if len(lines) > tallCell {
				return false
			}
			g.cells[r] = append(g.cells[r], lines)
		}
	}
	return true
}

// narrow takes a column from the widest that can give one.
func (g *grid) narrow() {
	widest := -1
	for i := range g.widths {
		if g.widths[i] > max(g.least[i], 1) && (widest < 0 || g.widths[i] > g.widths[widest]) {
			widest = i
		}
	}
	g.widths[widest]--
}

func sum(ns []int) int {
	total := 0
	for _, n := range ns {
		total += n
	}
	return total
}

// draw returns the table's lines. Two rows are ruled apart where one of them has more than one line.
func (g *grid) draw() []line {
	var lines []line
	for r, row := range g.cells {
		for i := range height(row) {
			lines = append(lines, g.line(row, i))
		}
		if r == 0 || r < len(g.cells)-1 && height(row)+height(g.cells[r+1]) > 2 {
			lines = append(lines, g.ruler(r == 0))
		}
	}
	return lines
}

func height(row [][]line) int {
	most := 1
	for _, cell := range row {
		most = max(most, len(cell))
	}
	return most
}

// line returns line i of a row.
func (g *grid) line(row [][]line, i int) line {
	var out line
	for c, cell := range row {
		if c > 0 {
			out.spans = append(out.spans, span{text: "│", face: faintFace})
		}
		var content line
		if i < len(cell) {
			content = cell[i]
		}
		free := max(g.widths[c]-content.width(), 0)
		left := 0
		switch g.align[c] {
		case extast.AlignRight:
			left = free
		case extast.AlignCenter:
			left = free / 2
		}
		out.spans = append(out.spans, pad(left+1))
		out.spans = append(out.spans, content.spans...)
		out.spans = append(out.spans, pad(free-left+1))
	}
	return out
}

// ruler returns the line between two rows.
func (g *grid) ruler(header bool) line {
	dash := "┈"
	cross := "┼"
	if header {
		dash = "─"
	}
	parts := make([]string, len(g.widths))
	for i, w := range g.widths {
		parts[i] = strings.Repeat(dash, w+2)
	}
	return line{spans: []span{{text: strings.Join(parts, cross), face: faintFace}}}
}

// stacked lays out each row as the value of its first column, then one "header: value" a line.
func (d *drawer) stacked(rows [][][]span, columns int) []line {
	header := rows[0]
	var lines []line
	if len(rows) == 1 {
		rows = append(rows, nil)
	}
	for r, row := range rows[1:] {
		if r > 0 && len(header) > 1 {
			lines = append(lines, line{})
		}
		for i := range header {
			var cell []span
			if i < len(row) {
				cell = row[i]
			}
			lines = append(lines, d.field(header[i], cell, i, columns)...)
		}
	}
	return lines
}

// field lays out one cell of a stacked row; the first one leads.
func (d *drawer) field(header, cell []span, index, columns int) []line {
	label := append([]span(nil), header...)
	if strings.TrimSpace((line{spans: header}).text()) != "" {
		label = append(label, span{text: ": "})
	}
	if index == 0 {
		return indent(wrap(append(label, cell...), prose(columns)-2), pad(0), pad(2))
	}
	return indent(wrap(append(label, cell...), prose(columns)-4), pad(2), pad(4))
}
