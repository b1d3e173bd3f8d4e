package run

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/build/harness"
	"workbook/cmd/workbook/internal/schedule/sched"
)

// plan runs tests of this very program, which plays the hidden-test binary.
func plan(t *testing.T, tests ...string) Plan {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := &build.Binary{Path: self, Tree: "/tree", Canary: true}
	return Plan{Layers: []Layer{{Name: "free", Binary: bin, Tests: tests}}, Limits: Limits{Startup: 30 * time.Second, Deadline: 30 * time.Second}}
}

func one(t *testing.T, p Plan) Record {
	t.Helper()
	records, err := p.Run(t.Context())
	if err != nil || len(records) != 1 {
		t.Fatalf("Run = %v, %v, want one record", records, err)
	}
	return records[0]
}

// TestRecords runs children that behave in all sorts of ways, over pipes and over files.
func TestRecords(t *testing.T) {
	tests := []struct {
		name  string
		check func(r Record) bool
	}{
		{"TestGood", func(r Record) bool {
			return r.Begun && r.Done && !r.Failed && r.Exit == 0 && r.Output == "hello\nworld\n" && r.Layer == "free" && r.Elapsed > 0 && !r.Blind && !r.Forged && r.RaceText == ""
		}},
		{"TestBlind", func(r Record) bool { return r.Done && r.Exit == 0 && r.Blind && !r.Forged }},
		{"TestTwice", func(r Record) bool { return r.Done && r.Forged }},
		{"TestFails", func(r Record) bool {
			return r.Done && r.Failed && r.Races == 1 && r.Leaked == 2 && r.Exit == 1 && r.RaceText == "WARNING: DATA RACE" &&
				r.Dump == "goroutine 7 [select]:" && slices.Equal(r.Failures, []string{"got 1,\nwant 2", "and more"})
		}},
		{"TestForged", func(r Record) bool { return !r.Begun && !r.Done && r.Exit == 0 && r.Forged }},
		{"TestSilent", func(r Record) bool { return !r.Begun && !r.Done && r.Exit == 0 && r.Output == "" }},
		{"TestFlood", func(r Record) bool {
			return r.Begun && !r.Done && r.Killed == "output" && r.Truncated > 0 && len(r.Output) <= headBytes+tailBytes+10
		}},
	}
	for _, named := range []bool{false, true} {
		for _, tt := range tests {
			p := plan(t, tt.name)
			p.Named = named
			if r := one(t, p); !tt.check(r) || r.Fault != "" {
				t.Errorf("named files %v: %s leaves %+v", named, tt.name, r)
			}
		}
	}
	if r := one(t, plan(t, "TestGarbled")); !r.Begun || r.Done {
		t.Errorf("an event after nonsense is believed: %+v", r)
	}
}

func TestLimits(t *testing.T) {
	p := plan(t, "TestHangs", "TestHangsLate", "TestGood")
	p.Limits, p.Jobs = Limits{Startup: 2 * time.Second, Deadline: 20 * time.Millisecond, Settle: 20 * time.Millisecond}, 1
	p.Layers[0].Tests = []string{"TestHangs", "TestHangsLate"}
	records, err := p.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r := records[0]; !r.TimedOut || r.Begun || r.Exit == 0 {
		t.Errorf("a child that hangs before it begins leaves %+v", r)
	}
	if r := records[1]; !r.TimedOut || !r.Begun || r.Done || r.Exit == 0 {
		t.Errorf("a child that hangs after it began leaves %+v", r)
	}
}

// TestHurry: what has not begun when a test was late is not run, in no later layer either.
func TestHurry(t *testing.T) {
	p := plan(t, "TestHangs", "TestGood")
	p.Limits, p.Jobs, p.Hurry = Limits{Startup: 2 * time.Second, Deadline: 20 * time.Millisecond, Settle: 20 * time.Millisecond}, 1, true
	p.Layers = append(p.Layers, p.Layers[0])
	if r := one(t, p); r.Test != "TestHangs" || !r.TimedOut {
		t.Errorf("the one record is %+v", r)
	}
}

func TestNoBinary(t *testing.T) {
	p := plan(t, "TestGood")
	p.Layers[0].Binary = &build.Binary{Path: filepath.Join(t.TempDir(), "none")}
	if r := one(t, p); r.Fault == "" || r.Begun {
		t.Errorf("a binary that is not there leaves %+v, want a fault of ours", r)
	}
}

// TestOrder: records come in the plan's order, whatever ran first.
func TestOrder(t *testing.T) {
	p := plan(t, "TestGood", "TestSilent", "TestFails", "TestGood")
	p.Jobs = 4
	p.Layers = append(p.Layers, Layer{Name: "again", Binary: p.Layers[0].Binary, Tests: []string{"TestSilent"}, Procs: []int{3}, Alone: true})
	records, err := p.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range records {
		got = append(got, r.Layer+" "+r.Test)
	}
	want := []string{"free TestGood", "free TestSilent", "free TestFails", "free TestGood", "again TestSilent"}
	if !slices.Equal(got, want) || records[4].Procs != 3 {
		t.Errorf("records %v, want %v", got, want)
	}
}

// TestWorld: a child sees an empty folder of its own and next to no environment, and leaves nothing.
func TestWorld(t *testing.T) {
	t.Setenv("WORKBOOK_SECRET", "x")
	p := plan(t, "TestWorld")
	p.Layers[0].Procs = []int{3}
	p.Environ = append(os.Environ(), `SystemRoot=C:\Windows`)
	r := one(t, p)
	var w world
	if err := json.Unmarshal([]byte(r.Output), &w); err != nil {
		t.Fatalf("output %q: %v", r.Output, err)
	}
	if w.Entries != 0 {
		t.Errorf("the folder has %d entries", w.Entries)
	}
	if _, err := os.Stat(w.Dir); err == nil {
		t.Errorf("%s is still there", w.Dir)
	}
	var names []string
	for _, kv := range w.Environ {
		name, _, _ := strings.Cut(kv, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	if want := []string{"GOMAXPROCS", "GORACE", "HOME", "SystemRoot", "TEMP", "TMP", "TMPDIR"}; !slices.Equal(without(names, "PWD"), want) {
		t.Errorf("the environment has %v, want %v", names, want)
	}
}

func without(names []string, name string) []string {
	return slices.DeleteFunc(names, func(s string) bool { return s == name })
}

func TestRelocate(t *testing.T) {
	r := Record{
		RaceText: "      /c/tree/exercises/a/b/b.go:7 +0x1\n", Dump: "\tC:\\tree\\x\n",
		Output: "panic: x\n\t/c/tree/exercises/a/b/b.go:9\n",
	}
	r.relocate("/c/tree")
	if r.RaceText != "      exercises/a/b/b.go:7 +0x1\n" || r.Output != "panic: x\n\texercises/a/b/b.go:9\n" {
		t.Errorf("relocate leaves %+v", r)
	}
	r = Record{Output: "x\n==================\nWARNING: DATA RACE\n"}
	if r.relocate("/c/tree"); r.RaceText != r.Output {
		t.Error("a race report on standard error is lost")
	}
}

// TestProtocol: the runner and the harness, which is compiled into another program, agree.
func TestProtocol(t *testing.T) {
	for _, pair := range [][2]any{{job{}, harness.Job{}}, {event{}, harness.Event{}}} {
		a, b := reflect.TypeOf(pair[0]), reflect.TypeOf(pair[1])
		if a.NumField() != b.NumField() {
			t.Fatalf("%v and %v have different fields", a, b)
		}
		for i := range a.NumField() {
			if x, y := a.Field(i), b.Field(i); x.Name != y.Name || x.Type != y.Type || x.Tag != y.Tag {
				t.Errorf("%v.%s and %v.%s differ", a, x.Name, b, y.Name)
			}
		}
	}
}

func TestCapped(t *testing.T) {
	flooded := 0
	c := &capped{flood: func() { flooded++ }}
	block := []byte(strings.Repeat("0123456789abcde\n", 64))
	for range 200 {
		c.Write(block)
	}
	c.Write([]byte("the end\n"))
	text, dropped := c.text()
	if !strings.HasPrefix(text, "0123") || !strings.HasSuffix(text, "the end\n") || dropped != 200*1024+8-len(text)+len("…\n") || flooded != 0 {
		t.Errorf("%d bytes kept, %d dropped, %d floods", len(text), dropped, flooded)
	}
	for line := range strings.Lines(text) {
		if line != "0123456789abcde\n" && line != "…\n" && line != "the end\n" {
			t.Errorf("half a line is kept: %q", line)
		}
	}
	for range 1000 {
		c.Write(block)
	}
	if flooded != 1 {
		t.Errorf("flood called %d times, want once", flooded)
	}
	one := &capped{flood: func() {}}
	one.Write([]byte(strings.Repeat("x", floodBytes)))
	if text, dropped := one.text(); len(text) != headBytes+tailBytes+len("\n…\n") || dropped != floodBytes-headBytes-tailBytes {
		t.Errorf("of one long line %d bytes are kept, %d dropped", len(text), dropped)
	}
	short := &capped{}
	short.Write([]byte("a"))
	if text, dropped := short.text(); text != "a" || dropped != 0 {
		t.Errorf("text = %q, %d", text, dropped)
	}
}

func FuzzFailures(f *testing.F) {
	f.Add("=== RUN   TestA\n    a_test.go:7: x\n        y\n--- FAIL")
	f.Fuzz(func(t *testing.T, words string) {
		if got := Failures(words); len(got) > maxFailures {
			t.Errorf("%d failures", len(got))
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"nonce":"n","event":"done","test":"TestA"}` + "\n"))
	f.Fuzz(func(t *testing.T, events []byte) {
		records := []Record{{Test: "TestA"}, {Test: "TestA"}}
		read(events, "a nonce that no fuzzer finds", records)
		for _, r := range records {
			if r.Begun || r.Done {
				t.Errorf("believed %q", events)
			}
		}
	})
}

// TestTwoRecords has processes that run their test freely once its schedules are through, or say so.
func TestTwoRecords(t *testing.T) {
	for test, want := range map[string]string{
		"TestThen":       "schedules done; free done",
		"TestThenFailed": "schedules done; free done failed",
		"TestThenDied":   "schedules done; free exit 2",
		"TestNotThen":    "schedules done",
		"TestThrice":     "schedules done; free done forged",
		"TestAgain":      "schedules done forged",
	} {
		p := plan(t, test)
		p.Layers[0].Name, p.Layers[0].Schedule, p.Layers[0].Freely = "schedules", &sched.Job{}, "free"
		if test == "TestAgain" {
			p.Layers[0].Freely = ""
		}
		records, err := p.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range records {
			s := r.Layer
			for _, x := range []struct {
				is   bool
				what string
			}{{r.Done, " done"}, {r.Failed, " failed"}, {r.Forged, " forged"}, {r.Exit == 2, " exit 2"}} {
				if x.is {
					s += x.what
				}
			}
			if r.Scheduled != (r.Layer == "schedules") || !r.Forged && r.Scheduled != (string(r.Schedule) == "{}") || r.Scheduled && len(records) > 1 && r.Output != "" {
				t.Errorf("%s: %+v", test, r)
			}
			got = append(got, s)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: %q, want %q", test, got, want)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if records, err := plan(t, "TestGood").Run(ctx); err == nil || records != nil {
		t.Errorf("Run = %v, %v after its context has ended", records, err)
	}
}
