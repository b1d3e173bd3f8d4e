package batch_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/batch"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/export"
	"workbook/cmd/workbook/internal/grader"
	"workbook/cmd/workbook/internal/verdict"
)

// TestHiddenText grades every wrong program of two exercises and the starters, and looks in every form of the
// report for the hidden tests' lines.
func TestHiddenText(t *testing.T) {
	if testing.Short() {
		t.Skip("grades 20 programs")
	}
	c, _ := course.Load(os.DirFS("../../../..")) // faults are the gate's business
	g, err := grader.New(grader.Config{Course: c, Cache: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Warm(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	submission := func(w batch.Work) grader.Submission { return grader.Submission{Exercise: w.Exercise, Files: w.Files} }
	config := batch.Config{
		Identity: "id", Box: "nothing",
		Grade: func(ctx context.Context, w batch.Work) (verdict.Verdict, error) { return g.Grade(ctx, submission(w)) },
		Prepare: func(ctx context.Context, all []batch.Work) error {
			var list []grader.Submission
			for _, w := range all {
				list = append(list, submission(w))
			}
			return g.Prepare(ctx, list)
		},
	}
	hidden, own, dir := map[string]bool{}, "", t.TempDir()
	for _, name := range []string{"tokens", "icons"} {
		ex := c.Exercise(name)
		for _, line := range strings.Split(string(ex.Tests), "\n") {
			hidden[strings.TrimSpace(line)] = true
		}
		own += string(ex.Starter)
		for _, w := range ex.Wrongs {
			own += string(w.Source)
			put(t, fmt.Sprintf("%s/%s-%s/%s.go", dir, name, w.Name, name), w.Source)
		}
	}
	tasks, _, err := batch.Search{Course: c, Limits: batch.DefaultLimits}.Find([]string{dir})
	if err != nil || len(tasks) < 12 {
		t.Fatal(len(tasks), err)
	}
	config.Tasks = tasks
	r, err := batch.Run(t.Context(), config)
	if err != nil || r.Passed() > 0 {
		t.Fatalf("%d of the wrong programs pass, %v", r.Passed(), err)
	}
	for _, form := range export.Names() {
		for _, results := range r.Submissions() {
			one := r
			one.Results = results
			var b bytes.Buffer
			if err := export.Write(&b, form, one, export.Options{Token: "TOKEN"}); err != nil {
				t.Fatal(err)
			}
			told := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\"`, `"`, "&#34;", `"`, "%0A", "\n").Replace(b.String())
			for line := range hidden {
				if len(line) > 15 && !strings.Contains(own, line) && strings.Contains(told, line) {
					t.Errorf("%s of %s tells a line of the hidden tests: %s", form, results[0].Submission, line)
				}
			}
			if strings.Contains(told, "_test.go") || strings.Contains(told, "hiddenTest") || strings.Contains(told, os.TempDir()+"/workbook-") {
				t.Errorf("%s of %s tells of the grader's own:\n%s", form, results[0].Submission, told)
			}
		}
	}
}

func put(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(name[:strings.LastIndex(name, "/")], 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
}
