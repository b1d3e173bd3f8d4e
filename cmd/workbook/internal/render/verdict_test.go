package render

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/verdict"
)

// classes has each class of verdict; for each there is a recorded one.
var classes = []verdict.Class{verdict.Pass, verdict.Build, verdict.Policy, verdict.Wrong, verdict.Race, verdict.Deadlock,
	verdict.Leak, verdict.Timeout, verdict.Panic, verdict.NotConcurrent, verdict.Tampered, verdict.Fault}

// recorded are the verdicts in testdata/verdict: one of each class, and one with many findings.
var recorded = append([]string{"many"}, names(classes)...)

func names(classes []verdict.Class) []string {
	var all []string
	for _, c := range classes {
		all = append(all, string(c))
	}
	return all
}

func readVerdict(t testing.TB, name string) verdict.Verdict {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "verdict", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var v verdict.Verdict
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	if name != "many" && v.Class != verdict.Class(name) {
		t.Fatalf("%s.json is of class %s", name, v.Class)
	}
	return v
}

func TestVerdictGolden(t *testing.T) {
	for _, name := range recorded {
		v := readVerdict(t, name)
		for _, s := range styles {
			t.Run(name+"-"+s.name, func(t *testing.T) {
				var b bytes.Buffer
				if err := s.Verdict(&b, v); err != nil {
					t.Fatal(err)
				}
				golden(t, filepath.Join("verdict", name+"-"+s.name+".txt"), b.Bytes())
				checkVerdict(t, s.Style, v, b.String())
			})
		}
	}
}

// checkVerdict checks what holds for every verdict in every style.
func checkVerdict(t *testing.T, s Style, v verdict.Verdict, out string) {
	t.Helper()
	plain := Strip(out)
	first, _, _ := strings.Cut(plain, "\n")
	if !strings.Contains(first, classWord(v.Class)) {
		t.Errorf("title %q does not have the class", first)
	}
	for line := range strings.Lines(plain) {
		line = strings.TrimSuffix(line, "\n")
		if width(line) > s.Width && strings.Contains(strings.TrimSpace(line), " ") {
			t.Errorf("line of %d columns: %q", width(line), line)
		}
	}
	long, short := divide(v.Findings)
	for _, f := range short {
		if len(f.At) > 0 && !strings.Contains(plain, "\n  "+f.At[0].File+":") {
			t.Errorf("no line tells of the finding at %v", f.At[0])
		}
	}
	for _, f := range long {
		for _, p := range f.At {
			if at := "\n" + p.File + ":"; !strings.Contains(plain, at) {
				t.Errorf("no line begins with %q", at)
			}
		}
		if f.Hint != "" && !strings.Contains(plain, "\nnext: "+strings.Fields(f.Hint)[0]) {
			t.Errorf("no line says what is next: %q", f.Hint)
		}
	}
	if bad := foreign(s, out); bad != "" {
		t.Errorf("output has %s", bad)
	}
}

func TestListGolden(t *testing.T) {
	rows := []Row{
		{Lesson: "atomicity", Title: "What is indivisible"},
		{Exercise: "counter", Title: "A counter that many increment", State: "passed", Class: "pass"},
		{Exercise: "highwater", Title: "The largest value seen, without a lock and without ever going back", State: "tried", Class: "race", Current: true},
		{Exercise: "tokens", Title: "Tokens, all or nothing", State: "new"},
		{Lesson: "mutual-exclusion", Title: "One at a time: semaphores, mutexes, and the order in which they are taken"},
		{Exercise: "semaphore", State: "given up", Class: "notconcurrent"},
		{Lesson: "afterword", Title: "Where to go on"},
	}
	for _, s := range styles {
		t.Run(s.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := s.List(&b, rows); err != nil {
				t.Fatal(err)
			}
			golden(t, "list-"+s.name+".txt", b.Bytes())
			checkLines(t, s.Style, b.String())
		})
	}
}

func TestEmptyVerdict(t *testing.T) {
	var b bytes.Buffer
	if err := (Style{}).Verdict(&b, verdict.Verdict{}); err != nil || b.String() != "✗ ERROR\n" {
		t.Errorf("Verdict of nothing = %q, %v", b.String(), err)
	}
}
