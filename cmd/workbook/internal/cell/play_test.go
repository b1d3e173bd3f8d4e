package cell

import (
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// An exchange is what is entered and what comes of it: the output, and for what fails its class.
type exchange struct{ text, class, want string }

func TestEnter(t *testing.T) {
	t.Parallel()
	for name, script := range map[string][]exchange{
		"values": {
			{"1 + 2", "ok", "3\n"}, {"x := 40", "ok", ""}, {"x + 2", "ok", "42\n"}, {"x++", "ok", ""}, {"x", "ok", "41\n"},
			{`fmt.Println("x is", x)`, "ok", "x is 41\n"}, {"len(\"abc\")", "ok", "3\n"}, {"time.Second", "ok", "1s\n"},
		},
		"functions": {
			{"func twice(n int) int { return 2 * n }", "ok", ""}, {"twice(4)", "ok", "8\n"},
			{"func twice(n int) int { return 20 * n }", "ok", ""}, {"twice(4)", "ok", "80\n"},
			{"type T struct{ n int }\nfunc (t *T) inc() { t.n++ }", "ok", ""}, {"t := &T{}", "ok", ""}, {"t.inc()", "ok", ""}, {"t.n", "ok", "1\n"},
			{"var total int", "ok", ""}, {"func add(n int) { total += n }", "ok", ""}, {"add(3); add(4)", "ok", ""}, {"total", "ok", "7\n"},
		},
		"channels": {
			{"ch := make(chan int)", "ok", ""}, {"go func() { ch <- 7 }()", "ok", ""}, {"<-ch", "ok", "7\n"},
			{"go func() { fmt.Println(\"got\", <-ch) }()", "ok", ""}, {"ch <- 8", "ok", "got 8\n"},
			{"<-ch", "deadlock", "main waits for ever at scratch:6: fmt.Println(<-ch)"}, {"cap(ch)", "ok", "0\n"},
		},
		"goroutines": {
			{"var mu sync.Mutex", "ok", ""}, {"n := 0", "ok", ""},
			{"var wg sync.WaitGroup\nfor range 10 {\n\twg.Go(func() {\n\t\tmu.Lock()\n\t\tn++\n\t\tmu.Unlock()\n\t})\n}", "ok", ""},
			{"wg.Wait()", "ok", ""}, {"n", "ok", "10\n"},
		},
		"faults": {
			{"y", ClassCompile, "scratch:1:1: undefined: y"}, {"x := 1", "ok", ""}, {"x := 2", ClassCompile, "assign with ="},
			{"func f() int { return x }", ClassCompile, "x belongs to main"}, {"fmt.Println(1", ClassCompile, "syntax error"},
			{`panic("no")`, "panic", "PANIC: no"}, {"var m map[string]int", "ok", ""}, {"x", "ok", "1\n"},
			{"func main() {}", ClassCompile, "the scratch is func main already"},
			{"defer fmt.Println(1)", ClassCompile, "main has no end yet"}, {"if x == 1 {\n\treturn\n}", ClassCompile, "a return has no place here"},
			{"func() { defer fmt.Println(1); return }()", "ok", "1\n"},
		},
		"refused": {
			{"time.Now()", ClassCompile, "there is no clock"}, {`os.Exit(1)`, ClassCompile, "package os cannot be used"},
			{"import \"net/http\"\nhttp.Get(\"\")", ClassCompile, "package net/http cannot be used"}, {"min(1, 2)", ClassCompile, "does not know the builtin min"},
			{"1", "ok", "1\n"},
		},
		"imports": {
			{"import \"strings\"", "ok", ""}, {"import str \"strings\"", "ok", ""}, {`strings.ToUpper("a") + str.Repeat("b", 2)`, "ok", "Abb\n"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, s := runner(t), &Scratch{}
			for _, e := range script {
				res, err := r.Enter(t.Context(), s, e.text)
				if err != nil {
					t.Fatalf("%s: %v", e.text, err)
				}
				got := res.Output + res.Note
				if ok := got == e.want || e.class != ClassOK && strings.Contains(got, e.want); res.Class != e.class || !ok {
					t.Errorf("%s: %s, %q, want %s, %q", e.text, res.Class, got, e.class, e.want)
				}
			}
		})
	}
}

// What means harm ends at a limit, and a sentence says at which; the scratch is as it was.
func TestEnterLimits(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, text, class, want string }{
		{"hang", "for 1 > 0 {\n}", ClassTimeout, "stopped after 10s: it did not end"},
		{"flood", "for {\n\tfmt.Println(\"flood\")\n}", ClassFatal, "stopped: the program prints more than 16 KiB in one schedule"},
		{"endless", "n := 0\nfor n >= 0 {\n\tn = 0\n}", ClassEndless, "NO END: more than 1000000 steps"},
		{"recursion", "func f(n int) int { return f(n+1) + 1 }\nf(0)", ClassFatal, "a function calls itself without end"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r, s := runner(t), &Scratch{}
			if _, err := r.Enter(t.Context(), s, "x := 1"); err != nil {
				t.Fatal(err)
			}
			res, err := r.Enter(t.Context(), s, row.text)
			if err != nil || res.Class != row.class || !strings.Contains(res.Note, row.want) {
				t.Errorf("Enter = %s, %q, %v, want %s, %q", res.Class, res.Note, err, row.class, row.want)
			}
			if got := s.Code(); got != "x := 1\n" {
				t.Errorf("the scratch is %q", got)
			}
		})
	}
}

func TestRunScratch(t *testing.T) {
	t.Parallel()
	r, s := runner(t), &Scratch{}
	if _, err := r.RunScratch(t.Context(), s, course.EngineRace); err != ErrNothing {
		t.Errorf("RunScratch of nothing = %v", err)
	}
	for _, text := range []string{"n := 0", "unused := 1", "var wg sync.WaitGroup", "for range 2 {\n\twg.Go(func() { n++ })\n}", "wg.Wait()", "n"} {
		if res, err := r.Enter(t.Context(), s, text); err != nil || res.Class != ClassOK {
			t.Fatal(text, res, err)
		}
	}
	res, err := r.RunScratch(t.Context(), s, course.EngineRace)
	if err != nil || res.Class != ClassRace || !strings.Contains(res.Stderr, "at scratch:5: wg.Go(func() { n++ })") || !strings.Contains(res.Badge, "-race") {
		t.Errorf("RunScratch race = %+v, %v", res, err)
	}
	res, err = r.RunScratch(t.Context(), s, course.EngineExplore)
	if err != nil || res.Output != "4 of 6  1\n2 of 6  2\n" || res.Explored != "all 6 schedules" {
		t.Errorf("RunScratch explore = %+v, %v", res, err)
	}
	if !s.Undo() || strings.Contains(s.Code(), "fmt.Println(n)") {
		t.Errorf("after Undo %q", s.Code())
	}
}

func TestIncomplete(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "x": false, "f(": true, "f(\n1)": false, "for {": true, "for {\n}": false, "x :=": true, "a +": true, "f(1,": true,
		"`a": true, "`a\nb`": false, "/* a": true, "\"a": false, "// a (": false, "x. ": true, "}": false, "return": false, "x++": false, "'('": false,
	} {
		if got := Incomplete(text); got != want {
			t.Errorf("Incomplete(%q) = %v, want %v", text, got, want)
		}
	}
}

// Whatever order of steps a seed draws, the scratch ends in one of the ways that exploring finds.
func TestEnterAgreesWithExplore(t *testing.T) {
	t.Parallel()
	r := runner(t)
	seen := 0
	for _, l := range explorable(t) {
		for _, c := range l.Cells {
			if c.Engine != course.EngineExplore || len(c.After) > 0 {
				continue
			}
			res, err := r.Run(t.Context(), l, c)
			if err != nil {
				t.Fatal(err)
			}
			for seed := range uint64(6) {
				got, err := r.Enter(t.Context(), &Scratch{Seed: seed}, c.Code)
				if err != nil || got.Class == ClassCompile {
					t.Fatalf("%s/%s: %v %s", l.Slug, c.ID, err, got.Output)
				}
				how, _, _ := strings.Cut(got.Note, "\n")
				text := strings.Trim(strings.TrimRight(got.Output, "\n")+"\n"+how, "\n")
				if !slices.Contains(res.Texts(), text) {
					t.Errorf("%s/%s, seed %d: %q, explored %q", l.Slug, c.ID, seed, text, res.Texts())
				}
				seen++
			}
		}
	}
	t.Logf("%d runs", seen)
}
