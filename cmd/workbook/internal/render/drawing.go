package render

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/yuin/goldmark/ast"
)

// inWords is a comment in front of a drawing: what it shows, for those who cannot see it. GitHub shows
// the drawing alone.
var inWords = regexp.MustCompile(`(?s)^<!--\s*in words:\s*(.*?)\s*-->\s*$`)

// wordsOf returns what a block says about the drawing that follows it, "" where it is no such comment.
func (d *drawer) wordsOf(n ast.Node) string {
	html, ok := n.(*ast.HTMLBlock)
	if !ok {
		return ""
	}
	m := inWords.FindStringSubmatch(d.htmlText(html))
	if m == nil {
		return ""
	}
	return strings.Join(strings.Fields(m[1]), " ")
}

// htmlText is the source of a block of HTML.
func (d *drawer) htmlText(n *ast.HTMLBlock) string {
	source := d.rows(n.Lines())
	if n.HasClosure() {
		source += string(n.ClosureLine.Value(d.source))
	}
	return source
}

// textBlock lays out a fenced block of text. In plain mode there are words in place of a drawing, and a
// table is told row by row.
func (d *drawer) textBlock(n *ast.FencedCodeBlock, columns int) []line {
	if !d.Plain {
		return d.raw(d.listing(d.rows(n.Lines()), false, columns), n)
	}
	if n.PreviousSibling() != nil && d.wordsOf(n.PreviousSibling()) != "" {
		return nil
	}
	rows := strings.Split(strings.TrimRight(d.rows(n.Lines()), "\n"), "\n")
	if told := tellTable(rows); told != nil {
		margin := d.margin(columns)
		var lines []line
		for _, row := range told {
			lines = append(lines, indent(wrap(plainText(cleanLine(row), face{}), columns-len(margin.text)-2), pad(0), pad(2))...)
		}
		return indent(lines, margin, margin)
	}
	return d.raw(d.listing(d.rows(n.Lines()), false, columns), n)
}

// tellTable reads a table drawn in text, titles over a ruler of ─, and returns a line for each row: its
// label, then "title: text" of each cell that is not empty. nil where the text is no such table.
func tellTable(rows []string) (told []string) {
	if len(rows) < 3 {
		return nil
	}
	titles := rulerColumns(rows[0], rows[1])
	if titles == nil {
		return nil
	}
	for _, row := range tableRows(titles, rows[2:]) {
		var cells []string
		for i, text := range row {
			switch {
			case text == "":
			case titles[i].title == "":
				cells = append(cells, text)
			default:
				cells = append(cells, titles[i].title+": "+text)
			}
		}
		if len(cells) > 0 {
			told = append(told, strings.Join(cells, "; "))
		}
	}
	return told
}

// rulerColumns returns the columns that a ruler marks, each with its title, the first one untitled if
// there is room left of the ruler. nil where the rows are not titles over a ruler.
func rulerColumns(head, ruler string) columns {
	if strings.Trim(ruler, "─ ") != "" {
		return nil
	}
	var found columns
	runes := []rune(ruler)
	for i, r := range runes {
		if r == '─' && (i == 0 || runes[i-1] != '─') {
			found = append(found, column{start: i})
		}
	}
	if len(found) < 2 || len(columnsOf([]string{strings.TrimSpace(head)})) != len(found) && len(strings.Fields(head)) != len(found) {
		return nil
	}
	for i := range found {
		end := width(head)
		if i+1 < len(found) {
			end = found[i+1].start
		}
		if found[i].title = strings.TrimSpace(ansi.Cut(head, found[i].start, max(end, found[i].start))); found[i].title == "" {
			return nil
		}
	}
	if found[0].start > 1 {
		found = append(columns{{}}, found...)
	}
	return found
}

// tableRows cuts lines into cells. Lines up to a blank one are one row; where no line is blank, a line
// without a label goes on with the row above it.
func tableRows(titles columns, lines []string) (rows [][]string) {
	grouped := false
	for _, line := range lines {
		grouped = grouped || strings.TrimSpace(line) == ""
	}
	fresh := true
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			fresh = true
			continue
		}
		cells := titles.cut(line)
		if more := titles[0].title == "" && cells[0] == ""; !fresh && (grouped || more) {
			last := rows[len(rows)-1]
			for i := range last {
				last[i] = strings.TrimSpace(last[i] + " " + cells[i])
			}
			continue
		}
		rows = append(rows, cells)
		fresh = false
	}
	return rows
}

var (
	arrow   = regexp.MustCompile(`[─└┘┐┌]*[►▶→]`)
	strokes = regexp.MustCompile(`[─│└┘┐┌]+`)
)

// cut returns the cells of a line, arrows as "->" and other strokes left out.
func (c columns) cut(line string) []string {
	cells := make([]string, len(c))
	for i, col := range c {
		end := width(line)
		if i+1 < len(c) {
			end = min(end, c[i+1].start)
		}
		text := ansi.Cut(line, col.start, max(end, col.start))
		text = strokes.ReplaceAllString(arrow.ReplaceAllString(text, "->"), "")
		cells[i] = strings.Join(strings.Fields(text), " ")
	}
	return cells
}
