package render

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// list lays out a list; items follow each other closely where the author wrote them so.
func (d *drawer) list(n *ast.List, columns int) []line {
	var lines []line
	number := n.Start
	last := number + n.ChildCount() - 1
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		marker, skip := d.marker(n, item, number, last)
		number++
		if len(lines) > 0 && !n.IsTight {
			lines = append(lines, line{})
		}
		lines = append(lines, d.item(item, marker, skip, columns)...)
	}
	return lines
}

// marker returns what stands before an item; skip reports that it takes the place of a checkbox.
func (d *drawer) marker(n *ast.List, item ast.Node, number, last int) (marker string, skip bool) {
	if box := taskBox(item); box != nil && !n.IsOrdered() {
		return checkbox(box) + " ", true
	}
	if !n.IsOrdered() {
		return d.pick("• ", "- "), false
	}
	digits := len(fmt.Sprint(last))
	return fmt.Sprintf("%*d%c ", digits, number, n.Marker), false
}

// taskBox returns the checkbox an item begins with, or nil.
func taskBox(item ast.Node) *extast.TaskCheckBox {
	if item.FirstChild() == nil || item.FirstChild().FirstChild() == nil {
		return nil
	}
	box, _ := item.FirstChild().FirstChild().(*extast.TaskCheckBox)
	return box
}

// item lays out one item beside its marker, or under it where little room is left.
func (d *drawer) item(item ast.Node, marker string, skipBox bool, columns int) []line {
	mark := span{text: marker, face: faintFace}
	room, hang := columns-len([]rune(marker)), pad(len([]rune(marker)))
	if room < minBody {
		body := d.itemBlocks(item, skipBox, columns)
		return append([]line{{spans: []span{mark}}}, body...)
	}
	lines := d.itemBlocks(item, skipBox, room)
	if len(lines) == 0 {
		lines = []line{{}}
	}
	return indent(lines, mark, hang)
}

func (d *drawer) itemBlocks(item ast.Node, skipBox bool, room int) []line {
	var lines []line
	for c := item.FirstChild(); c != nil; c = c.NextSibling() {
		block := d.itemBlock(c, room, skipBox && c == item.FirstChild())
		if len(lines) > 0 && len(block) > 0 && !closeTo(c) {
			lines = append(lines, line{})
		}
		lines = append(lines, block...)
	}
	return lines
}

// closeTo reports whether no blank line parts c from the block before it: the text of a tight item and
// what is nested in it.
func closeTo(c ast.Node) bool {
	_, tight := c.PreviousSibling().(*ast.TextBlock)
	_, list := c.(*ast.List)
	return tight && list
}

// itemBlock lays out a block of an item, without the checkbox that became the marker.
func (d *drawer) itemBlock(c ast.Node, room int, skipBox bool) []line {
	lines := d.block(c, room)
	if !skipBox || len(lines) == 0 {
		return lines
	}
	spans := d.inline(c, face{})[1:]
	if len(spans) > 0 {
		spans[0].text = strings.TrimLeft(spans[0].text, " ")
	}
	src := lines[0].src
	lines = wrap(spans, prose(room))
	for i := range lines {
		lines[i].src = src
	}
	return lines
}
