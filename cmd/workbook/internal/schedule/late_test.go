package schedule

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestLateStart: goroutines that initial values start are the schedules' own, and nothing is found in a right
// program that has some; a value that waits for one is there.
func TestLateStart(t *testing.T) {
	if testing.Short() {
		t.Skip("builds two programs")
	}
	for _, name := range []string{"started", "waits"} {
		t.Run(name, func(t *testing.T) {
			m := newModule(t)
			m.add(t, name, sourceFiles(t, filepath.Join("testdata", "late", name, "*.go")), func(*Input) {})
			m.write(t, "early_test.go", fmt.Appendf(nil, earlyMain, name, name))
			m.write(t, "lab.go", []byte("package lab\n"))
			m.build(t, "test", "-race", "-vet=off", "-c", "-o", m.binary("early.test"), ".")
			m.checkEarly(t, false)
		})
	}
}

// TestLate: only what initial values start is put off, and nothing where one of them may wait.
func TestLate(t *testing.T) {
	w := newWorld(t)
	w.runtime(t)
	const g = "func g(n int) {}\n"
	for i, tt := range []struct {
		source string
		late   int // go statements
	}{
		{"var _ = f()\nfunc f() bool { go g(1); return true }\n", 1},
		{"var _ = func() int { go g(len(\"x\")); go func() { c <- 1 }(); return 0 }()\nvar c = make(chan int)\n", 2},
		{"var x, y = f(errors.New(\"x\").Error())\nfunc f(s string) (int, int) { for range s { go g(1) }; return 1, 2 }\n", 1},
		{"type t struct{}\nvar x = new(t).f()\nfunc (*t) f() int { h(); return 1 }\nfunc h() { go g(1) }\n", 1},
		{"var f = func() { go g(1) }\n", 0},
		{"var f = sync.OnceFunc(func() { go g(1) })\n", 0},
		{"func F() { go g(1) }\n", 0},
		{"func init() { go g(1) }\n", 0},
		{"var _ = f()\nfunc f() int { c := make(chan int); go func() { c <- 1 }(); return <-c }\n", 0},
		{"var _ = f()\nvar x = <-c\nvar c = make(chan int, 1)\nfunc f() int { go g(1); c <- 1; return 1 }\n", 0},
		{"var _ = f()\nfunc f() int { c := make(chan int); go close(c); for range c {}; return 1 }\n", 0},
		{"var _ = f()\nfunc f() int { var wg sync.WaitGroup; go g(1); wg.Wait(); return 1 }\n", 0},
		{"var _ = f(g)\nfunc f(g func(int)) int { go g(1); g(2); return 1 }\n", 0},
		{"var _ = f(slices.Values([]int{1}))\nfunc f(s iter.Seq[int]) int { for range s { go g(1) }; return 1 }\n", 0},
		{"type r interface{ run() }\nvar x r\nvar _ = f()\nfunc f() int { go g(1); x.run(); return 1 }\n", 0},
	} {
		imports := ""
		for _, name := range []string{"errors", "iter", "slices", "sync"} {
			if strings.Contains(tt.source, name+".") {
				imports += fmt.Sprintf("import %q\n", name)
			}
		}
		name := fmt.Sprintf("late%d", i)
		in, err := w.check("lab/"+name, map[string][]byte{name + ".go": []byte("package " + name + "\n" + imports + g + tt.source)})
		if err != nil {
			t.Fatalf("%v\n%s", err, tt.source)
		}
		out := w.rewrite(t, in)
		text := string(out.Files[name+".go"])
		own, _, _ := strings.Cut(text, "\nfunc wbAssign") // which repeats the initial values
		if got := strings.Count(own, ".Starts() {"); got != tt.late {
			t.Errorf("%d go statements are put off, want %d:\n%s", got, tt.late, text)
		}
	}
}
