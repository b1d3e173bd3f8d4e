package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// small is a course of two exercises.
func small() *course.Course {
	ex := func(lesson, name string) *course.Exercise {
		file := "exercises/" + lesson + "/" + name + "/" + name + ".go"
		return &course.Exercise{
			Name: name, Lesson: lesson, File: file, Dir: filepath.Dir(file), Starter: []byte("starter\n"),
			Solution: []byte("pass"), Tests: []byte("tests"), Names: []string{"TestOne", "TestTwo"},
		}
	}
	return &course.Course{Lessons: []*course.Lesson{
		{Slug: "atomicity", Exercises: []*course.Exercise{ex("atomicity", "counter")}},
		{Slug: "once", Exercises: []*course.Exercise{ex("once", "lazy")}},
	}}
}

// fake grades a program whose text is its class, and counts how often each text was graded.
type fake struct {
	mu      sync.Mutex // guards count
	count   map[string]int
	classes func(text string, turn int) verdict.Class // nil: the text's first word
}

func (f *fake) grade(_ context.Context, w Work) (verdict.Verdict, error) {
	text := string(w.Files[w.Exercise.File])
	f.mu.Lock()
	if f.count == nil {
		f.count = map[string]int{}
	}
	f.count[text]++
	turn := f.count[text]
	f.mu.Unlock()
	word, _, _ := strings.Cut(text, " ")
	class := verdict.Class(strings.TrimSpace(word))
	if f.classes != nil {
		class = f.classes(text, turn)
	}
	v := verdict.Verdict{
		Schema: 1, Exercise: w.Exercise.Name, Lesson: w.Exercise.Lesson, Class: class, Passed: class == verdict.Pass, Title: "titled " + string(class),
		Tests: []verdict.Test{{Name: "TestOne", Class: verdict.Pass}, {Name: "TestTwo", Class: class}},
	}
	if !v.Passed {
		v.Findings = []verdict.Finding{{Class: class, Message: "because"}}
	}
	return v, nil
}

// tasks are submissions of an exercise, a text each.
func tasks(ex *course.Exercise, texts ...string) []Task {
	var all []Task
	for i, text := range texts {
		all = append(all, Task{fmt.Sprintf("s%03d", i), ex, 1, File{Name: "f", text: []byte(text)}})
	}
	return all
}

func classes(r Report) string {
	var all []string
	for _, x := range r.Results {
		all = append(all, string(x.Verdict.Class))
	}
	return strings.Join(all, " ")
}

// TestRun: every task has its answer, equal texts are graded once, and the canary goes first.
func TestRun(t *testing.T) {
	f := &fake{}
	ex := small().Exercise("counter")
	c := Config{Tasks: tasks(ex, "race", "pass mine", "race", "wrong", "race"), Grade: f.grade, Jobs: 3, Identity: "id"}
	last := Progress{}
	c.Progress = func(p Progress) { last = p }
	r, err := Run(t.Context(), c)
	if err != nil || classes(r) != "race pass race wrong race" {
		t.Fatalf("%s, %v", classes(r), err)
	}
	if f.count["race"] != 1 || f.count["pass"] != 1 || f.count["wrong"] != 1 {
		t.Errorf("graded %v, want each text once and the canary", f.count)
	}
	if last.Done != 5 || last.Total != 5 {
		t.Errorf("progress ends at %+v", last)
	}
	if score, points := Sum(r.Results); score != 3 || points != 5 {
		t.Errorf("%v of %v points, want 3 of 5: one whole, four halves", score, points)
	}
}

// TestNotCached: what a busy or broken machine says of one program, it does not say of another.
func TestNotCached(t *testing.T) {
	for _, class := range []verdict.Class{verdict.Timeout, verdict.Fault} {
		f := &fake{}
		f.classes = func(text string, turn int) verdict.Class {
			if text == "slow" && turn == 1 {
				return class
			}
			return verdict.Pass
		}
		r, err := Run(t.Context(), Config{Tasks: tasks(small().Exercise("counter"), "slow", "slow", "slow"), Grade: f.grade, Jobs: 2})
		if want := string(class) + " pass pass"; err != nil || classes(r) != want {
			t.Errorf("%s, %v, want %s", classes(r), err, want)
		}
		if f.count["slow"] != 2 {
			t.Errorf("%s: graded %d times, want twice: the second answer lasts", class, f.count["slow"])
		}
	}
}

// TestCanary: where the reference solution does not pass nobody is graded, and nobody is blamed for an
// error unless it still passes.
func TestCanary(t *testing.T) {
	ex := small().Exercise("counter")
	bad := &fake{classes: func(text string, _ int) verdict.Class { return verdict.Timeout }}
	_, err := Run(t.Context(), Config{Tasks: tasks(ex, "race"), Grade: bad.grade})
	var canary *CanaryError
	if !errors.As(err, &canary) || canary.Class != verdict.Timeout || bad.count["race"] != 0 {
		t.Errorf("a machine that is too slow: %v, and graded %v", err, bad.count)
	}
	dying := &fake{classes: func(text string, turn int) verdict.Class {
		if text == "pass" && turn == 1 {
			return verdict.Pass
		}
		return verdict.Fault
	}}
	if _, err := Run(t.Context(), Config{Tasks: tasks(ex, "race"), Grade: dying.grade}); !errors.As(err, &canary) {
		t.Errorf("a machine that breaks: %v", err)
	}
	odd := &fake{classes: func(text string, turn int) verdict.Class {
		if text == "pass" {
			return verdict.Pass
		}
		return verdict.Fault
	}}
	r, err := Run(t.Context(), Config{Tasks: tasks(ex, "odd"), Grade: odd.grade})
	if err != nil || classes(r) != "error" || odd.count["pass"] != 2 || !strings.Contains(fmt.Sprint(r.Results[0].Verdict.Notes), "passed right after") {
		t.Errorf("a submission that breaks the grader: %s, %v, canary graded %d times", classes(r), err, odd.count["pass"])
	}
}

// TestPrepare: programs of one exercise are prepared together, those of two exercises never.
func TestPrepare(t *testing.T) {
	c := small()
	all := append(tasks(c.Exercise("counter"), "race", "wrong", "leak"), Task{"s000", c.Exercise("lazy"), 2, File{text: []byte("race")}})
	var got []string
	prepare := func(_ context.Context, works []Work) error {
		text := ""
		for _, w := range works {
			text += w.Exercise.Name + " "
		}
		got = append(got, strings.TrimSpace(text))
		return nil
	}
	f := &fake{}
	if _, err := Run(t.Context(), Config{Tasks: all, Grade: f.grade, Prepare: prepare, Chunk: 2}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"counter counter", "counter", "lazy"}; !slices.Equal(got, want) {
		t.Errorf("prepared %q, want %q", got, want)
	}
	broken := func(context.Context, []Work) error { return errors.New("the disk is full") }
	if _, err := Run(t.Context(), Config{Tasks: all, Grade: f.grade, Prepare: broken}); err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("a broken machine: %v", err)
	}
}

// TestCancel: a batch that is ended says so.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := &fake{}
	grade := func(ctx context.Context, w Work) (verdict.Verdict, error) {
		cancel()
		return f.grade(ctx, w)
	}
	if _, err := Run(ctx, Config{Tasks: tasks(small().Exercise("counter"), "race", "wrong"), Grade: grade}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestResume: a journal that breaks off anywhere is gone on with: what it holds is not graded again, what it
// lacks is, and what changed is.
func TestResume(t *testing.T) {
	ex := small().Exercise("counter")
	texts := []string{"race", "wrong", "pass mine", "leak"}
	whole := filepath.Join(t.TempDir(), "whole")
	j, err := Create(whole, "id")
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(t.Context(), Config{Tasks: tasks(ex, texts...), Grade: (&fake{}).grade, Journal: j, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := full(t, report)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	head := strings.Index(string(text), "\n") + 1
	for cut := head; cut <= len(text); cut += 7 {
		file := filepath.Join(t.TempDir(), "cut")
		if err := os.WriteFile(file, text[:cut], 0o666); err != nil {
			t.Fatal(err)
		}
		held := strings.Count(string(text[head:cut]), "\n")
		for turn := range 2 {
			j, before, err := Resume(file, "id")
			if err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if turn == 1 {
				held = len(texts)
			}
			f := &fake{}
			got, err := Run(t.Context(), Config{Tasks: tasks(ex, texts...), Grade: f.grade, Journal: j, Before: before, Jobs: 1})
			if err != nil || !reflect.DeepEqual(full(t, got), want) {
				t.Fatalf("cut at %d: %v\n%+v\nwant\n%+v", cut, err, got.Results, want)
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			delete(f.count, "pass")
			if len(f.count) != len(texts)-held {
				t.Errorf("cut at %d: graded %v again, the journal held %d", cut, f.count, held)
			}
		}
	}
	texts[0] = "panic"
	j, before, err := Resume(whole, "id")
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	f := &fake{}
	got, err := Run(t.Context(), Config{Tasks: tasks(ex, texts...), Grade: f.grade, Before: before})
	if err != nil || classes(got) != "panic wrong pass leak" || f.count["panic"] != 1 || f.count["wrong"] != 0 {
		t.Errorf("a changed submission: %s, %v, graded %v", classes(got), err, f.count)
	}
	if _, _, err := Resume(whole, "other"); !errors.Is(err, ErrOtherBatch) {
		t.Errorf("another batch's journal: %v", err)
	}
}

// full returns a report whose results are in memory as a whole.
func full(t testing.TB, r Report) Report {
	t.Helper()
	results := []Result{}
	err := r.Each(func(_ int, x Result) error {
		results = append(results, x)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Results = results
	return r
}

// TestDamagedJournal: a line whose bytes changed is not believed, nor what follows it.
func TestDamagedJournal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "j")
	j, err := Create(file, "id")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), Config{Tasks: tasks(small().Exercise("counter"), "race", "wrong"), Grade: (&fake{}).grade, Journal: j, Jobs: 1}); err != nil {
		t.Fatal(err)
	}
	j.Close()
	text, _ := os.ReadFile(file)
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), `"class":"race"`, `"class":"pass"`, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	for turn, want := range []int{0, 1, 2} { // what stood behind the forged line never comes back
		j, before, err := Resume(file, "id")
		if err != nil || len(before) != want {
			t.Fatalf("turn %d: %v, %v, want %d results", turn, before, err, want)
		}
		if turn < 2 {
			c := Config{Tasks: tasks(small().Exercise("counter"), "leak", "panic")[turn : turn+1], Grade: (&fake{}).grade, Journal: j}
			if _, err := Run(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		j.Close()
	}
}

// TestWorthless: half of the tests pass in each of these, which is half of the points only where that can be believed.
func TestWorthless(t *testing.T) {
	ex := small().Exercises()[0]
	for class, want := range map[verdict.Class]float64{
		verdict.Pass: 1, verdict.Wrong: 0.5, verdict.Race: 0.5, verdict.Deadlock: 0.5, verdict.Timeout: 0.5,
		verdict.Tampered: 0, verdict.Policy: 0, verdict.Build: 0, verdict.Fault: 0,
	} {
		v, err := new(fake).grade(t.Context(), Work{Exercise: ex, Files: map[string][]byte{ex.File: []byte(class)}})
		if err != nil {
			t.Fatal(err)
		}
		if r := result(&tasks(ex, string(class))[0], "key", v); r.Score != want {
			t.Errorf("%s earns %v of %v, want %v", class, r.Score, r.Points, want)
		}
	}
}

// TestClean: nothing of a submission's can write into a terminal, into a log or over a page.
func TestClean(t *testing.T) {
	v := verdict.Verdict{
		Class: verdict.Wrong, Output: "a\x1b[2Jb\x00\xff\u202e" + strings.Repeat("x", 1<<20),
		Findings: []verdict.Finding{{Message: "bell\a\r\nend", Detail: make([]string, 1000), Raw: "secret", At: []verdict.Place{{Source: "\x1b"}}}},
	}
	got := clean(v)
	if want := `a\x1b[2Jb\x00\xff\u{202e}xxx`; !strings.HasPrefix(got.Output, want) || len(got.Output) > maxOutput+100 {
		t.Errorf("output is %d bytes, %.40q, want %q first", len(got.Output), got.Output, want)
	}
	f := got.Findings[0]
	if f.Message != "bell\\x07\\x0d\nend" || len(f.Detail) != maxLines+1 || f.Raw != "" || f.At[0].Source != `\x1b` {
		t.Errorf("finding is %+v", f)
	}
	if v.Findings[0].At[0].Source != "\x1b" {
		t.Error("the verdict itself was changed")
	}
	if text, err := json.Marshal(got); err != nil || strings.ContainsRune(string(text), '\ufffd') {
		t.Errorf("%v, %.100s", err, text)
	}
}
