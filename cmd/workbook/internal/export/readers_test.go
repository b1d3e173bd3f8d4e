package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/joshdk/go-junit"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"workbook/cmd/workbook/internal/batch"
)

// TestJUnit reads a report with a reader of CI systems' reports, and with the standard library alone.
func TestJUnit(t *testing.T) {
	r := recorded(t, "class")
	text := written(t, "junit", r)
	suites, err := junit.Ingest(text)
	if err != nil || len(suites) != len(r.Results) {
		t.Fatalf("%d suites, %v, want %d", len(suites), err, len(r.Results))
	}
	for i, s := range suites {
		x := r.Results[i]
		if good := s.Totals.Failed+s.Totals.Error+s.Totals.Skipped == 0; good != x.Verdict.Passed || s.Name != name(x) {
			t.Errorf("%s has totals %+v, and the verdict is %s", s.Name, s.Totals, x.Verdict.Class)
		}
		if strings.TrimSpace(s.SystemOut) != strings.TrimSpace(x.Verdict.Output) {
			t.Errorf("%s printed %q, want %q", s.Name, s.SystemOut, x.Verdict.Output)
		}
	}
	depth := 0
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			known := []string{"testsuites", "testsuite", "testcase", "properties", "property", "failure", "error", "skipped", "system-out"}
			if !slices.Contains(known, e.Name.Local) || depth > 5 {
				t.Errorf("element %s at depth %d", e.Name.Local, depth)
			}
		case xml.EndElement:
			depth--
		}
	}
}

// TestSARIF holds reports against OASIS's schema of SARIF 2.1.0, whose descriptions are left out in testdata.
func TestSARIF(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []batch.Report{recorded(t, "class"), recorded(t, "one"), {}} {
		text := written(t, "sarif", r)
		log, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(log); err != nil {
			t.Error(err)
		}
		n := 0
		for _, x := range r.Results {
			n += len(x.Verdict.Findings)
		}
		run := sarifRead(t, text)
		if len(run.Results) != n {
			t.Errorf("%d results, want %d", len(run.Results), n)
		}
		for _, x := range run.Results {
			if rule := run.Tool.Driver.Rules[x.RuleIndex]; rule.ID != x.RuleID {
				t.Errorf("rule %s at the index of %s", rule.ID, x.RuleID)
			}
		}
	}
	if err := schema.Validate(map[string]any{"version": "2.1.0"}); err == nil {
		t.Error("the schema takes anything")
	}
	many := recorded(t, "class")
	for len(many.Results) < maxSARIF+10 {
		many.Results = append(many.Results, many.Results...)
	}
	if run := sarifRead(t, written(t, "sarif", many)); len(run.Results) != maxSARIF || len(run.Invocations[0].Notifications) != 1 {
		t.Errorf("of too many results %d are there", len(run.Results))
	}
}

// sarifRead is the one run of a log.
func sarifRead(t *testing.T, text []byte) sarifRun {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal(text, &log); err != nil || len(log.Runs) != 1 {
		t.Fatalf("%d runs, %v", len(log.Runs), err)
	}
	return log.Runs[0]
}

// runner is what GitHub's runner does with the lines of a step.
type runner struct {
	stopped  string
	commands []map[string]string // "" is the command, "message" its text
}

func (g *runner) line(t *testing.T, text string) {
	t.Helper()
	rest, ok := strings.CutPrefix(text, "::")
	head, message, ok2 := strings.Cut(rest, "::")
	if !ok || !ok2 {
		return
	}
	if g.stopped != "" {
		if head == g.stopped {
			g.stopped = ""
		}
		return
	}
	command, properties, _ := strings.Cut(head, " ")
	if command == "stop-commands" {
		g.stopped = message
		return
	}
	c := map[string]string{"": command, "message": strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(message)}
	for _, p := range strings.Split(properties, ",") {
		key, value, _ := strings.Cut(p, "=")
		c[key] = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(value)
	}
	g.commands = append(g.commands, c)
}

// TestGitHub: the runner sees our annotations, whole, and no command of a submission's.
func TestGitHub(t *testing.T) {
	r := recorded(t, "class")
	for len(r.Results) < 20 {
		r.Results = append(r.Results, r.Results...)
	}
	g := &runner{}
	text := string(written(t, "github", r))
	for line := range strings.Lines(text) {
		g.line(t, strings.TrimSuffix(line, "\n"))
		if strings.HasPrefix(line, "##[") && g.stopped == "" {
			t.Errorf("a command of the old form: %q", line)
		}
	}
	if len(g.commands) != maxAnnotations || g.stopped != "" {
		t.Errorf("%d annotations, stopped by %q at the end", len(g.commands), g.stopped)
	}
	i := 0
	for _, x := range r.Results {
		if x.Verdict.Passed || i == len(g.commands) {
			continue
		}
		c, f := g.commands[i], x.Verdict.Findings[0]
		if i++; c[""] != "error" || c["title"] != name(x)+": "+string(x.Verdict.Class) || !strings.HasPrefix(c["message"], f.Message) || c["file"] != x.File || c["line"] != fmt.Sprint(f.At[0].Line) {
			t.Errorf("annotation %+v of %s", c, name(x))
		}
	}
	if !strings.Contains(text, "::notice title=Autograding report::") {
		t.Error("the submission's own output is not shown")
	}
	for _, token := range []string{"", "Autograding"} {
		if err := writeGitHub(bufio.NewWriter(io.Discard), r, Options{Token: token}); err == nil {
			t.Errorf("the token %q is taken", token)
		}
	}
}

// TestSummary: no cell of the table breaks out of it, and the limit is kept.
func TestSummary(t *testing.T) {
	var b bytes.Buffer
	r := recorded(t, "class")
	if err := Summary(&b, r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "@everyone") || strings.Contains(b.String(), "<b>") || strings.Contains(b.String(), "<x") {
		t.Errorf("a submission's markup is left:\n%s", &b)
	}
	for _, row := range strings.Split(strings.TrimSpace(b.String()), "\n")[2:] {
		if n := strings.Count(strings.ReplaceAll(row, `\|`, ""), "|"); n != 6 {
			t.Errorf("%d bars in %q", n, row)
		}
	}
	for len(r.Results) < 20000 {
		r.Results = append(r.Results, r.Results...)
	}
	b.Reset()
	if err := Summary(&b, r); err != nil || b.Len() > 1<<20 || !strings.Contains(b.String(), "more results are in the log") {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}

// strict decodes JSON that has no other fields.
func strict(t *testing.T, text []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// TestGradescope goes through the fields that Gradescope documents.
func TestGradescope(t *testing.T) {
	r := recorded(t, "one")
	var got struct {
		Score            *float64 `json:"score"`
		ExecutionTime    *float64 `json:"execution_time"`
		Output           string   `json:"output"`
		OutputFormat     string   `json:"output_format"`
		TestOutputFormat string   `json:"test_output_format"`
		TestNameFormat   string   `json:"test_name_format"`
		Visibility       string   `json:"visibility"`
		StdoutVisibility string   `json:"stdout_visibility"`
		ExtraData        any      `json:"extra_data"`
		Tests            []struct {
			Score      *float64 `json:"score"`
			MaxScore   *float64 `json:"max_score"`
			Status     string   `json:"status"`
			Name       string   `json:"name"`
			Number     string   `json:"number"`
			Output     string   `json:"output"`
			Tags       []string `json:"tags"`
			Visibility string   `json:"visibility"`
		} `json:"tests"`
	}
	strict(t, written(t, "gradescope", r), &got)
	formats := []string{"text", "html", "simple_format", "md", "ansi"}
	visible := []string{"hidden", "after_due_date", "after_published", "visible"}
	if !slices.Contains(formats, got.OutputFormat) || !slices.Contains(formats, got.TestOutputFormat) || !slices.Contains(formats, got.TestNameFormat) || !slices.Contains(visible, got.Visibility) || got.StdoutVisibility != "hidden" {
		t.Errorf("%+v", got)
	}
	score, points := batch.Sum(r.Results)
	var sum, most float64
	for _, x := range got.Tests {
		if x.Status != "passed" && x.Status != "failed" || (x.Status == "passed") != (*x.Score == *x.MaxScore) || x.Name == "" || !slices.Contains(visible, x.Visibility) || x.Status == "failed" && x.Output == "" {
			t.Errorf("%+v", x)
		}
		sum, most = sum+*x.Score, most+*x.MaxScore
	}
	if *got.Score != score || math.Abs(sum-score) > 0.01 || math.Abs(most-points) > 0.01 || *got.ExecutionTime <= 0 {
		t.Errorf("score %v of %v, the tests have %v of %v", *got.Score, points, sum, most)
	}
}

// TestExercism goes through the fields of version 3 of the interface of test runners.
func TestExercism(t *testing.T) {
	for _, only := range []string{"", "counter", "lazy", "tokens"} {
		r := recorded(t, "one")
		r.Results = slices.DeleteFunc(r.Results, func(x batch.Result) bool { return only != "" && x.Verdict.Exercise != only })
		var got struct {
			Version int     `json:"version"`
			Status  string  `json:"status"`
			Message *string `json:"message"`
			Tests   []struct {
				Name     string  `json:"name"`
				Status   string  `json:"status"`
				Message  *string `json:"message"`
				Output   *string `json:"output"`
				TestCode *string `json:"test_code"`
				TaskID   int     `json:"task_id"`
			} `json:"tests"`
		}
		strict(t, written(t, "exercism", r), &got)
		want := map[string]string{"": "fail", "counter": "pass", "lazy": "fail", "tokens": "error"}[only]
		if got.Version != 3 || got.Status != want || got.Status == "error" && (got.Message == nil || len(got.Tests) > 0) {
			t.Errorf("%q: %+v, want %s", only, got, want)
		}
		for _, x := range got.Tests {
			if !slices.Contains([]string{"pass", "fail", "error"}, x.Status) || x.Status != "pass" && (x.Message == nil || *x.Message == "") ||
				x.Output != nil && utf8.RuneCountInString(*x.Output) > 500 || x.TestCode == nil || x.TaskID < 1 {
				t.Errorf("%q: %+v", only, x)
			}
		}
	}
}

// TestClassroom goes through the fields that the reporter of GitHub Classroom reads.
func TestClassroom(t *testing.T) {
	r := recorded(t, "one")
	var got struct {
		Version  int     `json:"version"`
		Status   string  `json:"status"`
		MaxScore float64 `json:"max_score"`
		Tests    []struct {
			Name     string  `json:"name"`
			Status   string  `json:"status"`
			Score    float64 `json:"score"`
			Message  string  `json:"message"`
			TestCode string  `json:"test_code"`
			Filename string  `json:"filename"`
			LineNo   int     `json:"line_no"`
			Duration int64   `json:"duration"`
		} `json:"tests"`
	}
	strict(t, written(t, "classroom", r), &got)
	score, points := batch.Sum(r.Results)
	var sum float64
	for _, x := range got.Tests {
		sum += x.Score
		if !slices.Contains([]string{"pass", "fail", "error"}, x.Status) || x.Status != "pass" && (x.Message == "" || x.Score != 0) {
			t.Errorf("%+v", x)
		}
	}
	if got.Version != 1 || got.Status != "fail" || got.MaxScore != points || math.Abs(sum-score) > 0.01 {
		t.Errorf("%s, %v of %v, want %v of %v", got.Status, sum, got.MaxScore, score, points)
	}
}
