package course_test

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"

	"workbook/cmd/workbook/internal/course"
)

// dump writes the kinds of a tree's blocks, with the text of paragraphs and code, one a line.
func dump(n ast.Node, source []byte, depth int, b *strings.Builder) {
	if n.Type() == ast.TypeInline {
		return
	}
	b.WriteString(strings.Repeat("  ", depth) + n.Kind().String())
	switch n := n.(type) {
	case *course.Alert:
		b.WriteString(" " + n.Name)
	case *course.Cell:
		b.WriteString(" " + n.ID + " " + strings.TrimSpace(n.Code))
	case *ast.Paragraph, *ast.TextBlock:
		b.WriteString(" " + strings.ReplaceAll(strings.TrimSpace(string(n.Lines().Value(source))), "\n", "|"))
		if marked(n, source) {
			b.WriteString(" MARKER")
		}
	}
	b.WriteString("\n")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		dump(c, source, depth+1, b)
	}
}

// marked says whether an alert's marker is among the children of n.
func marked(n ast.Node, source []byte) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok && strings.Contains(string(t.Segment.Value(source)), "!NOTE") || marked(c, source) {
			return true
		}
	}
	return false
}

func TestTree(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"alert", "> [!NOTE]\n> one\n> two\n>\n> three\n", "Document\n  Alert NOTE\n    Paragraph one|two\n    Paragraph three\n"},
		{"alert and blank", "> [!TIP]\n>\n> one\n", "Document\n  Alert TIP\n    Paragraph one\n"},
		{"alert in a list", "- a\n\n  > [!CAUTION]\n  > one `two`\n", "Document\n  List\n    ListItem\n      Paragraph a\n      Alert CAUTION\n        Paragraph one `two`\n"},
		{"quote", "> NOTE\n> [!NOTE]\n", "Document\n  Blockquote\n    Paragraph NOTE|[!NOTE] MARKER\n"},
		{"marker with text", "> [!NOTE] one\n", "Document\n  Blockquote\n    Paragraph [!NOTE] one MARKER\n"},
		{"marker that is a link", "> [!NOTE]\n> one\n\n[!NOTE]: /x\n", "Document\n  Alert NOTE\n    Paragraph one\n  LinkReferenceDefinition\n"},
		{"cell in an alert", "> [!NOTE]\n> one\n> ```go cell\n> x\n> ```\n> ```output\n> y\n> ```\n", "Document\n  Alert NOTE\n    Paragraph one\n    Cell cell1 x\n"},
		{"cell in a nested list", "1. a\n   - b\n     ```go cell\n     \tx\n     ```\n", "Document\n  List\n    ListItem\n      TextBlock a\n      List\n        ListItem\n          TextBlock b\n          Cell cell1 x\n"},
		{"tildes", "~~~go cell id=a\nx\n~~~~\n", "Document\n  Cell a x\n"},
		{"listings", "```go\nx\n```\n\n```text\ny\n```\n\n```\nz\n```\n", "Document\n  FencedCodeBlock\n  FencedCodeBlock\n  FencedCodeBlock\n"},
	} {
		l, _ := course.ParseLesson("lessons/01-x.md", []byte(row.text))
		var b strings.Builder
		dump(l.Doc, l.Source, 0, &b)
		if b.String() != row.want {
			t.Errorf("%s: ParseLesson(%q) =\n%swant\n%s", row.name, row.text, b.String(), row.want)
		}
	}
}

func TestAnchors(t *testing.T) {
	text := "# Do `x++` & \\_wait\\_!\n\n## Same\n\n## Same\n\n## Same-1\n\n## Ünïcode 1.26\n\nSetext *one*\n------------\n\n## a  b\n"
	want := []string{"do-x--_wait_", "same", "same-1", "same-1-1", "ünïcode-126", "setext-one", "a--b"}
	l, err := course.ParseLesson("lessons/01-x.md", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	lines := []int{1, 3, 5, 7, 9, 11, 14}
	for i, s := range l.Sections {
		if s.Slug != want[i] || s.Line != lines[i] {
			t.Errorf("section %q: #%s in line %d, want #%s in line %d", s.Title, s.Slug, s.Line, want[i], lines[i])
		}
	}
}

func TestVisible(t *testing.T) {
	for code, want := range map[string]string{
		"a\nb\n":                         "a\nb\n",
		"//hide\na\n//show\nb\n":         "b\n",
		"a\n\t//hide\nb\n":               "a\n",
		"a\n//hide\nb\n//show\nc\n":      "a\nc\n",
		"a // hide\n//hidden\n":          "a // hide\n//hidden\n",
		"":                               "",
		"//hide\na\n//show\n//hide\nb\n": "",
	} {
		if got := (&course.Cell{Code: code}).Visible(); got != want {
			t.Errorf("Visible of %q = %q, want %q", code, got, want)
		}
	}
}

func TestChain(t *testing.T) {
	cell := func(info string) string { return "```go cell " + info + "\nx\n```\n\n" }
	l, _ := course.ParseLesson("lessons/01-x.md", []byte(cell("id=d after=b,c")+cell("id=b after=a")+cell("id=c after=a,b")+cell("id=a")+
		cell("id=e after=f")+cell("id=f after=e")+cell("id=g after=none")))
	for id, want := range map[string]string{"a": "a", "c": "abc", "d": "abcd", "e": "cycle of after: e after f after e", "g": "after=none: no cell has this id"} {
		chain, err := l.Chain(l.Cell(id))
		got := ""
		for _, c := range chain {
			got += c.ID
		}
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("Chain(%s) = %s, want %s", id, got, want)
		}
	}
}

// FuzzParseLesson wants every text to be read without a panic, faults to lie in the file, and a
// lesson to say the same of itself whether its lines end in \n or \r\n.
func FuzzParseLesson(f *testing.F) {
	f.Add(lessonText)
	for _, rows := range [][]fault{cellFaults, textFaults} {
		for _, row := range rows {
			f.Add(row.set[memory])
		}
	}
	f.Add("> [!NOTE]\n> ```go cell\n> x\n> ```\n> ```output\n")
	f.Add("---\n---\n> - ```go cell id=\xff\n\t```output")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\r") {
			t.Skip()
		}
		l, err := course.ParseLesson("lessons/01-x.md", []byte(text))
		crlf, other := course.ParseLesson("lessons/01-x.md", []byte(strings.ReplaceAll(text, "\n", "\r\n")))
		if (err == nil) != (other == nil) || len(l.Cells) != len(crlf.Cells) || string(l.Source) != string(crlf.Source) {
			t.Errorf("ParseLesson(%q) is not the same with \\r\\n: %v, %v", text, err, other)
		}
		if err != nil {
			for _, fault := range err.(course.Faults) {
				if fault.Line < 0 || fault.Line > 1+strings.Count(text, "\n") {
					t.Errorf("ParseLesson(%q) reports %v", text, fault)
				}
			}
		}
		for _, c := range l.Cells {
			c.Visible()
			if _, err := l.Chain(c); err == nil && c.Line < 2 {
				t.Errorf("ParseLesson(%q): cell in line %d", text, c.Line)
			}
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	files := tree(good())
	for b.Loop() {
		if _, err := course.Open(files); err != nil {
			b.Fatal(err)
		}
	}
}
