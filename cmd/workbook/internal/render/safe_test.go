package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// own matches the escape sequences that the renderer writes.
var own = regexp.MustCompile("\x1b\\[[0-9;]*m|\x1b]8;;[!-~]*\x1b\\\\")

// foreign names the first character of out that acts on a terminal and is not the renderer's own, or is no ASCII
// drawing in plain mode.
func foreign(s Style, out string) string {
	if s.Color || s.Links {
		out = own.ReplaceAllString(out, "")
	}
	for i, r := range out {
		if r == '\n' || r == 0x200c || r == 0x200d {
			continue
		}
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return fmt.Sprintf("%q at byte %d", r, i)
		}
	}
	return ""
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain text\twith\nlines", "plain text\twith\nlines"},
		{"héllo 日本 👩‍💻", "héllo 日本 👩‍💻"},
		{"\x1b[31mred\x1b[m", `\x1b[31mred\x1b[m`},
		{"\x1b]0;title\x07", `\x1b]0;title\x07`},
		{"\x1b]8;;http://x\x1b\\y", `\x1b]8;;http://x\x1b\y`},
		{"\u009b2J", `\u009b2J`},
		{"a\rb\r\nc", "a\\x0db\nc"},
		{"back\bspace\x7f\x00", `back\x08space\x7f\x00`},
		{"if a\u202e } \u2066", `if a\u202e } \u2066`},
		{"\u200e\u061c\ufeff\u00ad\u200b", `\u200e\u061c\ufeff\u00ad\u200b`},
		{"a\u2028b\u2029c", `a\u2028b\u2029c`},
		{"tag \U000e0041", `tag \U000e0041`},
		{"bad \xff\xc0 utf8", "bad \ufffd\ufffd utf8"},
		{"raw C1 \x9b31m", "raw C1 \ufffd31m"},
		{"\ufe0fa \ufe0fb☺\ufe0f\n\u200dx", "a b☺\ufe0f\nx"},
	} {
		if got := Clean(tt.in); got != tt.want {
			t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// hostile is text that each field of a lesson and of a verdict is filled with.
const hostile = "x\x1b[2J\x1b]52;c;aGk=\x07\x1b]8;;http://e\x1b\\\u009b31m\r\u202e\u2066\x00\x7f\xff\ttab"

func TestHostileVerdict(t *testing.T) {
	place := verdict.Place{File: hostile, Line: 3, Role: hostile, Source: hostile}
	v := verdict.Verdict{
		Exercise: hostile, Class: hostile, Title: hostile, Notes: []string{hostile}, Explored: hostile, Output: hostile,
		Tests: []verdict.Test{{Name: hostile, Class: hostile}, {Name: "b"}},
		Findings: []verdict.Finding{{Class: hostile, Test: hostile, Message: hostile, At: []verdict.Place{place}, Hint: hostile,
			Detail: []string{hostile}, Schedule: hostile, Timeline: []string{hostile}, Lesson: hostile}},
	}
	for _, s := range styles {
		var b bytes.Buffer
		if err := s.Verdict(&b, v); err != nil {
			t.Fatal(err)
		}
		if bad := foreign(s.Style, b.String()); bad != "" {
			t.Errorf("%s: verdict has %s\n%q", s.name, bad, b.String())
		}
		b.Reset()
		rows := []Row{{Lesson: hostile, Title: hostile}, {Exercise: hostile, Title: hostile, State: hostile, Class: hostile}}
		if err := s.List(&b, rows); err != nil {
			t.Fatal(err)
		}
		b.WriteString(strings.Join(s.Frame(hostile, hostile), "\n"))
		if bad := foreign(s.Style, b.String()); bad != "" {
			t.Errorf("%s: list has %s\n%q", s.name, bad, b.String())
		}
	}
}

func TestHostileLesson(t *testing.T) {
	h := strings.ReplaceAll(hostile, "\r", "&#13;")
	markdown := fmt.Sprintf("# %[1]s\n\n%[1]s `%[1]s` *%[1]s* [%[1]s](http://x/%[1]s) [l](<http://y/\x1b\\>) ![%[1]s](%[1]s) <b%[1]s>"+
		"&#27;[31m&#x9b;31m&#8238; [p](<a%[1]s>)\n\n- %[1]s\n\n|%[1]s|b|\n|-|-|\n|%[1]s|c|\n\n<div>%[1]s\n</div>\n\n> [!NOTE]\n> %[1]s\n\n"+
		"```predict id=%[1]s\n%[1]s\n- [x] %[1]s\n  %[1]s\n- [ ] `%[1]s`\n  `%[1]s\n```\n\n```go cell id=x%[1]s engine=%[1]s\n%[1]s\n\"%[1]s\"\n```\n\n```output match=%[1]s\n%[1]s\n```\n\n```\n%[1]s\n```\n", h)
	l, _ := course.ParseLesson("lessons/01-x.md", []byte(markdown))
	l.Source = bytes.ReplaceAll(l.Source, []byte("tab"), []byte("\r\x1b ")) // what course lets through today it may not tomorrow
	for _, s := range styles {
		var b bytes.Buffer
		if err := s.Lesson(&b, l); err != nil {
			t.Fatal(err)
		}
		for _, q := range l.Questions {
			if err := s.Question(&b, q, Answer{Locked: true, Chosen: []bool{true, true}, Note: hostile}); err != nil {
				t.Fatal(err)
			}
		}
		checkLines(t, s.Style, b.String())
	}
}

func FuzzLesson(f *testing.F) {
	f.Add([]byte("# T\n\n- a\n  - b\n\n| a | b |\n|---|---|\n| c | d |\n"), uint8(30))
	f.Add([]byte("> > > 1. - + * x\n\n```go cell id=a\n\tx\n```\n```output match=any\na\n---\nb\n```"), uint8(0))
	f.Add([]byte(hostile), uint8(80))
	f.Add([]byte("```predict\n# a\n> [b](c)\n- [x] 1. `d\n  e`\n  - f\n- [ ] \n```\n"), uint8(20))
	f.Add(readFixture(f), uint8(60))
	f.Add([]byte("[a](b \"c\") ![d](e) <f@g.h> https://i.j ~~k~~ &#27; \\\\ \ufe0f*\ufe0f*\u0301"), uint8(21))
	f.Fuzz(func(t *testing.T, markdown []byte, columns uint8) {
		l, _ := course.ParseLesson("lessons/01-x.md", markdown)
		checkLesson(t, l, max(int(columns), minWidth))
	})
}

// checkLesson checks what holds for every lesson at every width.
func checkLesson(t *testing.T, l *course.Lesson, w int) {
	t.Helper()
	for _, s := range []Style{{Width: w}, {Width: w, Plain: true}, {Width: w, Color: true, Links: true}} {
		var b bytes.Buffer
		if err := s.Lesson(&b, l); err != nil {
			t.Fatal(err)
		}
		checkLines(t, s, b.String())
		answers := Answers{}
		for i, q := range l.Questions {
			answers[q] = Answer{Chosen: []bool{true}, Locked: i%2 == 0, Asking: i%2 == 1}
			if err := s.Question(&b, q, answers[q]); err != nil {
				t.Fatal(err)
			}
			if err := s.Explanation(&b, q, []bool{true}); err != nil {
				t.Fatal(err)
			}
		}
		checkLines(t, s, b.String())
		page := s.Page(l, answers)
		checkPage(t, l, page)
		if len(page.Lines) != len(page.Source) || len(page.Cells) != len(l.Cells) || len(page.Headings) > len(l.Sections) {
			t.Errorf("page of %d lines has %d source lines, %d of %d cells, %d of %d headings", len(page.Lines),
				len(page.Source), len(page.Cells), len(l.Cells), len(page.Headings), len(l.Sections))
		}
		for _, c := range page.Cells {
			if c.First >= c.Output || c.Output > c.End || c.End > len(page.Lines) {
				t.Errorf("cell out of order: %+v of %d", c, len(page.Lines))
			}
		}
	}
}

// TestScrambled lays out texts made of the pieces that are hardest to set, at all kinds of widths.
func TestScrambled(t *testing.T) {
	pieces := strings.Split("# |\n\n|- |1. |> |> [!TIP]\n> |- [ ] |\t|    |`|```go\n|```\n|```go cell id=a\n|```output match=any\n|```predict\n|- [x] |  x|*|**|~~|[a](http://b.c/|"+
		"[x](../exercises/a/b/) |)|![|]|<b>|<!--|-->|&#27;|&amp;|\\|\\\n|  \n|世|世界、。|（|👩\u200d💻|🇩🇪|🇩|\ufe0f|\u200d|\u0301|e\u0301|☺\ufe0f|1\ufe0f\u20e3|\u0600|"+
		"\u1100\u1161|\u202e|\x1b[31m|\u009b|\r|word |longlonglonglonglonglonglonglonglong|\n|\n| | |***\n|---\n|\ufeff", "|")
	pieces = append(pieces, "|", "\n| a | b |\n|---|--:|\n| c | ", " | ", " |\n")
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		var b strings.Builder
		for range random.IntN(60) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		l, _ := course.ParseLesson("lessons/01-x.md", []byte(b.String()))
		checkLesson(t, l, minWidth+random.IntN(60))
		if t.Failed() {
			t.Fatalf("the text was %q", b.String())
		}
	}
}

func FuzzVerdict(f *testing.F) {
	f.Add([]byte(`{"title":"x","class":"race","tests":[{"name":"a"}],"findings":[{"message":"m","at":[{"file":"f","line":1,"role":"r"}]}]}`), uint8(40))
	f.Fuzz(func(t *testing.T, text []byte, columns uint8) {
		var v verdict.Verdict
		if json.Unmarshal(text, &v) != nil {
			return
		}
		for _, s := range []Style{{Width: int(columns)}, {Plain: true}, {Color: true, Links: true}} {
			var b bytes.Buffer
			if err := s.Verdict(&b, v); err != nil {
				t.Fatal(err)
			}
			if bad := foreign(s, b.String()); bad != "" {
				t.Errorf("output has %s\n%q", bad, b.String())
			}
		}
	})
}
