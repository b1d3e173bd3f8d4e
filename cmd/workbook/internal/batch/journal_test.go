package batch

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/verdict"
)

// rich is a result with something in every field that can have it.
func rich(n int) Result {
	v := verdict.Verdict{
		Schema: 1, Exercise: "counter", Lesson: "atomicity", Class: verdict.Race, Title: "a <race> & more", ElapsedMS: int64(n),
		Tests: []verdict.Test{{Name: "TestOne", Class: verdict.Pass, MS: 3}}, Notes: []string{"a note"}, Output: "printed\u2028", Explored: "all 7 schedules",
	}
	for i := range 8 {
		f := verdict.Finding{Class: verdict.Race, Test: "TestOne", Message: strings.Repeat("words ", 30), Hint: "do so", Lesson: "atomicity#x", Schedule: "1d0000-0000"}
		for line := range 12 {
			f.Timeline = append(f.Timeline, strings.Repeat("  goroutine ", line%4))
			f.At = append(f.At, verdict.Place{File: "exercises/atomicity/counter/counter.go", Line: n + i + line, Role: "write", Source: "c.n++"})
		}
		v.Findings = append(v.Findings, f)
	}
	return Result{
		Submission: "s", Number: 3, File: "counter.go", Content: "c0ffee", Points: 2, Score: 0.3333,
		Credits: []Credit{{Test: "TestOne", Class: verdict.Pass, MS: 3, Points: 2, Score: 0.3333}}, Verdict: v,
	}
}

// TestKept: what a journal holds says the same when it is read again, in JSON, and in what is asked of it
// without reading; from the journal that wrote it, and from one that went on with it.
func TestKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "journal")
	j, err := Create(file, "id")
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var added []Result
	for n := range 3 {
		x, err := j.Add(rich(n))
		if err != nil {
			t.Fatal(err)
		}
		added = append(added, x)
	}
	again, before, err := Resume(file, "id")
	if err != nil || len(before) != 3 {
		t.Fatalf("%d results, %v", len(before), err)
	}
	defer again.Close()
	for n := range 3 {
		x := rich(n)
		for _, thin := range []Result{added[n], before[n]} {
			if full, err := thin.Full(); err != nil || !reflect.DeepEqual(full, x) {
				t.Errorf("%v, it holds %+v, want %+v", err, full, x)
			}
			same := Result{
				Submission: "s", Number: 3, File: "counter.go", Content: "c0ffee", Points: 2, Score: 0.3333,
				Verdict: verdict.Verdict{Exercise: "counter", Class: verdict.Race}, kept: thin.kept,
			}
			if !reflect.DeepEqual(thin, same) {
				t.Errorf("in memory there is %+v", thin)
			}
			for _, write := range []func(any) ([]byte, error){marshal, json.Marshal} {
				want, err := write(whole(x))
				if err != nil {
					t.Fatal(err)
				}
				if got, err := write(thin); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%v\n%s\nwant\n%s", err, got, want)
				}
			}
		}
		if full, err := x.Full(); err != nil || !reflect.DeepEqual(full, x) {
			t.Errorf("a result that no journal holds: %v, %+v", err, full)
		}
	}
}

// TestChangedMeanwhile: what is not as it was written is not believed.
func TestChangedMeanwhile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "journal")
	j, err := Create(file, "id")
	if err != nil {
		t.Fatal(err)
	}
	x, err := j.Add(rich(1))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte(`"class":"race"`), []byte(`"class":"pass"`), 1), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Full(); err == nil || !strings.Contains(err.Error(), "changed") {
		t.Errorf("a forged line: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(Report{Results: []Result{x}}); err == nil {
		t.Error("a report was written whose journal is closed")
	}
}
