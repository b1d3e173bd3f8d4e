package export

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"workbook/cmd/workbook/internal/batch"
	"workbook/cmd/workbook/internal/verdict"
)

// gradescope is results.json of Gradescope's autograder.
type gradescope struct {
	Score            float64          `json:"score"`
	ExecutionTime    float64          `json:"execution_time"`
	Output           string           `json:"output"`
	OutputFormat     string           `json:"output_format"`
	TestOutputFormat string           `json:"test_output_format"`
	TestNameFormat   string           `json:"test_name_format"`
	Visibility       string           `json:"visibility"`
	StdoutVisibility string           `json:"stdout_visibility"`
	ExtraData        map[string]any   `json:"extra_data"`
	Tests            []gradescopeTest `json:"tests"`
}

type gradescopeTest struct {
	Score      float64  `json:"score"`
	MaxScore   float64  `json:"max_score"`
	Status     string   `json:"status"`
	Name       string   `json:"name"`
	Number     string   `json:"number"`
	Output     string   `json:"output,omitempty"`
	Tags       []string `json:"tags"`
	Visibility string   `json:"visibility"`
}

func writeGradescope(w *bufio.Writer, r batch.Report, _ Options) error {
	score, _ := batch.Sum(r.Results)
	out := gradescope{
		Score: score, Output: total(r), OutputFormat: "text", TestOutputFormat: "text", TestNameFormat: "text",
		Visibility: "visible", StdoutVisibility: "hidden", ExtraData: map[string]any{"course": r.Course, "tier": r.Tier}, Tests: []gradescopeTest{},
	}
	var ms int64
	err := r.Each(func(i int, x batch.Result) error {
		ms += x.Verdict.ElapsedMS
		if !x.Verdict.Passed {
			out.Output += fmt.Sprintf("\n\n%s: %s", x.Verdict.Exercise, all(x))
		}
		for j, c := range x.Credits {
			t := gradescopeTest{
				Score: c.Score, MaxScore: c.Points, Status: "passed", Name: x.Verdict.Exercise + ": " + c.Test, Number: fmt.Sprintf("%d.%d", i+1, j+1),
				Tags: []string{x.Verdict.Lesson}, Visibility: "visible",
			}
			if !passed(c) {
				t.Status, t.Output = "failed", about(x, c)
			}
			out.Tests = append(out.Tests, t)
		}
		return nil
	})
	out.ExecutionTime = float64(ms) / 1000
	return errors.Join(err, indented(w, out))
}

// exercism is results.json of an Exercism test runner, version 3. It says in test_code that a test is
// hidden, in the place of its text.
type exercism struct {
	Version int            `json:"version"`
	Status  string         `json:"status"`
	Message *string        `json:"message"`
	Tests   []exercismTest `json:"tests"`
}

type exercismTest struct {
	Name     string  `json:"name"`
	Status   string  `json:"status"`
	Message  *string `json:"message"`
	Output   *string `json:"output"`
	TestCode string  `json:"test_code"`
	TaskID   int     `json:"task_id"`
}

// Exercism's limits, in bytes; theirs are in characters.
const (
	exercismMessage = 65535
	exercismOutput  = 500
)

func writeExercism(w *bufio.Writer, r batch.Report, _ Options) error {
	out := exercism{Version: 3, Status: "pass", Tests: []exercismTest{}}
	anything := false
	var stopped []string
	err := r.Each(func(i int, x batch.Result) error {
		if !x.Verdict.Passed {
			out.Status = "fail"
		}
		if !ran(x) {
			stopped = append(stopped, x.Verdict.Exercise+": "+all(x))
		}
		anything = anything || ran(x)
		for _, c := range x.Credits {
			out.Tests = append(out.Tests, exercismCase(x, c, i+1))
		}
		return nil
	})
	if len(r.Results) == 0 {
		stopped = append(stopped, "there is nothing to grade in the submission")
	}
	if !anything {
		out.Status, out.Tests = "error", []exercismTest{}
	}
	if len(stopped) > 0 {
		text := cut(strings.Join(stopped, "\n\n"), exercismMessage)
		out.Message = &text
	}
	return errors.Join(err, indented(w, out))
}

func exercismCase(x batch.Result, c batch.Credit, task int) exercismTest {
	t := exercismTest{Name: x.Verdict.Exercise + ": " + c.Test, Status: "pass", TestCode: "// " + c.Test + " is a hidden test.", TaskID: task}
	if passed(c) {
		return t
	}
	t.Status = "fail"
	if c.Class == "" || c.Class == verdict.Fault {
		t.Status = "error"
	}
	text := cut(about(x, c), exercismMessage)
	t.Message = &text
	if out := cut(x.Verdict.Output, exercismOutput); out != "" {
		t.Output = &out
	}
	return t
}

// classroom is what a grader of GitHub Classroom hands to its reporter.
type classroom struct {
	Version  int             `json:"version"`
	Status   string          `json:"status"`
	MaxScore float64         `json:"max_score"`
	Tests    []classroomTest `json:"tests"`
}

type classroomTest struct {
	Name     string  `json:"name"`
	Status   string  `json:"status"`
	Score    float64 `json:"score"`
	Message  string  `json:"message"`
	TestCode string  `json:"test_code"`
	Filename string  `json:"filename"`
	LineNo   int     `json:"line_no"`
	Duration int64   `json:"duration"`
}

func writeClassroom(w *bufio.Writer, r batch.Report, _ Options) error {
	out := classroom{Version: 1, Status: "pass", Tests: []classroomTest{}}
	_, out.MaxScore = batch.Sum(r.Results)
	if r.Passed() < len(r.Results) || len(r.Results) == 0 {
		out.Status = "fail"
	}
	err := r.Each(func(_ int, x batch.Result) error {
		if x.Verdict.Class == verdict.Fault {
			out.Status = "error"
		}
		for _, c := range x.Credits {
			t := classroomTest{Name: x.Verdict.Exercise + ": " + c.Test, Status: "pass", Score: c.Score, TestCode: "hidden", Duration: c.MS}
			if !passed(c) {
				t.Status, t.Message = "fail", about(x, c)
				if c.Class == "" || c.Class == verdict.Fault {
					t.Status = "error"
				}
				for _, f := range findings(x, c.Test) {
					if t.Filename == "" {
						t.Filename, t.LineNo = place(x, f)
					}
				}
			}
			out.Tests = append(out.Tests, t)
		}
		return nil
	})
	return errors.Join(err, indented(w, out))
}
