package render

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

func TestPageIndex(t *testing.T) {
	l := fixture(t)
	for _, s := range styles {
		page := s.Page(l, nil)
		var anchors []string
		for _, h := range page.Headings {
			anchors = append(anchors, h.Section.Slug)
			if got := Strip(page.Lines[h.Line]); h.Section.Level > 1 && !strings.Contains(got, h.Section.Title) {
				t.Errorf("%s: line %d is %q, want the heading %q", s.name, h.Line, got, h.Section.Title)
			}
			if page.Source[h.Line] != h.Section.Line {
				t.Errorf("%s: heading %q is of source line %d, want %d", s.name, h.Section.Title, page.Source[h.Line], h.Section.Line)
			}
		}
		if want := "lists third-level fourth-level quotes tables code exercise-a-counter after"; strings.Join(anchors[1:], " ") != want {
			t.Errorf("%s: sections %q, want %q", s.name, anchors[1:], want)
		}
		lost := page.Cells[0]
		text := Strip(strings.Join(page.Lines[lost.First:lost.Output], "\n"))
		if !strings.Contains(text, "lost") || !strings.Contains(text, "println(x)") || strings.Contains(text, "sync") {
			t.Errorf("%s: the cell is\n%s", s.name, text)
		}
		if text := Strip(strings.Join(page.Lines[lost.Output:lost.End], "\n")); !strings.Contains(text, "one of these") {
			t.Errorf("%s: the cell's output is\n%s", s.name, text)
		}
		if other := page.Cells[1]; other.Output != other.End {
			t.Errorf("%s: a cell without output has one: %+v", s.name, other)
		}
	}
}

func TestPageSourceLines(t *testing.T) {
	l := fixture(t)
	source := strings.Split(string(l.Source), "\n")
	page := Style{Width: 100}.Page(l, nil)
	for i, drawn := range page.Lines {
		for _, code := range []string{"x := 0", "var wg sync.WaitGroup", "println(x)", "indented code", "go func() { ch <- 1 }()"} {
			if strings.HasSuffix(drawn, code) && !strings.Contains(source[page.Source[i]-1], code) {
				t.Errorf("line %q is said to come from %q", drawn, source[page.Source[i]-1])
			}
		}
	}
	if !slices.IsSorted(page.Source) || page.Source[0] != 1 {
		t.Errorf("source lines fall, or do not begin at 1: %v", page.Source)
	}
}

func TestPagerSaysKeys(t *testing.T) {
	l := fixture(t)
	page := strings.Join(Style{Width: 120}.Page(l, nil).Lines, "\n")
	if !strings.Contains(page, "r runs it") || strings.Contains(page, "workbook run") {
		t.Errorf("the pager's page does not say how a cell is run there:\n%s", page)
	}
}

func TestTaskBlocks(t *testing.T) {
	l := fixture(t)
	var b bytes.Buffer
	e := l.Exercises[0]
	if err := (Style{Plain: true}).Blocks(&b, l.Source, e.Task); err != nil {
		t.Fatal(err)
	}
	if err := (Style{Plain: true}).Blocks(&b, l.Source, e.Hints[1].Blocks); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "Make the counter right.\nThere is a package for it.\n"; got != want {
		t.Errorf("Blocks = %q, want %q", got, want)
	}
}

func TestInline(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`a \* b \\ c &lt;d&gt; &#65; &nope; & &amp;lt;`, `a * b \ c <d> A &nope; & &lt;`},
		{`\&amp; stays`, `&amp; stays`},
		{"`a\\*b &lt;`", "`a\\*b &lt;`"},
		{"[text](http://a.b/c_d) and [text](http://a.b/c_d)", "text [1] and text [1]\n\n[1] http://a.b/c_d"},
		{"[http://a.b](http://a.b)", "http://a.b"},
		{"<me@a.b> www.a.b", "me@a.b www.a.b"},
		{"[](http://a.b)", "http://a.b"},
		{"[![alt](i.png)](http://a.b)", "[image: alt] [1]\n\n[1] http://a.b"},
		{"![](dir/i.png)", "[image: i.png] (lessons/dir/i.png)"},
		{"[races](08-races.md)", "races"},
		{"[before](08-races.md#order)", "before (lesson races, order)"},
		{"[it](../exercises/atomicity/counter/)", "it (exercise counter)"},
		{"[its file](../exercises/atomicity/counter/counter.go)", "its file (exercises/atomicity/counter/counter.go)"},
		{"[above](#lists)", "above"},
		{"[x](javascript:alert)", "x (javascript:alert)"},
		{"a<br>b", "a<br>b"},
		{"![a](http://a.b/i.png \"t\")", "[image: a] [1]\n\n[1] http://a.b/i.png"},
		{"[a](<http://a.b/ü ?x>)", "a [1]\n\n[1] http://a.b/%C3%BC%20?x"},
	} {
		l, _ := course.ParseLesson("lessons/01-x.md", []byte(tt.in))
		var b bytes.Buffer
		if err := (Style{}).Lesson(&b, l); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSuffix(b.String(), "\n"); got != tt.want {
			t.Errorf("%q is drawn\n%s\nwant\n%s", tt.in, got, tt.want)
		}
	}
}

func TestCodeWraps(t *testing.T) {
	const code = "\tif a && b {\n\t\treturn fmt.Errorf(\"a long message with blanks in it: %w\", errSomethingLongerThanTheRest)\n\t}\n"
	var b bytes.Buffer
	if err := (Style{Width: 40}).Code(&b, []byte(code)); err != nil {
		t.Fatal(err)
	}
	want := "  if a && b {\n    return fmt.Errorf(\"a long message\n    ↳ with blanks in it: %w\",\n    ↳ errSomethingLongerThanTheRest)\n  }\n"
	if b.String() != want {
		t.Errorf("Code = \n%s\nwant\n%s", b.String(), want)
	}
}

func TestFit(t *testing.T) {
	for _, tt := range []struct {
		in    string
		width int
		want  string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"世界", 3, "世…"}, {"\x1b[1mabcd\x1b[m", 2, "\x1b[1ma…\x1b[m"}, {"a", -1, ""}} {
		if got := Fit(tt.in, tt.width); got != tt.want {
			t.Errorf("Fit(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}
