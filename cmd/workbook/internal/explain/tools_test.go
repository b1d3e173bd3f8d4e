package explain

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/policy"
	"workbook/cmd/workbook/internal/verdict"
)

// proposals are the words of a hint that ask for a package, which the test knows by itself: a list in the code that
// forgets one is found out.
var proposals = []struct{ words, pkg, name string }{
	{`mutex|Mutex|\block\b|\blocks\b|[rR]?Unlock\b|RLock|\bLock\b`, "sync", "Mutex"},
	{`WaitGroup|\bwg\.`, "sync", "WaitGroup"},
	{`sync\.Once\b`, "sync", "Once"},
	{`sync\.Map|LoadOrStore`, "sync", "Map"},
	{`Broadcast|\bCond\b`, "sync", "Cond"},
	{`[aA]tomic|CompareAndSwap|one Swap`, "sync/atomic", "Int64"},
	{`\bslices\.`, "slices", "Clone"},
	{`\bmaps\.`, "maps", "Clone"},
	{`\bcontext\b`, "context", "Context"},
	{`\btime\.[A-Z]`, "time", "Sleep"},
	{`\bruntime\.[A-Z]`, "runtime", "Gosched"},
}

// unfitting is what a hint proposes and a task does not allow, "" for nothing.
func unfitting(hint string, allows func(pkg, name string) bool) string {
	for _, p := range proposals {
		if !allows(p.pkg, p.name) && regexp.MustCompile(p.words).MatchString(hint) {
			return p.pkg + "." + p.name
		}
	}
	return ""
}

// tasks are the exercises of the course, one for each choice of names that a task may allow.
func tasks(t *testing.T) map[string]*course.Exercise {
	t.Helper()
	c, _ := course.Load(os.DirFS("../../../..")) // faults are the gate's business
	if c == nil {
		t.Fatal("there is no course")
	}
	all, n := map[string]*course.Exercise{}, 0
	for _, l := range c.Lessons {
		for _, ex := range l.Exercises {
			key := ""
			for _, p := range proposals {
				key += fmt.Sprint(policy.Permits(ex, p.pkg, p.name), " ")
			}
			all[key] = ex
			n++
		}
	}
	if n < 28 || len(all) < 8 {
		t.Fatalf("%d exercises, %d choices of names", n, len(all))
	}
	return all
}

// TestHintsFit: whatever the verdict and whatever the exercise of the course, no hint proposes what its task does not
// allow.
func TestHintsFit(t *testing.T) {
	recorded := append(cases(t), scheduleCases(t)...)
	for _, ex := range tasks(t) {
		allows := func(pkg, name string) bool { return policy.Permits(ex, pkg, name) }
		check := func(what, hint string) {
			if refused := unfitting(hint, allows); refused != "" || hint == "" {
				t.Errorf("%s, %s: the hint %q proposes %s", ex.Name, what, hint, refused)
			}
		}
		for _, c := range recorded {
			for _, f := range c.under(allows).Findings {
				check(c.name, f.Hint)
			}
		}
		s := newSource(Input{Allows: allows})
		keep := func(what string, class verdict.Class, hint string) {
			f := verdict.Finding{Class: class, Hint: hint}
			s.keepHint(&f)
			check(what, f.Hint)
		}
		for class, text := range texts {
			keep(string(class), class, text.Hint)
		}
		for _, r := range crashRules {
			keep("a crash", verdict.Panic, r.hint)
		}
		for _, h := range buildHints {
			keep("a compiler's message", verdict.Build, strings.NewReplacer("$1", "sync", "$2", "mutex", "$3", "Lock").Replace(h.hint))
		}
	}
}

// under is the diagnosis of a recorded program where a task allows no more than that.
func (c *testCase) under(allows func(pkg, name string) bool) *verdict.Verdict {
	if _, explored := c.parts["report"]; explored || c.parts["journal"] != "" {
		return c.explainedUnder(allows)
	}
	v := &verdict.Verdict{Class: c.class(), Findings: []verdict.Finding{{Class: c.class(), Test: "TestX"}}}
	in := c.input()
	in.Allows = allows
	Verdict(v, in)
	return v
}

// TestHintsStay: where the task allows what the best hint proposes it is that one, else the next that it does allow.
func TestHintsStay(t *testing.T) {
	s := newSource(Input{Allows: func(pkg, _ string) bool { return pkg == "sync/atomic" }})
	for want, hints := range map[string][]string{
		"Make it an atomic.Int64.":     {"Hold one mutex.", "Make it an atomic.Int64.", "Send it."},
		"Send it.":                     {"Use maps.Clone.", "Call wg.Wait.", "Send it."},
		"Close it.":                    {"Close it.", "Make it an atomic.Int64."},
		"Everything is refused: lock.": {"Use slices.Clone.", "Everything is refused: lock."},
	} {
		if got := s.first(hints...); got != want {
			t.Errorf("first(%q) = %q, want %q", hints, got, want)
		}
	}
	f := verdict.Finding{Class: verdict.Race, Hint: "Guard it with a mutex."}
	if s.keepHint(&f); f.Hint != general[verdict.Race][1] {
		t.Errorf("the hint is %q, want %q", f.Hint, general[verdict.Race][1])
	}
}
