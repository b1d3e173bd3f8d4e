package render

import (
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"workbook/cmd/workbook/internal/course"
)

// blocks lays out sibling blocks with a blank line between each two.
func (d *drawer) blocks(nodes []ast.Node, width int) []line {
	var lines []line
	for _, n := range nodes {
		block := d.block(n, width)
		if len(block) == 0 {
			continue
		}
		if len(lines) > 0 {
			lines = append(lines, line{src: lines[len(lines)-1].src})
		}
		lines = append(lines, block...)
	}
	return lines
}

// children returns the blocks in n.
func children(n ast.Node) []ast.Node {
	var nodes []ast.Node
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		nodes = append(nodes, c)
	}
	return nodes
}

// block lays out one block; the references of its links follow the outermost one.
func (d *drawer) block(n ast.Node, width int) []line {
	if text, ok := d.skip.at(n); ok {
		return d.skippedHints(text, width)
	}
	src := d.lines.line(n.Pos())
	d.depth++
	lines := d.blockKind(n, width)
	d.depth--
	for i := range lines {
		if lines[i].src == 0 {
			lines[i].src = src
		}
	}
	if list := d.topRefs(width); len(list) > 0 {
		for i := range list {
			list[i].src = lines[len(lines)-1].src
		}
		lines = append(append(lines, line{src: list[0].src}), list...)
	}
	return lines
}

// topRefs lists the references after an outermost block.
func (d *drawer) topRefs(width int) []line {
	if d.depth > 0 || len(d.refs.pending) == 0 {
		return nil
	}
	return d.listRefs(width)
}

func (d *drawer) blockKind(n ast.Node, width int) []line {
	switch n := n.(type) {
	case *ast.Heading:
		return d.heading(n, width)
	case *ast.Paragraph, *ast.TextBlock:
		return d.paragraph(n, width)
	case *ast.List:
		return d.list(n, width)
	case *ast.Blockquote:
		return d.bar(children(n), width, span{text: d.pick("│ ", "> "), face: faintFace})
	case *course.Alert:
		return d.alert(n, width)
	case *course.Cell:
		return d.cell(n, width)
	case *course.Predict:
		return d.predict(n, width)
	case *ast.FencedCodeBlock:
		if string(n.Language(d.source)) == "go" {
			return d.raw(d.listing(d.rows(n.Lines()), true, width), n)
		}
		return d.textBlock(n, width)
	case *ast.CodeBlock:
		return d.raw(d.listing(d.rows(n.Lines()), false, width), n)
	case *extast.Table:
		return d.table(n, width)
	case *ast.ThematicBreak:
		return []line{{spans: []span{{text: d.rule("─", prose(width)), face: faintFace}}}}
	case *ast.HTMLBlock:
		return d.html(n, width)
	case *ast.LinkReferenceDefinition:
		return nil
	}
	return d.blocks(children(n), width)
}

// rows returns the source of a raw block's lines.
func (d *drawer) rows(lines *text.Segments) string { return string(lines.Value(d.source)) }

// rule returns a line of the given columns, "---" in plain mode.
func (d *drawer) rule(glyph string, columns int) string {
	return d.pick(strings.Repeat(glyph, columns), "---")
}

// heading lays out a heading: the first two levels are underlined, plain mode counts hashes.
func (d *drawer) heading(n *ast.Heading, width int) []line {
	prefix := ""
	switch {
	case d.Plain:
		prefix = strings.Repeat("#", n.Level) + " "
	case n.Level == 3:
		prefix = "▸ "
	case n.Level > 3:
		prefix = strings.Repeat("▸", min(n.Level, 6)-2) + " "
	}
	room := prose(width) - len([]rune(prefix))
	lines := indent(wrap(d.inline(n, boldFace), room), span{text: prefix, face: boldFace}, pad(len([]rune(prefix))))
	if !d.Plain && n.Level <= 2 {
		longest := 0
		for _, l := range lines {
			longest = max(longest, l.width())
		}
		glyph := "─"
		if n.Level == 1 {
			glyph = "━"
		}
		lines = append(lines, line{spans: []span{{text: strings.Repeat(glyph, longest), face: faintFace}}})
	}
	lines[0].note = &note{heading: n}
	if text := d.below[n]; text != "" {
		lines = append(lines, wrap(plainText(text, faintFace), prose(width))...)
	}
	return lines
}

func (d *drawer) paragraph(n ast.Node, width int) []line {
	spans := d.inline(n, face{})
	if strings.TrimSpace(line{spans: spans}.text()) == "" {
		return nil
	}
	return wrap(spans, prose(width))
}

// bar lays out blocks behind a bar at their left.
func (d *drawer) bar(nodes []ast.Node, columns int, mark span) []line {
	if columns-width(mark.text) < minBody {
		mark.text = ""
	}
	lines := d.blocks(nodes, prose(columns)-width(mark.text))
	return indent(lines, mark, mark)
}

var alertColor = map[string]uint8{"NOTE": blue, "TIP": green, "IMPORTANT": magenta, "WARNING": yellow, "CAUTION": red}

// alert lays out a GitHub alert: its name, then its blocks.
func (d *drawer) alert(n *course.Alert, width int) []line {
	name := cleanLine(n.Name)
	name = name[:min(1, len(name))] + strings.ToLower(name[min(1, len(name)):])
	bar := span{text: d.pick("┃ ", "  "), face: face{color: alertColor[n.Name]}}
	body := d.bar(children(n), width, bar)
	title := span{text: name, face: face{color: alertColor[n.Name], bold: true}}
	if d.Plain {
		title.text += ":"
		return append([]line{{spans: []span{title}}}, body...)
	}
	return append([]line{{spans: []span{bar, title}}}, body...)
}

// listing lays out code that does not run, indented.
func (d *drawer) listing(source string, isGo bool, width int) []line {
	margin := d.margin(width)
	return indent(d.code(source, isGo, width-len(margin.text)), margin, margin)
}

// margin is the indentation of code, "" where little room is left.
func (d *drawer) margin(width int) span {
	columns := 4
	if d.Width < 60 {
		columns = 2
	}
	if width-columns < minBody {
		columns = 0
	}
	return pad(columns)
}

// html shows HTML as the text that it is, and in plain mode what a comment says of a drawing.
func (d *drawer) html(n *ast.HTMLBlock, width int) []line {
	if words := d.wordsOf(n); words != "" {
		if !d.Plain {
			return nil
		}
		return wrap(plainText(cleanLine("Drawing: "+words), face{}), prose(width))
	}
	source := d.htmlText(n)
	lines := d.code(source, false, width)
	for _, l := range lines {
		for i := range l.spans {
			l.spans[i].face = faintFace
		}
	}
	return d.raw(lines, n)
}

// raw numbers the lines of a raw block as they are in the source.
func (d *drawer) raw(lines []line, n ast.Node) []line {
	if n.Lines().Len() == 0 {
		return lines
	}
	return number(lines, d.lines.line(n.Lines().At(0).Start))
}

// lineIndex holds the offsets at which the lines of a source begin.
type lineIndex []int

func indexLines(source []byte) lineIndex {
	index := lineIndex{0}
	for i, c := range source {
		if c == '\n' {
			index = append(index, i+1)
		}
	}
	return index
}

// line returns the line of an offset from 1, or 0 for no offset.
func (x lineIndex) line(offset int) int {
	if offset < 0 {
		return 0
	}
	return sort.SearchInts(x, offset+1)
}
