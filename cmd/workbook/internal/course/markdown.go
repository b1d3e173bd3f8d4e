package course

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var (
	alertForm  = regexp.MustCompile(`^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$`)
	alertShape = regexp.MustCompile(`^\[!([A-Za-z]+)\]\s*$`)
)

// parseTree parses l.Source into l.Doc, with the course's own nodes in it, and collects l.Cells.
func (l *Lesson) parseTree() Faults {
	tr := &transformer{lesson: l}
	md := goldmark.New(
		goldmark.WithExtensions(extension.GFM),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(tr, 1))),
	)
	l.Doc = md.Parser().Parse(text.NewReader(l.Source))
	return tr.faults
}

// transformer puts Cell, Predict and Alert nodes into a lesson's tree as goldmark finishes it.
type transformer struct {
	lesson *Lesson
	faults Faults
}

// Transform implements parser.ASTTransformer.
func (t *transformer) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var fences []*ast.FencedCodeBlock
	var quotes []*ast.Blockquote
	walk(doc, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.FencedCodeBlock:
			fences = append(fences, n)
		case *ast.Blockquote:
			quotes = append(quotes, n)
		}
	})
	for _, f := range fences {
		t.fence(f)
	}
	for _, q := range quotes {
		t.quote(q)
	}
}

func (t *transformer) fault(line int, format string, args ...any) {
	t.faults = append(t.faults, Fault{t.lesson.File, line, fmt.Sprintf(format, args...)})
}

// fence makes one fenced block a Cell if it is one. An output fence belongs to the cell just before
// it, which has taken its place in the tree by then.
func (t *transformer) fence(f *ast.FencedCodeBlock) {
	source := t.lesson.Source
	if f.Info == nil {
		return
	}
	line := t.lesson.LineAt(f.Info.Segment.Start)
	if unclosed(f, source) {
		t.fault(line, "code block without an end")
	}
	kind, words, bad := classify(string(f.Info.Segment.Value(source)))
	if bad != "" {
		t.fault(line, "%s", bad)
	}
	switch kind {
	case cellFence:
		t.cell(f, words, line)
	case outputFence:
		t.output(f, words, line)
	case predictFence:
		t.predict(f, words, line)
	}
}

func (t *transformer) cell(f *ast.FencedCodeBlock, words []string, line int) {
	c := &Cell{File: t.lesson.File, Line: line + 1, Engine: EngineRun, Expect: "ok", Runs: 1, Limit: defaultLimit}
	c.Code = string(f.Lines().Value(t.lesson.Source))
	c.SetLines(f.Lines())
	c.SetPos(f.Pos())
	c.SetBlankPreviousLines(f.HasBlankPreviousLines())
	for _, bad := range parsePairs(words, c.set) {
		t.fault(line, "%s", bad)
	}
	for _, bad := range c.agree() {
		t.fault(line, "%s", bad)
	}
	t.faults = append(t.faults, c.checkMarkers()...)
	t.lesson.Cells = append(t.lesson.Cells, c)
	if c.ID == "" {
		c.ID = fmt.Sprintf("cell%d", len(t.lesson.Cells))
	}
	f.Parent().ReplaceChild(f.Parent(), f, c)
}

func (t *transformer) output(f *ast.FencedCodeBlock, words []string, line int) {
	o := &Output{Match: "exact", Line: line + 1, Text: string(f.Lines().Value(t.lesson.Source))}
	for _, bad := range parsePairs(words, o.set) {
		t.fault(line, "%s", bad)
	}
	for _, bad := range o.agree() {
		t.fault(line, "%s", bad)
	}
	c, ok := f.PreviousSibling().(*Cell)
	switch {
	case !ok:
		t.fault(line, "output without a cell: it must follow the cell's block, with nothing but blank lines between")
	case c.Output != nil:
		t.fault(line, "second output of cell %q: its first is at line %d", c.ID, c.Output.Line)
	default:
		c.Output = o
		f.Parent().RemoveChild(f.Parent(), f)
	}
}

// unclosed says whether a fenced block goes on to the end of the text because nothing closes it.
func unclosed(f *ast.FencedCodeBlock, source []byte) bool {
	end := f.Info.Segment.Stop
	if n := f.Lines().Len(); n > 0 {
		end = f.Lines().At(n - 1).Stop
	}
	return len(bytes.TrimSpace(source[min(end, len(source)):])) == 0
}

// quote makes a block quote an Alert if its first line says so.
func (t *transformer) quote(q *ast.Blockquote) {
	p, ok := q.FirstChild().(*ast.Paragraph)
	if !ok || p.Lines().Len() == 0 {
		return
	}
	first := p.Lines().At(0)
	marker := strings.TrimSpace(string(first.Value(t.lesson.Source)))
	m := alertForm.FindStringSubmatch(marker)
	if m == nil {
		if m := alertShape.FindStringSubmatch(marker); m != nil {
			t.fault(t.lesson.LineAt(first.Start), "unknown alert [!%s]: want NOTE, TIP, IMPORTANT, WARNING or CAUTION", m[1])
		}
		return
	}
	dropFirstLine(p, first)
	a := &Alert{Name: m[1]}
	a.SetPos(q.Pos())
	a.SetBlankPreviousLines(q.HasBlankPreviousLines())
	for n := q.FirstChild(); n != nil; n = q.FirstChild() {
		if n == ast.Node(p) && p.Lines().Len() == 0 {
			q.RemoveChild(q, n)
			continue
		}
		a.AppendChild(a, n)
	}
	if !a.HasChildren() {
		t.fault(t.lesson.LineAt(first.Start), "alert [!%s] without text", m[1])
	}
	q.Parent().ReplaceChild(q.Parent(), q, a)
}

// dropFirstLine takes a paragraph's first line, a lone marker, out of its lines and its children.
func dropFirstLine(p *ast.Paragraph, first text.Segment) {
	rest := text.NewSegments()
	rest.AppendAll(p.Lines().Sliced(1, p.Lines().Len()))
	p.SetLines(rest)
	for n := p.FirstChild(); n != nil; n = p.FirstChild() {
		if t, ok := n.(*ast.Text); ok && t.Segment.Start >= first.Stop {
			return
		}
		last, ok := n.(*ast.Text)
		p.RemoveChild(p, n)
		if ok && last.SoftLineBreak() {
			return
		}
	}
}

// walk calls f for n and everything below it, in the order of the text.
func walk(n ast.Node, f func(ast.Node)) {
	f(n)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		walk(c, f)
	}
}

// plainText returns the text of n without its markup.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	writePlain(&b, n, source, false)
	return strings.TrimSpace(b.String())
}

func writePlain(b *strings.Builder, n ast.Node, source []byte, code bool) {
	switch n := n.(type) {
	case *ast.Text:
		b.WriteString(literal(n.Segment.Value(source), code || n.IsRaw()))
		if n.SoftLineBreak() || n.HardLineBreak() {
			b.WriteByte(' ')
		}
	case *ast.String:
		b.WriteString(literal(n.Value, code || n.IsRaw()))
	case *ast.AutoLink:
		b.Write(n.Label(source))
	}
	_, span := n.(*ast.CodeSpan)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		writePlain(b, c, source, code || span)
	}
}

// literal resolves escapes and character references, which code spans do not have.
func literal(b []byte, raw bool) string {
	if raw {
		return string(b)
	}
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(b))))
}
