package gate

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// newCourse returns a course of one lesson with one exercise for each name and one cell for each id.
// The source of every program is the name of what it is, for the fake grader to judge by.
func newCourse(names []string, cells ...string) *course.Course {
	l := &course.Lesson{Slug: "atomicity", File: "lessons/01-atomicity.md"}
	for _, name := range names {
		dir := "solutions/atomicity/" + name + "/"
		variant := func(archive, v string, start int) course.Variant {
			return course.Variant{Name: v, File: dir + archive, Source: []byte(name + " " + v), Start: start}
		}
		l.Exercises = append(l.Exercises, &course.Exercise{
			Name: name, Lesson: l.Slug, File: "exercises/atomicity/" + name + "/" + name + ".go", TestFile: dir + name + "_test.go",
			Starter: []byte(name + " starter"), Solution: []byte(name + " solution"),
			Alts: []course.Variant{variant("alt.txtar", "mutex", 11), variant("alt.txtar", "atomic", 21)},
			Wrongs: []course.Wrong{
				{Variant: variant("wrong.txtar", "plain", 31), Class: "race", Text: "the field n", Line: 1},
				{Variant: variant("wrong.txtar", "late", 41), Class: "wrong", Text: "lost", Schedule: true, Line: 2},
			},
		})
	}
	for i, id := range cells {
		l.Cells = append(l.Cells, &course.Cell{ID: id, File: l.File, Line: 10*i + 10})
	}
	return &course.Course{Lessons: []*course.Lesson{l}}
}

// answer is what the fake grader says of a program: a class, a message and a line of the submission.
type answer struct {
	class   verdict.Class
	message string
	line    int
}

var passes = answer{class: verdict.Pass}

// right is what a fault-free exercise gets.
func right() map[string]answer {
	return map[string]answer{
		"starter": {verdict.Race, "race on the field n", 3}, "solution": passes, "mutex": passes, "atomic": passes,
		"plain": {verdict.Race, "race on the field n", 1}, "late": {verdict.Wrong, "lost: 1", 1},
	}
}

// grader returns a fake that knows the answers by "exercise program", or by "program" alone.
func grader(answers map[string]answer) func(context.Context, *course.Exercise, map[string][]byte) (verdict.Verdict, error) {
	return func(_ context.Context, ex *course.Exercise, files map[string][]byte) (verdict.Verdict, error) {
		source := string(files[ex.File])
		_, name, _ := strings.Cut(source, " ")
		a, ok := answers[source]
		if !ok {
			a, ok = answers[name]
		}
		if !ok {
			return verdict.Verdict{}, fmt.Errorf("no answer for %q", source)
		}
		v := verdict.Verdict{Class: a.class, Passed: a.class == verdict.Pass, Title: "title"}
		if a.message != "" {
			f := verdict.Finding{Class: a.class, Message: a.message}
			if a.line > 0 {
				f.At = []verdict.Place{{File: ex.File, Line: a.line}}
			}
			v.Findings = []verdict.Finding{f}
		}
		return v, nil
	}
}

func TestRun(t *testing.T) {
	const (
		start = "exercises/atomicity/counter/counter.go"
		dir   = "solutions/atomicity/counter/"
	)
	for _, row := range []struct {
		name string
		set  map[string]answer
		want string
	}{
		{"right", nil, ""},
		{"starter passes", map[string]answer{"starter": passes}, start + ": the starter passes: it must fail"},
		{"starter does not compile", map[string]answer{"starter": {verdict.Build, "undefined: x", 7}}, start + ":7: the starter does not compile: undefined: x (counter.go:7)"},
		{"starter is refused", map[string]answer{"starter": {verdict.Policy, "imports os", 2}}, start + ":2: the starter gets policy: imports os (counter.go:2)"},
		{"starter times out", map[string]answer{"starter": {verdict.Timeout, "too long", 0}}, ""},
		{"solution races", map[string]answer{"solution": {verdict.Race, "race on n\nsecond line", 9}}, dir + "counter.go:9: the solution gets race, not pass: race on n\n\tsecond line (counter.go:9)"},
		{"solution without a finding", map[string]answer{"solution": {verdict.Leak, "", 0}}, dir + "counter.go: the solution gets leak, not pass: title"},
		{"alternative fails", map[string]answer{"atomic": {verdict.Wrong, "lost 1", 4}}, dir + "alt.txtar:24: alternative atomic.go gets wrong, not pass: lost 1 (counter.go:4)"},
		{"alternative fails nowhere", map[string]answer{"mutex": {verdict.Wrong, "lost 1", 0}}, dir + "alt.txtar:10: alternative mutex.go gets wrong, not pass: lost 1"},
		{"wrong passes", map[string]answer{"plain": passes}, dir + "wrong.txtar:1: wrong program plain.go passes, want race"},
		{"wrong class", map[string]answer{"plain": {verdict.Leak, "the field n", 4}}, dir + "wrong.txtar:1: wrong program plain.go gets leak, want race: the field n (counter.go:4)"},
		{"wrong text", map[string]answer{"plain": {verdict.Race, "the field m", 4}}, dir + `wrong.txtar:1: wrong program plain.go gets race, but no message contains "the field n": the field m (counter.go:4)`},
		{"wrong without a line", map[string]answer{"late": {verdict.Wrong, "lost: 1", 0}}, dir + "wrong.txtar:2: wrong program late.go gets wrong, but the first finding names no line of it: lost: 1"},
		{"wrong beyond its end", map[string]answer{"plain": {verdict.Race, "the field n", 2}}, dir + "wrong.txtar:1: wrong program plain.go gets race, but the first finding names no line of it: the field n (counter.go:2)"},
		{"schedule's class", map[string]answer{"late": passes}, dir + "wrong.txtar:2: wrong program late.go passes, want wrong"},
		{"everything at once", map[string]answer{"starter": passes, "solution": {verdict.Race, "r", 0}, "plain": passes, "late": passes},
			start + ": the starter passes: it must fail\n" + dir + "counter.go: the solution gets race, not pass: r\n" +
				dir + "wrong.txtar:1: wrong program plain.go passes, want race\n" + dir + "wrong.txtar:2: wrong program late.go passes, want wrong"},
	} {
		answers := right()
		for name, a := range row.set {
			answers[name] = a
		}
		r, err := Run(t.Context(), Config{Course: newCourse([]string{"counter"}), Grade: grader(answers), Explores: true, Jobs: 3})
		if got := r.Faults.Error(); err != nil || got != row.want {
			t.Errorf("%s: Run = %v,\n%s\nwant\n%s", row.name, err, got, row.want)
		}
		if r.Graded != 6 || r.Skipped != 0 || len(r.Kills) != 2 {
			t.Errorf("%s: %d graded, %d skipped, %d kills, want 6, 0, 2", row.name, r.Graded, r.Skipped, len(r.Kills))
		}
	}
}

func TestLeast(t *testing.T) {
	report, err := Run(t.Context(), Config{Course: newCourse([]string{"counter"}), LeastAlts: 9, LeastWrongs: 9})
	if err != nil {
		t.Fatal(err)
	}
	text := report.Faults.Error()
	for _, want := range []string{"alternatives: want 9 or more", "wrong programs: want 9 or more"} {
		if !strings.Contains(text, want) {
			t.Errorf("faults lack %q:\n%s", want, text)
		}
	}
}

// TestAgain has further graders miss a program that the first one finds.
func TestAgain(t *testing.T) {
	misses := func(context.Context, *course.Exercise, map[string][]byte) (verdict.Verdict, error) {
		return verdict.Verdict{Class: verdict.Pass, Passed: true}, nil
	}
	for _, again := range [][]Grade{nil, {misses}} {
		report, err := Run(t.Context(), Config{Course: newCourse([]string{"counter"}), Again: again, Grade: grader(right())})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range report.Kills {
			if !k.Schedule && k.Found != (again == nil) {
				t.Errorf("%d further graders that miss everything: %s found = %v", len(again), k.Program, k.Found)
			}
		}
	}
}

func TestSchedulesAreSkipped(t *testing.T) {
	answers := right()
	answers["late"] = passes
	r, err := Run(t.Context(), Config{Course: newCourse([]string{"counter"}), Grade: grader(answers)})
	if err != nil || len(r.Faults) > 0 || r.Skipped != 1 || r.Graded != 5 || r.Kills[1].Got != "" || r.Kills[1].Found {
		t.Errorf("Run without exploration = %+v, %v", r, err)
	}
}

func TestMatrix(t *testing.T) {
	answers := right()
	answers["tokens plain"] = answer{verdict.Wrong, "x", 0}
	answers["snapshot plain"] = passes
	var b strings.Builder
	for _, explores := range []bool{true, false} {
		r, err := Run(t.Context(), Config{Course: newCourse([]string{"counter", "tokens", "snapshot"}), Grade: grader(answers), Explores: explores, Jobs: 2})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.WriteMatrix(&b); err != nil {
			t.Fatal(err)
		}
	}
	golden := filepath.Join("testdata", "matrix.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("WriteMatrix =\n%s\nwant\n%s", b.String(), want)
	}
}

func TestCellsVetAndContent(t *testing.T) {
	vetted := 0
	c := Config{
		Course: newCourse([]string{"counter", "tokens"}, "one", "two"),
		Faults: course.Faults{{File: "lessons/01-atomicity.md", Line: 15, Text: "content"}},
		Cell: func(_ context.Context, l *course.Lesson, c *course.Cell) error {
			if c.ID == "two" && l.Slug == "atomicity" {
				return errors.New("output differs\nwant 1\ngot 2\n")
			}
			return nil
		},
		Vet: func(_ context.Context, files map[string][]byte) (course.Faults, error) {
			vetted = len(files)
			return course.Faults{{File: "exercises/x.go", Line: 3, Text: "go vet: x"}}, nil
		},
	}
	r, err := Run(t.Context(), c)
	want := "exercises/x.go:3: go vet: x\nlessons/01-atomicity.md:15: content\nlessons/01-atomicity.md:19: cell two: output differs\n\twant 1\n\tgot 2"
	if err != nil || r.Faults.Error() != want || r.Cells != 2 || vetted != 2 {
		t.Errorf("Run = %v, %d cells, %d vetted,\n%v\nwant\n%s", err, r.Cells, vetted, r.Faults, want)
	}
}

func TestOnly(t *testing.T) {
	for only, want := range map[string][2]int{"": {12, 1}, "counter": {6, 0}, "atomicity": {12, 1}, "none": {0, 0}} {
		c := Config{Course: newCourse([]string{"counter", "tokens"}, "one"), Grade: grader(right()), Explores: true,
			Cell: func(context.Context, *course.Lesson, *course.Cell) error { return nil }}
		if only != "" {
			c.Only = []string{only}
		}
		r, err := Run(t.Context(), c)
		if err != nil || r.Graded != want[0] || r.Cells != want[1] {
			t.Errorf("Run only %q = %d graded, %d cells, %v, want %v", only, r.Graded, r.Cells, err, want)
		}
	}
}

// TestRepeat wants a right program to be graded again and again, until it fails once.
func TestRepeat(t *testing.T) {
	var graded atomic.Int32
	c := Config{Course: newCourse([]string{"counter"}), Repeat: 5, Explores: true}
	c.Grade = func(ctx context.Context, ex *course.Exercise, files map[string][]byte) (verdict.Verdict, error) {
		answers := right()
		if strings.HasSuffix(string(files[ex.File]), "solution") && graded.Add(1) == 3 {
			answers["solution"] = answer{verdict.Race, "now and then", 0}
		}
		return grader(answers)(ctx, ex, files)
	}
	r, err := Run(t.Context(), c)
	if err != nil || graded.Load() != 3 || r.Graded != 5+3+5+5+1+1 || len(r.Faults) != 1 {
		t.Errorf("Run = %v, the solution %d times, %d in all, %v", err, graded.Load(), r.Graded, r.Faults)
	}
}

func TestGraderFails(t *testing.T) {
	answers := right()
	delete(answers, "solution")
	answers["mutex"] = answer{verdict.Fault, "no space left", 0}
	answers["plain"] = passes
	r, err := Run(t.Context(), Config{Course: newCourse([]string{"counter"}), Grade: grader(answers), Vet: func(context.Context, map[string][]byte) (course.Faults, error) {
		return nil, errors.New("no go command")
	}})
	want := "go vet of all starters: no go command\ncounter: the solution: no answer for \"counter solution\"\ncounter: alternative mutex.go: the grader failed: no space left"
	if err == nil || err.Error() != want || len(r.Faults) != 1 {
		t.Errorf("Run = %v and %v, want %s and one fault", err, r.Faults, want)
	}
}

// TestJobs wants the given number of gradings at a time, and progress told in order.
func TestJobs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		running, most, told := 0, 0, 0
		answers := grader(right())
		c := Config{Course: newCourse([]string{"a", "b", "c"}), Explores: true, Jobs: 4}
		c.Grade = func(ctx context.Context, ex *course.Exercise, files map[string][]byte) (verdict.Verdict, error) {
			mu.Lock()
			running++
			most = max(most, running)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			running--
			mu.Unlock()
			return answers(ctx, ex, files)
		}
		c.Progress = func(done, total int, what string) {
			told++
			if done != told || total != 18 || what == "" {
				t.Errorf("Progress(%d, %d, %q) is call %d", done, total, what, told)
			}
		}
		begun := time.Now()
		_, err := Run(t.Context(), c)
		if took := time.Since(begun); err != nil || most != 4 || told != 18 || took != 5*time.Second {
			t.Errorf("Run = %v, at most %d at a time, %d told, %v", err, most, told, took)
		}
	})
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		wait := func(ctx context.Context) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Second):
				return nil
			}
		}
		c := Config{Course: newCourse([]string{"a", "b"}, "one"), Jobs: 2, Cell: func(ctx context.Context, _ *course.Lesson, _ *course.Cell) error { return wait(ctx) }}
		c.Grade = func(ctx context.Context, ex *course.Exercise, files map[string][]byte) (verdict.Verdict, error) {
			if err := wait(ctx); err != nil {
				return verdict.Verdict{}, err
			}
			return grader(right())(ctx, ex, files)
		}
		r, err := Run(ctx, c)
		if !errors.Is(err, context.DeadlineExceeded) || err.Error() != context.DeadlineExceeded.Error() || r.Graded != 2 || len(r.Faults) > 0 {
			t.Errorf("Run that is cancelled = %v, %d graded, %v", err, r.Graded, r.Faults)
		}
	})
}

// TestClaims wants every question of the lessons chosen to be compared, also where nothing is run.
func TestClaims(t *testing.T) {
	c := newCourse([]string{"counter"})
	l := c.Lessons[0]
	for line := range 3 {
		l.Questions = append(l.Questions, &course.Predict{File: l.File, Line: line + 1})
	}
	claims := func(q *course.Predict) course.Faults {
		if q.Line == 2 {
			return nil
		}
		return course.Faults{{File: q.File, Line: q.Line, Text: "no such output"}}
	}
	for _, row := range []struct{ only, want string }{
		{"", l.File + ":1: no such output\n" + l.File + ":3: no such output"},
		{"atomicity", l.File + ":1: no such output\n" + l.File + ":3: no such output"},
		{"counter", ""},
	} {
		config := Config{Course: c, Claims: claims}
		if row.only != "" {
			config.Only = []string{row.only}
		}
		r, err := Run(t.Context(), config)
		if err != nil || r.Faults.Error() != row.want {
			t.Errorf("Run of %q finds\n%v, %v, want\n%s", row.only, r.Faults, err, row.want)
		}
	}
}
