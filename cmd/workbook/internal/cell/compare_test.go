package cell

import (
	"os"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                string
		expect, match, want string
		engine              course.Engine
		res                 Result
		err                 string // "" for none
	}{
		{name: "same", match: "exact", want: "a\nb\n", res: Result{Class: "ok", Output: "a  \nb\n\n"}},
		{name: "differs", match: "exact", want: "a\nb", res: Result{Class: "ok", Output: "a\nc\n"}, err: "lessons/x.md:20: the output is not the documented one (- documented, + real):\n    a\n  - b\n  + c"},
		{name: "address", match: "exact", want: "panic: x\n\ngoroutine 1 [running]:\nmain.f(0xc0001)\n\tlessons/x.md:3 +0x1b\nexit status 2", expect: "panic",
			res: Result{Class: "panic", Stderr: "panic: x\n\ngoroutine 7 [running]:\nmain.f(0xc0002ab)\n\tlessons/x.md:3 +0x2c\n"}},
		{name: "other line", match: "exact", want: "\tlessons/x.md:3 +0x1b", res: Result{Class: "ok", Output: "\tlessons/x.md:4 +0x1b"}, err: "- \tlessons/x.md:3"},
		{name: "unordered", match: "unordered", want: "b\na", res: Result{Class: "ok", Output: "a\nb\n"}},
		{name: "unordered twice", match: "unordered", want: "b\na", res: Result{Class: "ok", Output: "a\nb\nb\n"}, err: "not the documented one"},
		{name: "regexp", match: "regexp", want: `took \d+ms`, res: Result{Class: "ok", Output: "took 12ms\n"}},
		{name: "regexp whole", match: "regexp", want: `took \d+ms`, res: Result{Class: "ok", Output: "took 12ms again\n"}, err: "does not match"},
		{name: "contains", match: "contains", want: "one\nthree", res: Result{Class: "ok", Output: "one\ntwo\nand three\n"}},
		{name: "contains order", match: "contains", want: "three\none", res: Result{Class: "ok", Output: "one\ntwo\nand three\n"}, err: "does not contain"},
		{name: "any", match: "any", want: "a\n---\nb", res: Result{Class: "ok", Output: "b\n"}},
		{name: "any other", match: "any", want: "a\n---\nb", res: Result{Class: "ok", Output: "c\n"}, err: "none of the 2 documented ones:\n  + c"},
		{name: "runs", match: "any", want: "a\n---\nb", res: Result{Class: "ok", Output: "a\n", Outcomes: []Outcome{{Class: "ok", Text: "a", Count: 9}, {Class: "ok", Text: "c", Count: 1}}}, err: "+ c"},
		{name: "class", expect: "race", match: "any", want: "a", res: Result{Class: "ok", Output: "a\n"}, err: "lessons/x.md:10: the cell ends with ok, want race\n  a"},
		{name: "note", match: "any", want: "a", res: Result{Class: "timeout", Note: "stopped after 1s"}, err: "ends with timeout, want ok: stopped after 1s"},
		{name: "fatal for panic", expect: "panic", match: "contains", want: "concurrent map writes", res: Result{Class: "fatal", Stderr: "fatal error: concurrent map writes\n"}},
		{name: "build", engine: "build", match: "contains", want: "declared", res: Result{Class: "compile-error", Output: "x: declared and not used"}},
		{name: "vet", engine: "vet", expect: "exit:1", match: "contains", want: "lock", res: Result{Class: "vet", Output: "copies lock"}},
		{name: "explore", engine: "explore", match: "any", want: "1\n---\n2", res: Result{Class: "ok", Outcomes: []Outcome{{Text: "2"}, {Text: "1"}}}},
		{name: "explore more", engine: "explore", match: "any", want: "1\n---\n3", res: Result{Class: "ok", Explored: "all 6 schedules", Outcomes: []Outcome{{Text: "2"}, {Text: "1"}}},
			err: "lessons/x.md:20: the outcomes of all 6 schedules are not those listed\nfound, but not listed:\n  + 2\nlisted, but not found:\n  - 3"},
	}
	for _, test := range tests {
		c := &course.Cell{File: "lessons/x.md", Line: 10, Engine: test.engine, Expect: test.expect,
			Output: &course.Output{Match: test.match, Text: test.want, Line: 20}}
		err := Compare(c, test.res)
		switch {
		case err == nil && test.err != "":
			t.Errorf("%s: Compare = nil, want %q", test.name, test.err)
		case err != nil && (test.err == "" || !strings.Contains(err.Error(), test.err)):
			t.Errorf("%s: Compare = %q, want %q in it", test.name, err, test.err)
		}
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/race.txt")
	if err != nil {
		t.Fatal(err)
	}
	c := &course.Cell{File: "lessons/02-tools.md", Line: 4, Code: "x := 0\nvar wg sync.WaitGroup\nfor range 2 {\n\twg.Add(1)\n\tgo func() {\n\t\tx++\n"}
	got := fold(&Program{Cell: c, chain: []*course.Cell{c}}, string(raw))
	want := `before
WARNING: DATA RACE
  read by goroutine A at lessons/02-tools.md:9: x++
  previous write by goroutine B at lessons/02-tools.md:9: x++
  goroutine A started at lessons/02-tools.md:8: go func() {
  goroutine B started at lessons/02-tools.md:8: go func() {
after
`
	if got != want {
		t.Errorf("fold =\n%s\nwant\n%s", got, want)
	}
}

func FuzzFold(f *testing.F) {
	raw, err := os.ReadFile("testdata/race.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw))
	f.Fuzz(func(t *testing.T, raw string) {
		c := &course.Cell{File: "lessons/02-tools.md", Line: 4, Code: "x"}
		if got := fold(&Program{Cell: c, chain: []*course.Cell{c}}, raw); strings.Count(got, "DATA RACE") > strings.Count(raw, "DATA RACE") {
			t.Errorf("fold(%q) = %q", raw, got)
		}
	})
}

func TestDraw(t *testing.T) {
	t.Parallel()
	steps := []Step{
		{1, 16, "x++", "read"}, {2, 16, "x++", "read"}, {2, 16, "x++", "write"}, {2, 17, "wg.Done()", ""}, {1, 16, "x++", "write"},
		{0, 20, "fmt.Println(x)", "read"}, {0, 20, "fmt.Println(x)", ""}, {1, 18, "mu.Lock() // a remark that is long", "waits"}, {0, 21, "}", "returns"},
	}
	want := `main               A                          B
                   16 reads: x++
                                              16 x++
                                              17 wg.Done()
                   16 writes: x++
20 fmt.Println(x)
                   18 waits for ever: mu.Lo…
main returns
`
	if got := Draw(steps, 58); got != want {
		t.Errorf("Draw =\n%s\nwant\n%s", got, want)
	}
	if got := Draw(nil, 80); got != "" {
		t.Errorf("Draw(nil) = %q", got)
	}
}
