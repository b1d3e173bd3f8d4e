package render

import (
	"bytes"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// In plain mode a table drawn in text is told row by row, and words take the place of a drawing; a fancy
// screen has the drawing alone.
func TestDrawings(t *testing.T) {
	for name, row := range map[string]struct{ source, plain, fancy string }{
		"words": {"<!-- in words: A box,\nin a box. -->\n```text\n┌─┐\n└─┘\n```\n\nEnd.\n", "Drawing: A box, in a box.\n\nEnd.\n", "    ┌─┐\n    └─┘\n\nEnd.\n"},
		"numbered": {"```text\n   A      B     n\n   ─────  ────  ──\n1  read         0\n2         read  0\n          on\n3  ─────► done\n```\n",
			"    1; A: read; n: 0\n    2; B: read on; n: 0\n    3; A: ->; B: done\n", ""},
		"groups":           {"```text\n     A    B\n     ───  ───\n one a    b\n two c    d\n\n 3   e\n```\n", "    one two; A: a c; B: b d\n    3; A: e\n", ""},
		"without labels":   {"```text\nevent   means\n──────  ─────\nLock    wait\nUnlock  go\n```\n", "    event: Lock; means: wait\n    event: Unlock; means: go\n", ""},
		"titles of 2 rows": {"```text\nA     B\na b   c\n──    ──\n1     2\n```\n", "    A     B\n    a b   c\n    ──    ──\n    1     2\n", ""},
		"other comment":    {"<!-- note -->\n\n```text\nx\n```\n", "<!-- note -->\n\n    x\n", "<!-- note -->\n\n    x\n"},
		"code":             {"```go\nx := 1\n```\n", "    x := 1\n", "    x := 1\n"},
	} {
		l, err := course.ParseLesson("lessons/01-x.md", []byte("# X\n\n"+row.source))
		if err != nil {
			t.Fatal(name, err)
		}
		var plain, fancy bytes.Buffer
		if err := (Style{Plain: true}).Lesson(&plain, l); err != nil {
			t.Fatal(err)
		}
		if err := (Style{}).Lesson(&fancy, l); err != nil {
			t.Fatal(err)
		}
		if want := "# X\n\n" + row.plain; plain.String() != want {
			t.Errorf("%s: plain =\n%s\nwant\n%s", name, plain.String(), want)
		}
		if want := "X\n━\n\n" + row.fancy; row.fancy != "" && fancy.String() != want {
			t.Errorf("%s: fancy =\n%s\nwant\n%s", name, fancy.String(), want)
		}
	}
}
