package explain

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/verdict"
)

// samples are outputs of the race detector, the runtime and the testing package of Go 1.26.8 whose
// sources are not kept: they test what is read, not what is concluded.
func samples(tb testing.TB) map[string]string {
	tb.Helper()
	paths, err := filepath.Glob("testdata/samples/*.txt")
	if err != nil || len(paths) < 50 {
		tb.Fatalf("only %d samples (%v)", len(paths), err)
	}
	all := map[string]string{}
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			tb.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(p), ".txt")] = string(text)
	}
	return all
}

// read says what was found in a text: every access with its goroutine and innermost frames, every
// birth, the crash, and the goroutines of a dump.
func read(text string) string {
	var b strings.Builder
	for _, r := range parseReports(text) {
		for _, s := range r.sides {
			op := map[bool]string{true: "write", false: "read"}[s.write]
			fmt.Fprintf(&b, "\t%s by %d: %s\n", op, s.goroutine, top(s.stack, 2))
		}
		var ids []int
		for id := range r.births {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			fmt.Fprintf(&b, "\tgoroutine %d finished=%t started by %s\n", id, r.births[id].finished, top(r.births[id].stack, 1))
		}
	}
	if c, ok := parseCrash(text); ok {
		fmt.Fprintf(&b, "\tcrash fatal=%t %q: %s\n", c.fatal, c.said, top(c.stack, 3))
	}
	for _, g := range parseDump(text) {
		fmt.Fprintf(&b, "\tdump %d [%s] nil=%t: %s; by %d %s\n", g.id, g.state, g.nilChan, top(g.stack, 1), g.by, top(g.start, 1))
	}
	return b.String()
}

// top is the innermost n frames in short.
func top(stack []frame, n int) string {
	var out []string
	for _, f := range stack[:min(n, len(stack))] {
		out = append(out, fmt.Sprintf("%s %s:%d", f.base(), filepath.Base(f.file), f.line))
	}
	return strings.Join(out, " < ")
}

func TestSamples(t *testing.T) {
	all := samples(t)
	var names []string
	for n := range all {
		names = append(names, n)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintf(&b, "%s\n%s", n, read(all[n]))
	}
	const golden = "testdata/samples.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("what is read of the samples differs from %s:\n%s", golden, b.String())
	}
}

// learners is a program for the fuzzers to find the lines of.
const learners = `package x

import "sync"

type C struct {
	mu sync.Mutex
	n  int
	m  map[string][]int
}

func (c *C) Inc() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	c.m["a"] = append(c.m["a"], c.n)
}

func (c *C) Get() int {
	ch := make(chan int)
	go func() { ch <- c.n }()
	select {
	case v := <-ch:
		return v
	}
}
`

// diagnose runs everything that reads foreign text.
func diagnose(text, source string) {
	for _, class := range []verdict.Class{verdict.Race, verdict.Panic, verdict.Deadlock, verdict.Leak, verdict.Timeout, verdict.Wrong, verdict.Build} {
		v := &verdict.Verdict{Class: class, Findings: []verdict.Finding{{Class: class, Test: "TestX", Raw: text}}}
		Verdict(v, Input{Records: []run.Record{{Test: "TestX"}}, Tree: "/home/learner", Files: map[string][]byte{"wb/x_test.go": []byte(source)}})
	}
}

// TestCutOff reads every sample and every case cut off at many places: as much as is there is used,
// and nothing panics.
func TestCutOff(t *testing.T) {
	texts := samples(t)
	for _, c := range cases(t) {
		texts[c.name] = c.parts["evidence"]
	}
	for name, text := range texts {
		whole := len(parseReports(text))
		for n := range 24 {
			cut := text[:len(text)*n/24]
			if got := len(parseReports(cut)); got > whole {
				t.Errorf("%s cut at %d/24 has %d reports, whole %d", name, n, got, whole)
			}
			read(cut)
			if n%8 == 0 {
				diagnose(cut, learners)
			}
		}
	}
}

func FuzzEvidence(f *testing.F) {
	for _, text := range samples(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read(text)
		diagnose(text, learners)
	})
}

// FuzzSource gives the diagnosis sources that do not parse or do not type-check.
func FuzzSource(f *testing.F) {
	all := samples(f)
	f.Add(learners, uint8(0))
	paths, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for i, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), uint8(i))
	}
	names := []string{"race_mutex", "race_map", "race_atomicmix", "race_chanclose", "timeout", "fatal_unlock", "panic_sendclosed", "race_captured"}
	f.Fuzz(func(t *testing.T, source string, which uint8) {
		_, source, _ = strings.Cut(source, "-- x.go --\n")
		source, _, _ = strings.Cut(source, "-- x_test.go --\n")
		diagnose(all[names[int(which)%len(names)]], source)
	})
}
