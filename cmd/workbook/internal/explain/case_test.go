package explain

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/verdict"
)

var update = flag.Bool("update", false, "rewrite the expected diagnoses in testdata/cases")

// testCase is a file of testdata/cases: a learner's program, the test that ran it, what was recorded,
// and the diagnosis. Its name's first word is the class.
type testCase struct {
	path, name string
	note       string // words for the recorder: norace, nodump
	parts      map[string]string
}

var partLine = regexp.MustCompile(`(?m)^-- (.+) --\n`)

func readCase(t testing.TB, path string) *testCase {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := &testCase{path: path, name: strings.TrimSuffix(filepath.Base(path), ".txt"), parts: map[string]string{}}
	marks := partLine.FindAllSubmatchIndex(text, -1)
	for i, m := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		c.parts[string(text[m[2]:m[3]])] = string(text[m[1]:end])
	}
	if len(marks) > 0 {
		c.note = string(text[:marks[0][0]])
	}
	return c
}

func (c *testCase) write(t *testing.T) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(c.note)
	for _, name := range []string{"x.go", "x_test.go", "evidence", "journal", "report", "want"} {
		if text, ok := c.parts[name]; ok {
			fmt.Fprintf(&b, "-- %s --\n%s", name, text)
		}
	}
	if err := os.WriteFile(c.path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (c *testCase) class() verdict.Class {
	prefix, _, _ := strings.Cut(c.name, "_")
	return map[string]verdict.Class{
		"race": verdict.Race, "panic": verdict.Panic, "dead": verdict.Deadlock, "leak": verdict.Leak, "time": verdict.Timeout,
	}[prefix]
}

func (c *testCase) input() Input {
	r := run.Record{Test: "TestX"}
	switch c.class() {
	case verdict.Race:
		r.RaceText = c.parts["evidence"]
	case verdict.Panic:
		r.Output = c.parts["evidence"]
	default:
		r.Dump = c.parts["evidence"]
	}
	return Input{
		Records: []run.Record{r},
		Files:   map[string][]byte{"exercises/lesson/x/x.go": []byte(c.parts["x.go"])},
		Tree:    "/tree",
	}
}

func cases(t *testing.T) []*testCase {
	t.Helper()
	paths, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil || len(paths) < 60 {
		t.Fatalf("only %d cases in testdata/cases (%v)", len(paths), err)
	}
	var all []*testCase
	for _, p := range paths {
		all = append(all, readCase(t, p))
	}
	return all
}

// draw writes a verdict's findings as the golden files hold them.
func draw(v *verdict.Verdict) string {
	var b strings.Builder
	for _, f := range v.Findings {
		fmt.Fprintf(&b, "%s: %s\n", f.Class, f.Message)
		for _, p := range f.At {
			fmt.Fprintf(&b, "\tat %s:%d %s: %s\n", p.File, p.Line, p.Role, p.Source)
		}
		fmt.Fprintf(&b, "\thint: %s\n", f.Hint)
		for _, d := range f.Detail {
			fmt.Fprintf(&b, "\tdetail: %s\n", d)
		}
		fmt.Fprintf(&b, "\tlesson: %s\n", f.Lesson)
	}
	return b.String()
}

// TestCases compares the diagnosis of each recorded program with the expected one.
func TestCases(t *testing.T) {
	for _, c := range cases(t) {
		t.Run(c.name, func(t *testing.T) {
			v := &verdict.Verdict{Class: c.class(), Findings: []verdict.Finding{{Class: c.class(), Test: "TestX"}}}
			Verdict(v, c.input())
			got := draw(v)
			if *update {
				c.parts["want"] = got
				c.write(t)
				return
			}
			if got != c.parts["want"] {
				t.Errorf("the diagnosis is\n%s\nwant\n%s", got, c.parts["want"])
			}
		})
	}
}

// TestCasesHold states what holds of every recorded diagnosis, whatever its words: a line of the
// learner's that exists, a hint, a section, and nothing of the hidden test.
func TestCasesHold(t *testing.T) {
	for _, c := range cases(t) {
		v := &verdict.Verdict{Class: c.class(), Findings: []verdict.Finding{{Class: c.class(), Test: "TestX"}}}
		Verdict(v, c.input())
		if len(v.Findings) == 0 {
			t.Errorf("%s: no finding", c.name)
		}
		for _, f := range v.Findings {
			if f.Message == "" || f.Hint == "" || f.Lesson == "" {
				t.Errorf("%s: message %q, hint %q, lesson %q: one is empty", c.name, f.Message, f.Hint, f.Lesson)
			}
			if n := len(strings.Fields(f.Hint)); n > 45 {
				t.Errorf("%s: a hint of %d words", c.name, n)
			}
			if len(f.At) == 0 && !strings.Contains(c.note, "noplace") {
				t.Errorf("%s: no place", c.name)
			}
			for _, p := range f.At {
				if p.File != "exercises/lesson/x/x.go" || p.Source == "" {
					t.Errorf("%s: place %+v is not a line of the learner's file", c.name, p)
				}
			}
			checkHidden(t, c, f)
		}
	}
}

// checkHidden looks for the hidden test's names in what a learner is shown.
func checkHidden(t *testing.T, c *testCase, f verdict.Finding) {
	t.Helper()
	shown := draw(&verdict.Verdict{Findings: []verdict.Finding{f}})
	for _, secret := range append(regexp.MustCompile(`func (Test\w+)`).FindStringSubmatch(c.parts["x_test.go"])[1:], "_test.go", "/tree", "/goroot") {
		if strings.Contains(shown, secret) {
			t.Errorf("%s: the finding shows %q:\n%s", c.name, secret, shown)
		}
	}
}
