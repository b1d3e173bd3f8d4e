package explain

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule"
	"workbook/cmd/workbook/internal/schedule/sched"
	"workbook/cmd/workbook/internal/verdict"
)

// scheduleCases are the recorded explorations. A case's name begins with the class of its verdict.
func scheduleCases(t testing.TB) []*testCase {
	t.Helper()
	paths, err := filepath.Glob("testdata/schedules/*.txt")
	if err != nil || len(paths) < 41 {
		t.Fatalf("only %d cases in testdata/schedules (%v)", len(paths), err)
	}
	var all []*testCase
	for _, p := range paths {
		all = append(all, readCase(t, p))
	}
	return all
}

// explained is the verdict on a recorded exploration.
func (c *testCase) explained() *verdict.Verdict { return c.explainedUnder(nil) }

func (c *testCase) explainedUnder(allows func(pkg, name string) bool) *verdict.Verdict {
	class := map[string]verdict.Class{
		"race": verdict.Race, "panic": verdict.Panic, "dead": verdict.Deadlock, "leak": verdict.Leak, "wrong": verdict.Wrong,
		"notconcurrent": verdict.NotConcurrent, "pass": verdict.Pass, "timeout": verdict.Pass,
	}[strings.SplitN(c.name, "_", 2)[0]]
	v := &verdict.Verdict{Class: class, Passed: class == verdict.Pass, Lesson: "lesson"}
	r := run.Record{Test: "TestX", Layer: "schedules", Scheduled: true, Schedule: []byte(c.parts["report"])}
	if journal := c.parts["journal"]; journal != "" {
		r.Journal, r.Output, r.Exit = []byte(journal), c.parts["evidence"], 2
		v.Findings = []verdict.Finding{{Class: class, Test: "TestX", Schedule: strings.TrimSpace(strings.SplitN(journal, "\n", 2)[0])}}
	}
	Verdict(v, Input{
		Records: []run.Record{r},
		Files:   map[string][]byte{"exercises/lesson/x/x.go": []byte(c.parts["x.go"])},
		Tree:    "/tree",
		Allows:  allows,
	})
	return v
}

// drawSchedule writes a verdict as the golden files hold it.
func drawSchedule(v *verdict.Verdict) string {
	b := strings.Builder{}
	fmt.Fprintf(&b, "explored: %s\n", v.Explored)
	for _, n := range v.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	b.WriteString(draw(v))
	for _, f := range v.Findings {
		fmt.Fprintf(&b, "schedule: %s\n", f.Schedule)
		for _, l := range f.Timeline {
			fmt.Fprintf(&b, "\t%s\n", l)
		}
	}
	return b.String()
}

func TestSchedules(t *testing.T) {
	for _, c := range scheduleCases(t) {
		t.Run(c.name, func(t *testing.T) {
			got := drawSchedule(c.explained())
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

// TestSchedulesHold states what holds of every failing schedule, whatever its words.
func TestSchedulesHold(t *testing.T) {
	for _, c := range scheduleCases(t) {
		t.Run(c.name, func(t *testing.T) {
			v := c.explained()
			if v.Passed {
				if len(v.Findings) > 0 || v.Explored == "" && len(v.Notes) == 0 {
					t.Errorf("%d findings, explored %q", len(v.Findings), v.Explored)
				}
				return
			}
			if len(v.Findings) == 0 || v.Findings[0].Class != v.Class {
				t.Fatalf("no finding of class %s:\n%s", v.Class, draw(v))
			}
			for _, f := range v.Findings {
				if f.Message == "" || f.Hint == "" || f.Lesson == "" || len(f.At) == 0 || f.Schedule == "" {
					t.Errorf("something is missing: %+v", f)
				}
				known := len(f.At) > 0 && f.At[0].Role != "function" // where it goes wrong
				checkTimeline(t, f.Timeline, f.Class != verdict.Wrong || known && strings.Contains(c.parts["report"], `"switched": true`))
				checkHidden(t, c, f)
			}
			for line := range strings.Lines(c.parts["x_test.go"]) {
				if line = strings.TrimSpace(line); len(line) > 8 && !strings.Contains(c.parts["x.go"], line) && strings.Contains(drawSchedule(v), line) {
					t.Errorf("it shows %q of the hidden test", line)
				}
			}
			if again := c.explained(); !reflect.DeepEqual(again, v) {
				t.Errorf("a second time it says\n%s\nnot\n%s", drawSchedule(again), drawSchedule(v))
			}
		})
	}
}

var (
	titles = regexp.MustCompile(`^goroutine \d+( {2,}goroutine \d+)*$`)
	cells  = regexp.MustCompile(`^ *((> |  )\d+ \S.*|  calls [A-Z]\w*(\(.*\))?|> the test (reads|writes|waits)|  … \d+ more steps?)$`)
)

// checkTimeline checks what the renderer relies on, and that one step is marked; of a wrong result that takes no switch
// nobody knows which step it is.
func checkTimeline(t *testing.T, lines []string, marked bool) {
	t.Helper()
	if len(lines) < 2 || len(lines) > timelineLines {
		t.Fatalf("a timeline of %d lines", len(lines))
	}
	if !titles.MatchString(lines[0]) {
		t.Errorf("the titles are %q", lines[0])
	}
	marks := 0
	for _, l := range lines {
		if n := utf8.RuneCountInString(l); n > timelineWidth {
			t.Errorf("a line of %d characters: %q", n, l)
		}
		if strings.TrimRight(l, " ") != l {
			t.Errorf("blanks at the end of %q", l)
		}
		if strings.HasPrefix(strings.TrimLeft(l, " "), "> ") {
			marks++
		}
		if l != lines[0] && !cells.MatchString(l) {
			t.Errorf("a row %q", l)
		}
	}
	if marks == 0 && marked {
		t.Errorf("no step is marked:\n%s", strings.Join(lines, "\n"))
	}
}

// TestReportFields holds that a report is read as package sched writes it.
func TestReportFields(t *testing.T) {
	for _, pair := range [][2]any{
		{exploration{}, sched.Report{}}, {site{}, sched.Place{}}, {started{}, sched.Goroutine{}}, {step{}, sched.Step{}}, {lock{}, sched.Lock{}}, {waiting{}, sched.Wait{}},
	} {
		theirs := jsonFields(reflect.TypeOf(pair[1]))
		for name, kind := range jsonFields(reflect.TypeOf(pair[0])) {
			if theirs[name] == "" || kind != theirs[name] {
				t.Errorf("%T has %s %s, %T %s", pair[0], name, kind, pair[1], theirs[name])
			}
		}
	}
}

// jsonFields are the names of a struct's fields in JSON, with their kinds.
func jsonFields(typ reflect.Type) map[string]string {
	fields := map[string]string{}
	for f := range typ.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		kind := f.Type.Kind().String()
		if kind == "int32" {
			kind = "int"
		}
		if name != "" {
			fields[name] = kind
		}
	}
	return fields
}

func TestExploredText(t *testing.T) {
	x := func(class string, schedules, exhausted, atBound int, stopped string) *exploration {
		return &exploration{Found: class != "", Class: class, Schedules: schedules, Exhausted: exhausted, AtBound: atBound, Stopped: stopped}
	}
	complete := func(all int) *exploration {
		return &exploration{Schedules: all, Exhausted: 2, AtBound: all, Complete: true, Stopped: "exhausted"}
	}
	for _, tt := range []struct {
		xs   []*exploration
		want string
	}{
		{nil, ""},
		{[]*exploration{x("", 314, 2, 214, "exhausted")}, "all 214 schedules with at most 2 delays"},
		{[]*exploration{x("", 314, 2, 214, "exhausted"), x("", 1100, 2, 1000, "exhausted")}, "all 1,214 schedules of 2 tests with at most 2 delays"},
		{[]*exploration{x("", 314, 2, 214, "exhausted"), x("", 1200, 1, 40, "time")}, "1,514 schedules of 2 tests, among them all with at most 1 delay"},
		{[]*exploration{x("", 314, 0, 1, "time")}, "314 schedules, among them all without a delay"},
		{[]*exploration{x("", 90, -1, 0, "time")}, "90 schedules, chosen at random and by priority"},
		{[]*exploration{x("", 314, 2, 214, "exhausted"), x("race", 7, -1, 0, "found")}, "321 schedules of 2 tests, up to the one that failed"},
		{[]*exploration{x("wrong", 1, -1, 0, "found"), x("race", 7, -1, 0, "found")}, "8 schedules of 2 tests, up to those that failed"},
		{[]*exploration{{Schedules: 1, Exhausted: -1, Cannot: "network"}}, ""},
		{[]*exploration{{Schedules: 1, Exhausted: -1, Cannot: "network"}, x("", 105, 2, 5, "exhausted")}, "all 5 schedules with at most 2 delays"},
		{[]*exploration{x("", 106, 3, 6, "exhausted")}, "all 6 schedules with at most 3 delays"},
		{[]*exploration{complete(1)}, "the one schedule that there is"},
		{[]*exploration{complete(1), complete(1)}, "all 2 schedules of 2 tests"},
		{[]*exploration{complete(28)}, "all 28 schedules"},
		{[]*exploration{complete(28), x("", 314, 2, 1214, "exhausted"), complete(6)}, "all 34 schedules of 2 tests, and all 1,214 of 1 more with at most 2 delays"},
		{[]*exploration{complete(28), x("", 314, 1, 214, "time")}, "342 schedules of 2 tests, among them all with at most 1 delay"},
		{[]*exploration{complete(28), x("race", 7, -1, 0, "found")}, "35 schedules of 2 tests, up to the one that failed"},
	} {
		if got := exploredText(tt.xs); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestEndedText(t *testing.T) {
	journal := []byte("1d4rq9-5e" + strings.Repeat(" ", 502) + "\n")
	died := run.Record{Test: "TestA", Journal: journal, Exit: 2}
	report := run.Record{Test: "TestB", Journal: journal, Schedule: []byte("{}"), Exit: 1}
	for want, records := range map[string][]run.Record{
		"": {report, {Test: "TestC"}},
		"; of 1 more test, up to the one that ended the program":  {died, report},
		"; of 2 more tests, up to the one that ended the program": {died, report, died},
	} {
		if got := endedText(records); got != want {
			t.Errorf("endedText = %q, want %q", got, want)
		}
	}
}

func TestExploredNotes(t *testing.T) {
	reason := schedule.Reason{File: "exercises/lesson/x/x.go", Line: 3, Text: "the file uses cgo"}
	other := schedule.Reason{File: "exercises/lesson/x/secret_test.go", Line: 9, Text: "go:linkname"}
	v := &verdict.Verdict{Passed: true, Class: verdict.Pass}
	Verdict(v, Input{
		Files: map[string][]byte{"exercises/lesson/x/x.go": []byte("package x\n")}, Tree: "/tree", Refused: []schedule.Reason{reason, other, reason, reason},
		Records: []run.Record{
			{Test: "TestA", Schedule: []byte(`{"schedules":1,"exhausted":-1,"cannot":"IO wait at /tree/exercises/lesson/x/x.go:1\nand (sync): f at /tree/exercises/lesson/x/secret_test.go:77"}`)},
			{Test: "TestB", Schedule: []byte(`{"schedules":20,"exhausted":-1,"inconclusive":20}`)},
			{Test: "TestC", Schedule: []byte(`{"schedules":20,"exhausted":-1,"inconclusive":1}`)},
			{Test: "TestD", Schedule: []byte(`{"schedules":20,"exhausted":-1}`)},
		},
	})
	want := []string{
		"The schedules of your program could not be explored, so its tests only ran freely: line 3: the file uses cgo; go:linkname; line 3: the file uses cgo; and 1 more.",
		"The schedules of TestA could not be explored, so it only ran freely: IO wait at line 1 and (sync): f.",
		"No schedule of TestB came to an end in the steps that it was given, so none was judged.",
		"Not judged of TestC, since the steps given did not bring it to an end: 1 schedule.",
	}
	if !reflect.DeepEqual(v.Notes, want) {
		t.Errorf("the notes are\n%s\nwant\n%s", strings.Join(v.Notes, "\n"), strings.Join(want, "\n"))
	}
}

// TestSupersedes holds that a failing schedule stands in the place of what the same test's record says
// of the same mistake, and of nothing else.
func TestSupersedes(t *testing.T) {
	for _, c := range scheduleCases(t) {
		if c.name != "dead_order" {
			continue
		}
		v := &verdict.Verdict{Class: verdict.Deadlock, Findings: []verdict.Finding{
			{Class: verdict.Deadlock, Test: "TestX", Message: "stuck", Raw: "no dump"}, {Class: verdict.Wrong, Test: "TestY", Raw: "another one"}, {Class: verdict.Deadlock, Test: "TestY", Message: "stuck too"},
		}}
		Verdict(v, Input{
			Records: []run.Record{{Test: "TestX", Done: true}, {Test: "TestX", Schedule: []byte(c.parts["report"])}},
			Files:   map[string][]byte{"exercises/lesson/x/x.go": []byte(c.parts["x.go"])}, Tree: "/tree",
		})
		if len(v.Findings) != 3 || v.Findings[0].Schedule == "" || v.Findings[1].Test != "TestY" || v.Findings[2].Message != "stuck too" {
			t.Errorf("%s", drawSchedule(v))
		}
	}
}

// FuzzReport gives the diagnosis reports and sources that may not belong together, or be none.
func FuzzReport(f *testing.F) {
	f.Add([]byte(`{"found":true,"class":"deadlock","steps":[{"g":1},{"g":-7,"file":"exercises/lesson/x/x.go","line":99999}],"waits":[{"g":1,"for":"mutex"}]}`), learners)
	for _, c := range scheduleCases(f) {
		f.Add([]byte(c.parts["report"]), c.parts["x.go"])
	}
	f.Fuzz(func(t *testing.T, report []byte, source string) {
		for _, passed := range []bool{true, false} {
			v := &verdict.Verdict{Passed: passed}
			Verdict(v, Input{
				Records: []run.Record{{Test: "TestX", Schedule: report}}, Tree: "/tree",
				Files: map[string][]byte{"exercises/lesson/x/x.go": []byte(source)},
			})
			for _, fd := range v.Findings {
				if len(fd.Timeline) > timelineLines {
					t.Errorf("a timeline of %d lines", len(fd.Timeline))
				}
				for _, l := range fd.Timeline {
					if n := utf8.RuneCountInString(l); n > timelineWidth {
						t.Errorf("a line of %d characters: %q", n, l)
					}
				}
			}
		}
	})
}

// TestCutReports reads every report cut off at many places, and with pieces swapped for others.
func TestCutReports(t *testing.T) {
	for _, c := range scheduleCases(t) {
		report := c.parts["report"]
		if report == "" {
			continue
		}
		for n := range 24 {
			c.parts["report"] = report[:len(report)*n/24]
			c.explained()
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(report), &m); err != nil {
			t.Fatal(err)
		}
		for key := range m {
			short := map[string]any{}
			for k, v := range m {
				if k != key {
					short[k] = v
				}
			}
			b, err := json.Marshal(short)
			if err != nil {
				t.Fatal(err)
			}
			c.parts["report"] = string(b)
			c.explained()
		}
	}
}

// BenchmarkSchedule diagnoses a schedule of some thousand steps, as many as the scheduler records.
func BenchmarkSchedule(b *testing.B) {
	for _, c := range scheduleCases(b) {
		if c.name != "wrong_long" {
			continue
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(c.parts["report"]), &m); err != nil {
			b.Fatal(err)
		}
		steps := m["steps"].([]any)
		for all := steps; len(steps) < 3000; {
			steps = append(steps, all...)
		}
		m["steps"] = steps
		report, err := json.Marshal(m)
		if err != nil {
			b.Fatal(err)
		}
		c.parts["report"] = string(report)
		for b.Loop() {
			c.explained()
		}
	}
}
