package render

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// The faces of running text.
var (
	codeFace  = face{color: cyan}
	faintFace = face{faint: true}
	boldFace  = face{bold: true}
)

// inline returns the text of a block's children.
func (d *drawer) inline(parent ast.Node, f face) []span {
	var spans []span
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		spans = append(spans, d.inlineNode(n, f)...)
	}
	return spans
}

func (d *drawer) inlineNode(n ast.Node, f face) []span {
	switch n := n.(type) {
	case *ast.Text:
		return d.text(n, f)
	case *ast.String:
		return plainText(string(n.Value), f)
	case *ast.CodeSpan:
		return d.codeSpan(n, f)
	case *ast.Emphasis:
		return d.emphasis(n, f)
	case *extast.Strikethrough:
		struck := f
		struck.strike = true
		return d.marked("~~", d.inline(n, struck))
	case *ast.Link:
		return d.link(n, f)
	case *ast.AutoLink:
		return d.autoLink(n, f)
	case *ast.Image:
		return d.image(n, f)
	case *ast.RawHTML:
		return plainText(string(n.Segments.Value(d.source)), f)
	case *extast.TaskCheckBox:
		return plainText(checkbox(n)+" ", f)
	}
	return d.inline(n, f)
}

func checkbox(n *extast.TaskCheckBox) string {
	if n.IsChecked {
		return "[x]"
	}
	return "[ ]"
}

// text returns a text node with the line break after it.
func (d *drawer) text(n *ast.Text, f face) []span {
	value := n.Segment.Value(d.source)
	if !n.IsRaw() {
		value = resolve(value)
	}
	spans := plainText(string(value), f)
	switch {
	case n.HardLineBreak():
		spans = append(spans, span{text: "\n"})
	case n.SoftLineBreak():
		spans = append(spans, span{text: " ", face: f})
	}
	return spans
}

// resolve returns Markdown text without its backslashes, entities replaced.
func resolve(value []byte) []byte {
	if !bytes.ContainsAny(value, `\&`) {
		return value
	}
	var out []byte
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\' && i+1 < len(value) && util.IsPunct(value[i+1]):
			i++
			out = append(out, value[i])
		case c == '&':
			entity := value[i:]
			if end := bytes.IndexByte(entity, ';'); end > 0 {
				entity = entity[:end+1]
				i += end
			} else {
				i = len(value)
			}
			out = append(out, util.ResolveEntityNames(util.ResolveNumericReferences(entity))...)
		default:
			out = append(out, c)
		}
	}
	return out
}

// marked puts the marks around spans where there are no attributes to show what they mean.
func (d *drawer) marked(mark string, spans []span) []span {
	if d.Color || len(spans) == 0 {
		return spans
	}
	open, closing := span{text: mark}, span{text: mark}
	return append(append([]span{open}, spans...), closing)
}

func (d *drawer) codeSpan(n *ast.CodeSpan, f face) []span {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(d.source))
		}
	}
	code := codeFace
	code.bold, code.strike = f.bold, f.strike
	return d.marked("`", plainText(b.String(), code))
}

func (d *drawer) emphasis(n *ast.Emphasis, f face) []span {
	if n.Level >= 2 {
		f.bold = true
		return d.marked("*", d.inline(n, f))
	}
	f.italic = true
	return d.marked("_", d.inline(n, f))
}

// words returns the text of a node's children without any markup.
func (d *drawer) words(n ast.Node) string {
	plain := *d
	plain.Color, plain.Links = true, false // no marks, and the faces are dropped
	plain.refs = refs{}
	return line{spans: plain.inline(n, face{})}.text()
}
