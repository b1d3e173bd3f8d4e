package batch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/verdict"
)

// graded is a report on submissions, and the reports of its shares.
func graded(t *testing.T, n, shares int) (whole Report, parts []Report) {
	t.Helper()
	var all []Task
	for i := range n {
		for j, ex := range small().Exercises() {
			text := []string{"pass", "race", "wrong", "policy"}[(i+j)%4]
			all = append(all, Task{fmt.Sprintf("s%d", i), ex, j + 1, File{text: fmt.Appendf(nil, "%s %d", text, i)}})
		}
	}
	run := func(s Shard) Report {
		r, err := Run(t.Context(), Config{Tasks: s.Select(all), Shard: s, Identity: "id", Grade: (&fake{}).grade})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = ReadReport(bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		return r
	}
	for i := range shares {
		parts = append(parts, run(Shard{i + 1, shares}))
	}
	return run(Shard{}), parts
}

// TestMerge: the reports of all shares, in any order and any of them twice, or merged in steps, make the
// report of the whole.
func TestMerge(t *testing.T) {
	whole, parts := graded(t, 40, 5)
	want, err := Merge(parts...)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		list := slices.Clone(parts)
		for range random.IntN(4) {
			list = append(list, parts[random.IntN(len(parts))])
		}
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		at := random.IntN(len(list))
		if first, err := Merge(list[:at+1]...); err != nil {
			t.Fatal(err)
		} else {
			list = append(list[at+1:], first, first)
		}
		got, err := Merge(list...)
		if err != nil || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(got.Results, whole.Results) || len(got.Missing()) > 0 {
			t.Fatalf("%v, missing %v\n%+v\nwant\n%+v", err, got.Missing(), got.Results, whole.Results)
		}
	}
	got, err := Merge(parts[0], parts[3])
	if missing := fmt.Sprint(got.Missing()); err != nil || missing != "[2/5 3/5 5/5]" {
		t.Errorf("missing %s, %v", missing, err)
	}
	if got, err := Merge(whole, parts[0]); err != nil || len(got.Missing()) > 0 || len(got.Shards) > 0 {
		t.Errorf("a whole report and a part: %v, %v", got.Shards, err)
	}
}

// TestMergeOdd: an answer stands before a failure of ours, the weaker sandbox is what counts, and reports
// that contradict each other are refused.
func TestMergeOdd(t *testing.T) {
	whole, _ := graded(t, 3, 1)
	change := func(f func(*Report)) Report {
		r := whole
		r.Results = slices.Clone(whole.Results)
		f(&r)
		return r
	}
	failed := change(func(r *Report) { r.Results[1].Verdict.Class = verdict.Fault })
	boxed := change(func(r *Report) { r.Tier, r.Box = 2, "namespaces" })
	slower := change(func(r *Report) { r.Results[0].Verdict.ElapsedMS = 99 })
	for _, list := range [][]Report{{whole, failed, boxed, slower}, {slower, boxed, failed, whole}, {failed, slower, whole, boxed}} {
		got, err := Merge(list...)
		first, _ := Merge(whole, slower)
		if err != nil || !reflect.DeepEqual(got.Results, first.Results) || got.Tier != 0 {
			t.Errorf("%v, tier %d, %+v", err, got.Tier, got.Results)
		}
	}
	other := change(func(r *Report) { r.Course = "other" })
	if _, err := Merge(whole, other); err == nil || !strings.Contains(err.Error(), "different exercises") {
		t.Errorf("other exercises: %v", err)
	}
	edited := change(func(r *Report) { r.Results[0].Content = "other" })
	if _, err := Merge(whole, edited); err == nil || !strings.Contains(err.Error(), "different files of counter by s0") {
		t.Errorf("other files: %v", err)
	}
	for _, text := range []string{"", "{}", "[]", `{"schema":2,"course":"x"}`, "null"} {
		if _, err := ReadReport(strings.NewReader(text)); err == nil {
			t.Errorf("%q is taken for a report", text)
		}
	}
}

// TestShards: every submission is in one share exactly, the same one on every machine.
func TestShards(t *testing.T) {
	for n := 1; n <= 9; n++ {
		count := make([]int, n)
		for s := range 500 {
			in := 0
			for i := range n {
				shard, err := ParseShard(fmt.Sprintf("%d/%d", i, n)) // from zero: 0 is the last
				if err != nil {
					t.Fatal(err)
				}
				if shard.Has(fmt.Sprint("student", s)) {
					count[i]++
					in++
				}
			}
			if in != 1 {
				t.Fatalf("student%d is in %d of %d shares", s, in, n)
			}
		}
		for i, c := range count {
			if c < 500/n/2 {
				t.Errorf("share %d of %d has %d of 500", i, n, c)
			}
		}
	}
	// Machines of different versions must agree.
	for name, want := range map[string]int{"alice": 2, "bob": 2, "group 7/carol": 7} {
		if !(Shard{want, 7}).Has(name) {
			t.Errorf("%s has left share %d/7", name, want)
		}
	}
	for _, bad := range []string{"", "1", "5/4", "-1/4", "1/0", "a/b", "1/4/2", "1/99999"} {
		if s, err := ParseShard(bad); err == nil {
			t.Errorf("%q is read as %v", bad, s)
		}
	}
}
