package explain

import (
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/verdict"
)

const counter = `package counter

type Counter struct {
	n int64
}

func (c *Counter) Inc()         { c.n++ }
func (c *Counter) Value() int64 { return c.n }

func TryTake(k int) bool { return k > 0 }
`

// grade runs Verdict on one finding.
func grade(f verdict.Finding, records ...run.Record) *verdict.Verdict {
	v := &verdict.Verdict{Class: f.Class, Lesson: "atomicity", Findings: []verdict.Finding{f}}
	Verdict(v, Input{
		Records: records, Tree: "/tree",
		Files: map[string][]byte{"exercises/atomicity/counter/counter.go": []byte(counter)},
	})
	return v
}

func TestWrong(t *testing.T) {
	tests := []struct {
		name    string
		text    string
		message string
		detail  []string
		line    int // of the place, 0 for none
	}{
		{"plain", "4 Inc by 2 goroutines, but Value is 3 instead of 4: an update was lost",
			"4 Inc by 2 goroutines, but Value is 3 instead of 4: an update was lost", nil, 7},
		{"prefix", "    counter_test.go:12: after Inc Value is 0", "after Inc Value is 0", nil, 7},
		{"two", "    counter_test.go:12: after Inc Value is 0\n    counter_test.go:15: Reset returned 1\n",
			"after Inc Value is 0", []string{"Reset returned 1"}, 7},
		{"noise", "=== RUN   TestX\n--- FAIL: TestX (0.00s)\n    counter_test.go:12: TryTake(1) failed although 1 was free\nFAIL\n",
			"TryTake(1) failed although 1 was free", nil, 10},
		{"continued", "    a/b/counter_test.go:12: got\n        1 2 3\n", "got 1 2 3", nil, 7},
		{"windows", `C:\tree\exercises\counter_test.go:12: lost`, "lost", nil, 7},
		{"race line", "    testing.go:1712: race detected during execution of test\n    counter_test.go:9: lost", "lost", nil, 7},
		{"nothing named", "the sum is 3, want 4", "the sum is 3, want 4", nil, 7},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := grade(verdict.Finding{Class: verdict.Wrong, Test: "TestX", Raw: tt.text}).Findings[0]
			if f.Message != tt.message || !slices.Equal(f.Detail, tt.detail) {
				t.Errorf("message %q, detail %q, want %q, %q", f.Message, f.Detail, tt.message, tt.detail)
			}
			line := 0
			if len(f.At) > 0 {
				line = f.At[0].Line
			}
			if line != tt.line {
				t.Errorf("the place is line %d, want %d", line, tt.line)
			}
			if f.Hint == "" || f.Lesson == "" {
				t.Errorf("hint %q, lesson %q", f.Hint, f.Lesson)
			}
		})
	}
}

func TestWrongFromMessageOrRecord(t *testing.T) {
	f := grade(verdict.Finding{Class: verdict.Wrong, Test: "TestX", Message: "counter_test.go:3: lost"}).Findings[0]
	if f.Message != "lost" {
		t.Errorf("from the message: %q, want lost", f.Message)
	}
	f = grade(verdict.Finding{Class: verdict.Wrong, Test: "TestX"},
		run.Record{Test: "TestOther", Failures: []string{"other"}}, run.Record{Test: "TestX", Failures: []string{"one", "two"}}).Findings[0]
	if f.Message != "one" || !slices.Equal(f.Detail, []string{"two"}) {
		t.Errorf("from the record: %q, %q, want one, [two]", f.Message, f.Detail)
	}
	f = grade(verdict.Finding{Class: verdict.NotConcurrent, Test: "TestX", Message: "never 2 at once"}).Findings[0]
	if f.Message != "never 2 at once" || f.Lesson != secOverlap {
		t.Errorf("not concurrent: %q, %q", f.Message, f.Lesson)
	}
}

func TestBuildHints(t *testing.T) {
	tests := []struct{ message, hint string }{
		{`"sync" imported and not used`, `import of "sync"`},
		{`declared and not used: err`, "Use err or delete it"},
		{"undefined: sync", "Import the package sync"},
		{"undefined: cout", "cout is not declared"},
		{"c.count undefined (type *Counter has no field or method count, but does have field Count)", "it is called Count"},
		{"c.count undefined (type *Counter has no field or method count)", "*Counter has no count"},
		{"missing return", "end in a return"},
		{"no new variables on left side of :=", "write = in place"},
		{"non-name c.n on left side of :=", "write = in place"},
		{"invalid operation: a + b (mismatched types int and int64)", "int(x)"},
		{`cannot use "x" (untyped string constant) as int value in assignment`, "convert the value"},
		{"cannot use n (variable of type int) as int64 value in argument to f", "convert the value"},
		{"assignment mismatch: 1 variable but f returns 2 values", "gives 2 values"},
		{"not enough arguments in call to f\n\thave (int)\n\twant (int, int)", "parameters"},
		{"too many return values\n\thave (int)\n\twant ()", "signature"},
		{"not enough return values\n\thave ()\n\twant (int)", "signature"},
		{"invalid operation: cannot send to receive-only channel in (variable of type <-chan int)", "in has a direction"},
		{"invalid operation: cannot close receive-only channel in (variable of type <-chan int)", "sending side"},
		{"expression in go must be function call", "go func()"},
		{"expression in defer must be function call", "defer func()"},
		{"c.n (variable of type int) is not used", "assign it"},
		{"f() (value of type int) is not used", "assign it"},
		{"syntax error: unexpected newline, expected comma", "Something is missing"},
		{"syntax error: unexpected } at end of statement", "unclosed brace"},
		{"expected ';', found 'EOF'", "unclosed brace"},
		{"x redeclared in this block\n\tx.go:3:2: other declaration of x", "declared twice"},
		{"assignment copies lock value to d: sync.Mutex", "copy of a mutex"},
		{"Inc passes lock by value: counter.Counter contains sync.Mutex", "copy of a mutex"},
		{"WaitGroup.Add called from inside new goroutine", "before the go statement"},
		{"direct assignment to atomic value", "methods"},
		{"the cancel function returned by context.WithCancel should be called, not discarded, to avoid a context leak", "defer cancel()"},
		{"cannot assign to struct field m[k].n in map", "put it back"},
		{"cannot use c (variable of type C) as I value in assignment: C does not implement I (missing method Close)", "method Close"},
		{"use of package sync without selector", "sync.Something"},
		{"package foo is not in std", "standard library"},
		{"something nobody has seen", ""},
	}
	for _, tt := range tests {
		got := buildHint(tt.message)
		if tt.hint == "" && got != "" || !strings.Contains(got, tt.hint) || strings.Contains(got, "$") {
			t.Errorf("buildHint(%q) = %q, want it to say %q", tt.message, got, tt.hint)
		}
	}
}

func TestBuildFromText(t *testing.T) {
	f := grade(verdict.Finding{Class: verdict.Build, Raw: "# workbook/exercises/atomicity/counter\n" +
		"exercises/atomicity/counter/counter.go:4:2: undefined: sync\n/tree/exercises/atomicity/counter/counter.go:8:1: missing return\n"}).Findings[0]
	want := verdict.Place{File: "exercises/atomicity/counter/counter.go", Line: 4, Role: "error", Source: "n int64"}
	if f.Message != "undefined: sync" || len(f.At) != 1 || f.At[0] != want || !slices.Equal(f.Detail, []string{"line 8: missing return"}) {
		t.Errorf("%+v", f)
	}
	f = grade(verdict.Finding{Class: verdict.Build, Raw: "exercises/atomicity/counter/counter_test.go:4:2: undefined: counter.Add\n"}).Findings[0]
	if f.Message != "The tests do not compile with your file: undefined: counter.Add" || len(f.At) != 0 {
		t.Errorf("%+v", f)
	}
	given := verdict.Finding{Class: verdict.Build, Message: "missing return", At: []verdict.Place{{File: "exercises/atomicity/counter/counter.go", Line: 8, Role: "error"}}}
	f = grade(given).Findings[0]
	if f.Message != "missing return" || f.At[0].Source == "" || f.Hint == "" {
		t.Errorf("%+v", f)
	}
}

// report is a race between the two lines of counter.go.
func raceText(a, b string) string {
	return `==================
WARNING: DATA RACE
Read at 0x00c000018258 by goroutine 9:
  workbook/exercises/atomicity/counter.(*Counter).Value()
      /tree/exercises/atomicity/counter/counter.go:` + a + ` +0x33

Previous write at 0x00c000018258 by goroutine 8:
  workbook/exercises/atomicity/counter.(*Counter).Inc()
      /tree/exercises/atomicity/counter/counter.go:` + b + ` +0x116
==================
`
}

// TestVerdict holds that the races of one variable are one finding, whichever tests saw them and with
// the schedule of the one that has one, and that what is not known stays as it was.
func TestVerdict(t *testing.T) {
	v := &verdict.Verdict{Class: verdict.Race, Findings: []verdict.Finding{
		{Class: verdict.Race, Test: "TestA"}, {Class: verdict.Race, Test: "TestB", Schedule: "1a"}, {Class: verdict.Fault, Test: "TestC", Message: "no disk"},
	}}
	Verdict(v, Input{
		Tree:  "/tree",
		Files: map[string][]byte{"exercises/atomicity/counter/counter.go": []byte(counter)},
		Records: []run.Record{
			{Test: "TestA", RaceText: raceText("8", "7") + raceText("7", "7")}, {Test: "TestB", RaceText: raceText("7", "7") + raceText("8", "7")},
		},
	})
	if len(v.Findings) != 2 {
		t.Fatalf("%d findings, want 2:\n%s", len(v.Findings), draw(v))
	}
	f := v.Findings[0]
	if f.Test != "TestB" || f.Schedule != "1a" || !strings.HasPrefix(f.Message, "One call of Inc reads c.n while another call of Inc writes it: a data race on n (int64, field of Counter).") {
		t.Errorf("%+v", f)
	}
	if !slices.Contains(f.Detail, "The same race was seen between line 8 and line 7.") {
		t.Errorf("the second pair of lines is missing: %q", f.Detail)
	}
	if o := v.Findings[1]; o.Message != "no disk" || o.Hint == "" {
		t.Errorf("%+v", o)
	}
}

func TestVerdictWithoutFindings(t *testing.T) {
	v := &verdict.Verdict{Class: verdict.Race}
	Verdict(v, Input{Records: []run.Record{
		{Test: "TestA", Done: true}, {Test: "TestB", RaceText: raceText("8", "7")}, {Test: "TestC", Failures: []string{"lost"}}, {Test: "TestD", Output: "panic: own\n"},
		{Test: "TestE", Stuck: "deadlock"}, {Test: "TestF", TimedOut: true}, {Test: "TestG", Done: true, Leaked: 2},
	}})
	var classes []verdict.Class
	for _, f := range v.Findings {
		classes = append(classes, f.Class)
		if f.Message == "" || f.Hint == "" {
			t.Errorf("%+v says nothing", f)
		}
	}
	want := []verdict.Class{verdict.Race, verdict.Wrong, verdict.Panic, verdict.Deadlock, verdict.Timeout, verdict.Leak}
	if !slices.Equal(classes, want) {
		t.Errorf("classes %v, want %v", classes, want)
	}
	passed := &verdict.Verdict{Passed: true, Class: verdict.Pass}
	Verdict(passed, Input{Records: []run.Record{{Test: "TestB", RaceText: raceText("8", "7")}}})
	if len(passed.Findings) != 0 {
		t.Errorf("a pass got findings: %+v", passed.Findings)
	}
}

func TestSection(t *testing.T) {
	course := map[string]bool{"races": true, "races#maps": true, "atomicity": true}
	has := func(ref string) bool { return course[ref] }
	for _, tt := range []struct{ ref, want string }{
		{"races#maps", "races#maps"}, {"races#data-races", "races"}, {"channels#closing", "atomicity"}, {"", ""},
	} {
		if got := section(verdict.Finding{Lesson: tt.ref}, "atomicity", has); got != tt.want {
			t.Errorf("section(%q) = %q, want %q", tt.ref, got, tt.want)
		}
	}
	if got := section(verdict.Finding{Lesson: "x#y"}, "atomicity", nil); got != "x#y" {
		t.Errorf("without a course: %q", got)
	}
}

// TestTeach holds that there is a text for every class but pass, of 80 to 160 words, and that all
// sections have the form that the lessons' anchors have.
func TestTeach(t *testing.T) {
	for _, c := range []verdict.Class{
		verdict.Build, verdict.Policy, verdict.Wrong, verdict.Race, verdict.Deadlock, verdict.Leak,
		verdict.Timeout, verdict.Panic, verdict.NotConcurrent, verdict.Tampered, verdict.Fault,
	} {
		x := Teach(c)
		if n := len(strings.Fields(x.Text)); n < 80 || n > 160 {
			t.Errorf("%s has a text of %d words, want 80 to 160", c, n)
		}
		if x.Title == "" || x.Hint == "" || strings.HasSuffix(x.Title, ".") || !strings.ContainsAny(x.Hint[len(x.Hint)-1:], ".?") {
			t.Errorf("%s: title %q, hint %q", c, x.Title, x.Hint)
		}
		if x.Lesson != "" && !slices.Contains(Sections(), x.Lesson) {
			t.Errorf("%s points to %q, which is not in Sections", c, x.Lesson)
		}
	}
	if x := Teach(verdict.Pass); x != (Text{}) {
		t.Errorf("pass has the text %+v", x)
	}
	for _, s := range Sections() {
		slug, anchor, ok := strings.Cut(s, "#")
		if !ok || slug == "" || anchor == "" || strings.ToLower(s) != s || strings.ContainsAny(s, " _.") {
			t.Errorf("the section %q is no slug#anchor", s)
		}
	}
}

// TestLeaksOfSeveralTests holds that one blocked line is one finding, however many tests leave
// goroutines there.
func TestLeaksOfSeveralTests(t *testing.T) {
	const blocked = "goroutine %ID [chan send]:\nworkbook/exercises/atomicity/counter.(*Counter).Inc(0x1)\n\t/tree/exercises/atomicity/counter/counter.go:7 +0x1\n\n"
	one := strings.ReplaceAll(blocked, "%ID", "7")
	v := &verdict.Verdict{Findings: []verdict.Finding{{Class: verdict.Leak, Test: "TestA", Raw: one}, {Class: verdict.Leak, Test: "TestB", Raw: one + strings.ReplaceAll(blocked, "%ID", "8")}}}
	Verdict(v, Input{Tree: "/tree", Files: map[string][]byte{"exercises/atomicity/counter/counter.go": []byte(counter)}})
	if len(v.Findings) != 1 || v.Findings[0].Test != "TestA" {
		t.Errorf("%d findings, want that of TestA:\n%s", len(v.Findings), draw(v))
	}
}

func BenchmarkVerdict(b *testing.B) {
	in := Input{Tree: "/tree", Files: map[string][]byte{"exercises/atomicity/counter/counter.go": []byte(counter)}}
	for b.Loop() {
		v := &verdict.Verdict{Findings: []verdict.Finding{{Class: verdict.Race, Raw: raceText("8", "7")}}}
		Verdict(v, in)
	}
}
