package batch

import (
	"bytes"
	"encoding/json"
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

// TestPack: what is packed says the same when it is unpacked, in JSON, and in what is asked of it packed.
func TestPack(t *testing.T) {
	var p packer
	for n := range 3 {
		x := rich(n)
		thin := p.thin(x)
		if !reflect.DeepEqual(thin.Full(), x) {
			t.Errorf("unpacked it is %+v, want %+v", thin.Full(), x)
		}
		if !reflect.DeepEqual(p.thin(thin), thin) || !reflect.DeepEqual(x.Full(), x) {
			t.Error("packing twice, or unpacking what is not packed, makes another result of it")
		}
		same := Result{
			Submission: "s", Number: 3, File: "counter.go", Content: "c0ffee", Points: 2, Score: 0.3333,
			Verdict: verdict.Verdict{Exercise: "counter", Class: verdict.Race}, packed: thin.packed,
		}
		if !reflect.DeepEqual(thin, same) {
			t.Errorf("packed it is %+v", thin)
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
}

// TestPackedIsSmall wants a packed result to take a sixth of its JSON form at most, which is the smaller of its
// two other forms.
func TestPackedIsSmall(t *testing.T) {
	var p packer
	for n := range 3 {
		text, err := marshal(rich(n))
		if thin := p.thin(rich(n)); err != nil || 6*len(thin.packed) > len(text) {
			t.Errorf("%v, %d bytes packed, %d as JSON", err, len(thin.packed), len(text))
		}
	}
}
