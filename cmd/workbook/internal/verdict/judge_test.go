package verdict

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/run"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestRecorded judges the records that real programs left (see grader's TestLab) and compares the
// whole verdict with the one in the golden file.
func TestRecorded(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d recorded programs (%v)", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".verdict.json") {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			got, err := json.MarshalIndent(Judge(recorded(t, file)), "", "\t")
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".json") + ".verdict.json"
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(bytes.TrimSpace(want), got) {
				t.Errorf("Judge(%s) =\n%s\nwant\n%s", file, got, want)
			}
		})
	}
}

func recorded(t *testing.T, file string) Input {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var in Input
	if err := json.Unmarshal(data, &in); err != nil {
		t.Fatal(err)
	}
	return in
}

// passed is the record of a passed test.
func passed(test string) run.Record {
	return run.Record{Test: test, Layer: "free", Begun: true, Done: true, Elapsed: 12 * time.Millisecond}
}

// TestEveryBitOfEvidence changes one thing of the record of a passed test at a time. None may pass.
func TestEveryBitOfEvidence(t *testing.T) {
	tests := []struct {
		name   string
		change func(r *run.Record)
		want   Class
	}{
		{"another test's record", func(r *run.Record) { r.Test = "TestB" }, Fault},
		{"the runner's fault", func(r *run.Record) { r.Fault = "fork: out of memory" }, Fault},
		{"not begun", func(r *run.Record) { r.Begun, r.Done = false, false }, Tampered},
		{"not done", func(r *run.Record) { r.Done = false }, Tampered},
		{"not done, status 1", func(r *run.Record) { r.Done, r.Exit = false, 1 }, Panic},
		{"failed", func(r *run.Record) { r.Failed, r.Exit, r.Failures = true, 1, []string{"got 1, want 2"} }, Wrong},
		{"failed without a word", func(r *run.Record) { r.Failed, r.Exit = true, 1 }, Wrong},
		{"failed, status 0", func(r *run.Record) { r.Failed, r.Failures = true, []string{"got 1, want 2"} }, Tampered},
		{"failed because not concurrent", func(r *run.Record) { r.Failed, r.Exit, r.Failures = true, 1, []string{"not concurrent: one at a time"} }, NotConcurrent},
		{"skipped", func(r *run.Record) { r.Skipped = true }, Fault},
		{"a race counted", func(r *run.Record) { r.Races, r.Failed, r.Exit = 1, true, 1 }, Race},
		{"a race counted, nothing else", func(r *run.Record) { r.Races = 1 }, Race},
		{"a race reported after the test", func(r *run.Record) { r.RaceText = "==================\nWARNING: DATA RACE\n==================\n" }, Race},
		{"the race detector's status", func(r *run.Record) { r.Exit = 66 }, Race},
		{"a race and a wrong result", func(r *run.Record) { r.Races, r.Failed, r.Exit, r.Failures = 1, true, 1, []string{"got 1"} }, Race},
		{"enough races", func(r *run.Record) { r.Done, r.Stuck, r.Races, r.Exit = false, "races", 8, 3 }, Race},
		{"leaked", func(r *run.Record) { r.Leaked = 2 }, Leak},
		{"leaked after failing", func(r *run.Record) { r.Leaked, r.Failed, r.Exit, r.Failures = 2, true, 1, []string{"got 1"} }, Wrong},
		{"deadlock", func(r *run.Record) { r.Done, r.Stuck, r.Exit = false, "deadlock", 3 }, Deadlock},
		{"waiting for others in the kit", func(r *run.Record) {
			r.Done, r.Stuck, r.Exit, r.Dump = false, "deadlock", 3, "goroutine 9 [chan receive]:\nworkbook/solutions/kit.(*Overlap).Inside.func1()\nworkbook/solutions/kit.(*Overlap).Inside(0xc)\n"
		}, NotConcurrent},
		{"timeout", func(r *run.Record) { r.Done, r.Stuck, r.Exit = false, "timeout", 3 }, Timeout},
		{"ended by the runner", func(r *run.Record) { r.Done, r.TimedOut, r.Exit, r.Signal = false, true, -1, "killed" }, Timeout},
		{"hung before it began", func(r *run.Record) { r.Begun, r.Done, r.TimedOut, r.Exit, r.Signal = false, false, true, -1, "killed" }, Timeout},
		{"printed too much", func(r *run.Record) { r.Done, r.Killed, r.Exit, r.Signal = false, "output", -1, "killed" }, Wrong},
		{"killed by somebody", func(r *run.Record) { r.Done, r.Exit, r.Signal = false, -1, "killed" }, Panic},
		{"panic", func(r *run.Record) {
			r.Done, r.Exit, r.Output = false, 2, "hello\npanic: boom\n\ngoroutine 7 [running]:\n"
		}, Panic},
		{"died while dying", func(r *run.Record) {
			r.Done, r.TimedOut, r.Exit, r.Signal, r.Output = false, true, -1, "killed", "fatal error: stack overflow\n\n"
		}, Panic},
		{"says panic, and ends well", func(r *run.Record) { r.Done, r.Output = false, "panic: boom\n" }, Tampered},
		{"all asleep", func(r *run.Record) {
			r.Done, r.Exit, r.Output = false, 2, "fatal error: all goroutines are asleep - deadlock!\n"
		}, Deadlock},
		{"bubble blocked", func(r *run.Record) {
			r.Done, r.Exit, r.Output = false, 2, "panic: deadlock: all goroutines in bubble are blocked [recovered, repanicked]\n"
		}, Deadlock},
		{"bubble left behind", func(r *run.Record) {
			r.Done, r.Exit, r.Output = false, 2, "panic: deadlock: main bubble goroutine has exited but blocked goroutines remain\n"
		}, Leak},
		{"os.Exit(0) in the test", func(r *run.Record) {
			r.Done, r.Exit, r.Output = false, 2, "panic: unexpected call to os.Exit(0) during test\n"
		}, Tampered},
		{"the race detector is silent", func(r *run.Record) { r.Blind = true }, Tampered},
		{"forged events", func(r *run.Record) { r.Forged = true }, Tampered},
		{"forged events, nothing after", func(r *run.Record) { r.Forged, r.Done = true, false }, Tampered},
		{"status 1 after passing", func(r *run.Record) { r.Exit = 1 }, Tampered},
		{"a panic after passing", func(r *run.Record) { r.Exit, r.Output = 2, "panic: late\n" }, Panic},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := passed("TestA")
			tt.change(&r)
			v := Judge(Input{Exercise: "x", Tests: []string{"TestA"}, Records: []run.Record{r}})
			if v.Class != tt.want || v.Passed || len(v.Findings) == 0 || v.Title == "" {
				t.Errorf("class %s, passed %v, title %q, %d findings, want %s", v.Class, v.Passed, v.Title, len(v.Findings), tt.want)
			}
			for _, f := range v.Findings {
				if f.Message == "" {
					t.Errorf("finding %+v has no message", f)
				}
			}
		})
	}
}

func TestPass(t *testing.T) {
	in := Input{Tests: []string{"TestA", "TestB"}, Records: []run.Record{passed("TestB"), passed("TestA")}}
	v := Judge(in)
	if !v.Passed || v.Class != Pass || len(v.Findings) > 0 || v.Title != "passed: all 2 hidden tests" {
		t.Errorf("Judge(two passed tests) = %+v", v)
	}
	if len(v.Tests) != 2 || v.Tests[0] != (Test{"TestA", Pass, 12}) {
		t.Errorf("tests = %v, want TestA first, passed in 12 ms", v.Tests)
	}
}

// TestMissing makes sure that what did not run does not pass.
func TestMissing(t *testing.T) {
	for _, in := range []Input{
		{},
		{Tests: []string{"TestA"}},
		{Tests: []string{"TestA", "TestB"}, Records: []run.Record{passed("TestA")}},
		{Tests: []string{"TestA", "TestB"}, Records: []run.Record{passed("TestA"), passed("TestA")}},
		{Tests: []string{"TestA"}, Records: []run.Record{{}}},
	} {
		if v := Judge(in); v.Passed || v.Class != Fault {
			t.Errorf("Judge(%+v) is %s, want error", in, v.Class)
		}
	}
}

// TestFinal makes sure that no later layer clears an earlier one.
func TestFinal(t *testing.T) {
	racy := passed("TestA")
	racy.Races = 1
	for _, records := range [][]run.Record{{racy, passed("TestA")}, {passed("TestA"), racy}} {
		if v := Judge(Input{Tests: []string{"TestA"}, Records: records}); v.Class != Race || v.Tests[0].Class != Race {
			t.Errorf("Judge(race in one of two layers) is %s", v.Class)
		}
	}
}

// TestFirmerFact has tests that fail in different ways: the verdict is about the firmest.
func TestFirmerFact(t *testing.T) {
	racy, stuck, leaks, wrong, late := passed("TestA"), passed("TestB"), passed("TestC"), passed("TestD"), passed("TestE")
	racy.Races = 1
	stuck.Stuck, stuck.Done, stuck.Exit = "deadlock", false, 3
	leaks.Leaked = 1
	wrong.Failed, wrong.Exit = true, 1
	late.Stuck, late.Done, late.Exit = "timeout", false, 3
	all := []run.Record{late, wrong, leaks, stuck, racy}
	for i, want := range []Class{Timeout, Wrong, Leak, Deadlock, Race} {
		var in Input
		for _, r := range all[:i+1] {
			in.Tests, in.Records = append(in.Tests, r.Test), append(in.Records, r)
		}
		if v := Judge(in); v.Class != want {
			t.Errorf("of %d findings the verdict is %s, want %s", i+1, v.Class, want)
		}
	}
}

// TestEarly makes sure that a submission that is refused or does not compile is judged by that.
func TestEarly(t *testing.T) {
	build, policy := Finding{Class: Build, Message: "undefined: x"}, Finding{Class: Policy, Message: "no cgo"}
	v := Judge(Input{Tests: []string{"TestA"}, Findings: []Finding{policy, build}, Records: []run.Record{passed("TestA")}})
	if v.Class != Build || v.Passed || len(v.Tests) != 0 || v.Findings[0].Class != Build {
		t.Errorf("Judge(policy and build) = %+v, want build first and no tests", v)
	}
	if data, err := json.Marshal(v); err != nil || !bytes.Contains(data, []byte(`"tests":[]`)) {
		t.Errorf("JSON %s, %v: want an empty list of tests", data, err)
	}
}

// FuzzReports reads foreign text.
func FuzzReports(f *testing.F) {
	f.Add("==================\nWARNING: DATA RACE\nWrite at 0x1 by goroutine 7:\n  x.F()\n      exercises/a/b/b.go:7 +0x2\n==================\n", "panic: x\n")
	f.Add("", "runtime: goroutine stack exceeds 1-byte limit\nfatal error: stack overflow\n\nruntime stack:\n")
	f.Fuzz(func(t *testing.T, race, output string) {
		r := run.Record{Test: "TestA", Exit: 2, RaceText: race, Output: output}
		v := Judge(Input{Tests: []string{"TestA"}, Records: []run.Record{r}})
		if v.Passed {
			t.Errorf("a record with status 2 passes")
		}
		for _, f := range v.Findings {
			if f.Message == "" {
				t.Errorf("a finding of class %s says nothing", f.Class)
			}
		}
	})
}
