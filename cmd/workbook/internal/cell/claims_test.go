package cell

import (
	"fmt"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// question makes a lesson's question with one right and one wrong option about a cell with an output fence.
func question(t *testing.T, info, right, wrong, output string) *course.Predict {
	t.Helper()
	text := fmt.Sprintf("# X\n\n```predict\nWhat?\n- [x] %s\n  A.\n- [ ] %s\n  B.\n```\n\n```go cell %s\nx\n```\n", right, wrong, info)
	if output != "" {
		text += "\n```output " + output + "\n```\n"
	}
	l, err := course.ParseLesson("lessons/01-x.md", []byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return l.Questions[0]
}

func TestClaims(t *testing.T) {
	const (
		notIt  = `lessons/01-x.md:5: option %s is marked as right, but it is no output that the lesson documents of cell cell1, at line 16`
		itIs   = `lessons/01-x.md:7: option %s is marked as wrong, but the output that the lesson documents of cell cell1 allows it, at line 16`
		noText = `lessons/01-x.md:5: option %s claims an output, but the lesson documents none of cell cell1`
	)
	for _, row := range []claimed{
		{"exact", "", "`1`", "`2`", "match=exact\n1", ""},
		{"prose is not checked", "", "always `2`", "1", "match=exact\n1", ""},
		{"no output", "", "`1`", "prose", "", fmt.Sprintf(noText, "`1`")},
		{"prose without output", "", "1", "2", "", ""},
		{"right is not", "", "`2`", "`3`", "match=exact\n1", fmt.Sprintf(notIt, "`2`")},
		{"wrong is", "", "it", "`1`", "match=exact\n1", fmt.Sprintf(itIs, "`1`")},
		{"both", "", "`2`", "`1`", "match=exact\n1", fmt.Sprintf(notIt, "`2`") + "\n" + fmt.Sprintf(itIs, "`1`")},
		{"unordered", "", "`2 1`", "`3`", "match=unordered\n2 1", ""},
		{"any", "", "`2`", "`3`", "match=any\n1\n---\n2", ""},
		{"explored", "engine=explore", "`2`", "`1`", "match=any\n1\n---\n2", fmt.Sprintf(itIs, "`1`")},
		{"explored, not found", "engine=explore", "`3`", "prose", "match=any\n1\n---\n2", fmt.Sprintf(notIt, "`3`")},
		{"regexp", "", "`77 of 80`", "`x of 80`", "match=regexp\n\\d+ of 80", ""},
		{"regexp allows", "", "fewer", "`90 of 80`", "match=regexp\n\\d+ of 80", fmt.Sprintf(itIs, "`90 of 80`")},
		{"more than is contained", "", "`fatal error: all asleep - deadlock!`", "`ok`", "match=contains\nall asleep - deadlock!", ""},
		{"less than is contained", "", "`DATA RACE`", "`fatal error: DATA RACE`", "match=contains\nWARNING: DATA RACE", ""},
		{"blanks at the end", "", "`1`", "`0`", "match=exact\n1  ", ""},
	} {
		got := ""
		if faults := Claims(question(t, row.info, row.right, row.wrong, row.output)); len(faults) > 0 {
			got = faults.Error()
		}
		if got != row.want {
			t.Errorf("%s: Claims =\n%s\nwant\n%s", row.name, got, row.want)
		}
	}
}

func TestClaimOfLines(t *testing.T) {
	const text = "# X\n\n```predict\nWhat?\n- [x] `a\n  b`\n  A.\n- [ ] `a`\n  B.\n```\n\n```go cell\nx\n```\n\n```output\na\nb\n```\n"
	l, err := course.ParseLesson("lessons/01-x.md", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if faults := Claims(l.Questions[0]); len(faults) > 0 {
		t.Errorf("Claims = %v, want none", faults)
	}
}

// Options of several code spans, of endings and of lines.
func TestClaimsOfOtherKinds(t *testing.T) {
	const any3 = "match=any\n1\n---\n2\n---\nPANIC: no"
	for _, row := range []claimed{
		{"set", "", "`1` and `2`", "Only `1`", "match=any\n1\n---\n2", ""},
		{"set in another order", "", "`2`, or `1`", "`1`, `2` and `3`", "match=any\n1\n---\n2", ""},
		{"too few", "", "Only `1`", "`1` and `2`.", "match=any\n1\n---\n2", "these are not the outcomes\nthese are the outcomes"},
		{"only one", "", "Only `1`", "`1` and `2`", "match=exact\n1", ""},
		{"a set of a pattern is prose", "", "`1` and `2`", "`3` and `4`", "match=regexp\n\\d", ""},
		{"prose with spans", "", "`1` mostly", "`1` and then `2`", "match=exact\n7", ""},
		{"deadlock", "expect=deadlock", "It deadlocks.", "It panics.", "match=contains\nx", ""},
		{"no deadlock", "", "It may deadlock.", "It deadlocks", "match=exact\nx", "does not expect a deadlock"},
		{"race", "engine=race expect=race", "The race is reported.", "It does not compile", "match=contains\nDATA RACE", ""},
		{"race unheard of", "engine=race", "fine", "It reports a data race: two writes.", "match=exact\nx", ""},
		{"no detector", "engine=run", "It reports the data race", "no", "match=exact\nx", ""},
		{"explored end", "engine=explore", "It may panic.", "It may deadlock.", any3, ""},
		{"explored end hidden", "engine=explore", "no", "It panics.", any3, "expects a panic"},
		{"compile", "engine=build expect=compile-error", "Nothing: it does not compile.", "no", "match=contains\nx", ""},
		{"line", "", "`b`", "`c`", "match=exact\na\nb", ""},
		{"other line", "", "`b`", "`a`", "match=exact\na\nb", "allows it"},
		{"whole, not line", "", "`a\n  b`", "`a`", "match=exact\na\nb", ""},
	} {
		row.check(t)
	}
}

// Options that say how often, how or with what status.
func TestClaimsOfFacts(t *testing.T) {
	const two, fatal = "match=any\n1\n---\n2", "match=contains\nfatal error: x"
	for _, row := range []claimed{
		{"outcomes", "engine=explore", "2 outcomes", "24 orders: all.", two, ""},
		{"other outcomes", "engine=explore", "3 orders", "2 orders", two, "marked as right, but the lesson has 2 outcomes\nmarked as wrong, but the lesson has 2 outcomes of cell cell1, at line 12"},
		{"outcomes of a run", "", "3 orders", "2 orders", two, ""},
		{"a number elsewhere", "engine=explore", "It has 3 orders", "no", two, ""},
		{"silent", "engine=race", "The race is not reported.", "The race is reported", "match=exact\nx", ""},
		{"not silent", "engine=race expect=race", "The race is not reported.", "no", fatal, "has no run without a report"},
		{"silent without a detector", "", "no", "The race is not reported.", "match=exact\nx", ""},
		{"fatal", "expect=panic", "No: it is a fatal error.", "no", fatal, ""},
		{"not fatal", "expect=panic", "It is a fatal error.", "no", "match=contains\npanic: x", "has no fatal error of"},
		{"fatal hidden", "expect=panic", "no", "A fatal error", fatal, "has a fatal error of"},
		{"status", "engine=race expect=race", "Its exit status is 66.", "Its exit status is 0.", "match=contains\nx", ""},
		{"other status", "engine=race expect=race", "exit status 0", "with exit status of 66", "match=contains\nx", "right, but the lesson has exit status 66\nwrong, but the lesson has exit status 66"},
		{"status 0", "", "exit status 0", "exit status 2", "", ""},
		{"status 2", "expect=deadlock", "exit status 2", "exit status 66", "", ""},
		{"status 3", "expect=exit:3", "exit status 3", "exit status 33", "", ""},
		{"status of a tool", "engine=vet", "exit status 0", "exit status 1", "", ""},
	} {
		row.check(t)
	}
}

func TestChecked(t *testing.T) {
	for right, want := range map[string]bool{"`1`": true, "`1` and `2`": true, "It deadlocks.": true, "exit status 1": true, "1 outcomes": false, "always `1`": false, "one": false} {
		if got := Checked(question(t, "", right, "no", "match=exact\n1")); got != want {
			t.Errorf("Checked with the answer %q = %v, want %v", right, got, want)
		}
	}
}

func TestVaries(t *testing.T) {
	for info, want := range map[string]bool{
		"\x00match=regexp\n1": true, "\x00match=any\n1": true, "\x00match=unordered\n1": true, "engine=race\x00match=any\n1": true,
		"\x00match=exact\n1": false, "\x00match=contains\n1": false, "engine=explore\x00match=any\n1": false,
		"expect=panic\x00match=any\n1": false, "\x00": false,
	} {
		keys, output, _ := strings.Cut(info, "\x00")
		if got := Varies(question(t, keys, "a", "b", output).Cell); got != want {
			t.Errorf("Varies(%q) = %v, want %v", info, got, want)
		}
	}
}

func TestSample(t *testing.T) {
	t.Parallel()
	r := runner(t)
	const code = "fmt.Println(time.Now().UnixNano() / 1000 % 2)"
	l := lessons(t, map[string]string{"01-x.md": "# X\n\n```go cell\n" + code + "\n```\n\n```output match=regexp\n[01]\n```\n\n```go cell\n" + code + "\n```\n"})[0]
	res, err := r.Sample(t.Context(), l, l.Cells[0])
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, o := range res.Outcomes {
		total += o.Count
	}
	if total < 2 || total > sampleRuns || !strings.HasSuffix(res.Badge, fmt.Sprintf(", %d runs", total)) {
		t.Errorf("Sample counts %d runs, badge %q", total, res.Badge)
	}
	if err := Compare(l.Cells[0], res); err != nil {
		t.Error(err)
	}
	if res, err = r.Sample(t.Context(), l, l.Cells[1]); err != nil || len(res.Outcomes) > 0 {
		t.Errorf("Sample of a cell that does not vary = %+v, %v, want one run", res, err)
	}
}

// A cell that does not compile and one that hangs are sampled like others are run.
func TestSampleEnds(t *testing.T) {
	t.Parallel()
	r := runner(t)
	l := lessons(t, map[string]string{"01-x.md": "# X\n\n```go cell\nx\n```\n\n```output match=regexp\nx\n```\n\n```go cell timeout=300ms\nfor {\n}\n```\n\n```output match=regexp\nx\n```\n"})[0]
	for i, want := range []string{ClassCompile, ClassTimeout} {
		res, err := r.Sample(t.Context(), l, l.Cells[i])
		if err != nil || res.Class != want || len(res.Outcomes) > 0 {
			t.Errorf("Sample of cell %d = %+v, %v, want %s", i, res, err, want)
		}
	}
}

// claimed is a question with a right and a wrong option, and what Claims has against it, line by line.
type claimed struct{ name, info, right, wrong, output, want string }

func (row claimed) check(t *testing.T) {
	t.Helper()
	got := ""
	if faults := Claims(question(t, row.info, row.right, row.wrong, row.output)); len(faults) > 0 {
		got = faults.Error()
	}
	for part := range strings.SplitSeq(row.want, "\n") {
		if !strings.Contains(got, part) || row.want == "" && got != "" {
			t.Errorf("%s: Claims = %q, want %q in it", row.name, got, part)
		}
	}
}
