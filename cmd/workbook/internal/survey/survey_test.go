package survey

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/verdict"
)

const lost = `package lost

import (
	"sync"
	"sync/atomic"
	"testing"
)

var n atomic.Int64

func TestInc(t *testing.T) {
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n.Store(n.Load() + 1)
		}()
	}
	wg.Wait()
	if n.Load() != 2 {
		t.Errorf("two times one more is %d", n.Load())
	}
}

func TestOther(t *testing.T) {}
`

// newModule makes a module of the files and returns its folder.
func newModule(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.com/m\n\ngo 1.20\n"
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func explore(t *testing.T, dir string, r Request) ([]verdict.Verdict, error) {
	t.Helper()
	s, err := New(t.Context(), Config{Dir: dir, Environ: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	var all []verdict.Verdict
	err = s.Explore(t.Context(), r, func(v verdict.Verdict) error {
		all = append(all, v)
		return nil
	})
	return all, err
}

// TestReplay finds a schedule in one folder, and replays it in another one; a changed program refuses it.
func TestReplay(t *testing.T) {
	dir := newModule(t, map[string]string{"lost/lost_test.go": lost, "lost/deep/doc.go": "package deep\n"})
	before := tree(t, dir)
	found, err := explore(t, dir, Request{})
	if err != nil || len(found) != 2 || found[0].Class != verdict.Wrong || !found[1].Passed {
		t.Fatalf("Explore: %v, %+v", err, found)
	}
	f := found[0].Findings[0]
	if f.Schedule == "" || !slices.ContainsFunc(f.At, func(p verdict.Place) bool {
		return p.File == "lost/lost_test.go" && p.Line == 16 || p.Role == "reported"
	}) {
		t.Errorf("the finding is %+v", f)
	}
	if after := tree(t, dir); !slices.Equal(before, after) {
		t.Errorf("the module's files are %q, they were %q", after, before)
	}
	one := Request{Patterns: []string{"example.com/m/lost"}, Run: regexp.MustCompile("^TestInc$"), Schedule: f.Schedule}
	again, err := explore(t, filepath.Join(dir, "lost", "deep"), one)
	if err != nil || len(again) != 1 || again[0].Class != verdict.Wrong || again[0].Findings[0].Schedule != f.Schedule {
		t.Fatalf("replaying: %v, %+v", err, again)
	}
	if at := again[0].Findings[0].At; len(at) == 0 || at[0].File != "../lost_test.go" {
		t.Errorf("the places are %+v", at)
	}
	changed := strings.Replace(lost, "n.Load() + 1", "n.Load() + 2 - 1", 1)
	if err := os.WriteFile(filepath.Join(dir, "lost", "lost_test.go"), []byte(changed), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := explore(t, dir, one); !errors.Is(err, ErrOtherProgram) {
		t.Errorf("replaying in a changed program: %v", err)
	}
	one.Run = nil
	if _, err := explore(t, dir, one); !errors.Is(err, ErrNotOne) {
		t.Errorf("replaying in two tests: %v", err)
	}
}

// tree lists the files of a folder.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		names = append(names, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestUnrewritten: a package of the module that cannot be rewritten is left as it is, with what it imports,
// and those who import it are still explored.
func TestUnrewritten(t *testing.T) {
	dir := newModule(t, map[string]string{
		"low/low.go":    "package low\n\nfunc Add(a, b int) int { return a + b }\n",
		"odd/odd.go":    "package odd\n\nimport (\n\t_ \"embed\"\n\n\t\"example.com/m/low\"\n)\n\n//go:embed odd.txt\nvar text []byte\n\nfunc One() int { return low.Add(0, len(text)) }\n",
		"odd/odd.txt":   "1",
		"top/top.go":    "package top\n\nimport \"example.com/m/odd\"\n\nfunc Two() int { return 2 * odd.One() }\n",
		"top/x_test.go": "package top_test\n\nimport (\n\t\"testing\"\n\n\t\"example.com/m/top\"\n)\n\nfunc TestTwo(t *testing.T) {\n\tif top.Two() != 2 {\n\t\tt.Error(top.Two())\n\t}\n}\n",
	})
	found, err := explore(t, dir, Request{Patterns: []string{"./top"}})
	if err != nil || len(found) != 1 || !found[0].Passed || found[0].Explored == "" {
		t.Fatalf("Explore: %v, %+v", err, found)
	}
	notes := strings.Join(found[0].Notes, "\n")
	if !strings.Contains(notes, "Package example.com/m/odd is left as it is") || !strings.Contains(notes, "Package example.com/m/low is left as it is") {
		t.Errorf("the notes are %q", notes)
	}
}

func TestRunsOnly(t *testing.T) {
	for body, want := range map[string]bool{
		"os.Exit(m.Run())":               true,
		"m.Run()":                        true,
		"flag.Parse(); os.Exit(m.Run())": true,
		"code := m.Run(); os.Exit(code)": true,
		"goleak.VerifyTestMain(m)":       true,
		"":                               true,
		"setup(); os.Exit(m.Run())":      false,
		"x = 1; m.Run()":                 false,
		"defer stop(); m.Run()":          false,
		"os.Exit(run(m))":                false,
		"db.Run(m)":                      false,
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "x.go", "package p\nfunc TestMain(m *testing.M) { "+body+" }\n", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := runsOnly(f.Decls[0].(*ast.FuncDecl)); got != want {
			t.Errorf("runsOnly(%s) = %v, want %v", body, got, want)
		}
	}
}

func TestIsTest(t *testing.T) {
	for decl, want := range map[string]bool{
		"func TestX(t *testing.T) {}":        true,
		"func Test(t *testing.T) {}":         true,
		"func Test_x(t *T) {}":               true,
		"func Testing(t *testing.T) {}":      false,
		"func TestX(t testing.T) {}":         false,
		"func TestX(t *testing.B) {}":        false,
		"func TestX() {}":                    false,
		"func TestX(t, u *testing.T) {}":     false,
		"func TestX[V any](t *testing.T) {}": false,
		"func TestX(t *testing.T) int {}":    false,
		"func TestMain(m *testing.M) {}":     false,
		"func BenchmarkX(t *testing.T) {}":   false,
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "x.go", "package p\n"+decl+"\n", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := isTest(f.Decls[0].(*ast.FuncDecl)); got != want {
			t.Errorf("isTest(%s) = %v, want %v", decl, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct {
		dir, text, want string
	}{
		{"/m", "/m/a/x.go:1 " + moduleMark + "/a/x.go", "a/x.go:1 a/x.go"},
		{"/m/a/b", "/m/a/b/x.go /m/a/y.go /m/z.go", "x.go ../y.go ../../z.go"},
		{"/m/a/b", moduleMark + "/a/b/x.go " + moduleMark + "/a/y.go " + moduleMark + "/c/z.go", "x.go ../y.go ../../c/z.go"},
		{"/w", "/m/a/x.go " + moduleMark + "/a/x.go /w2/x.go", "../m/a/x.go ../m/a/x.go /w2/x.go"},
	} {
		p := &program{Survey: &Survey{c: Config{Dir: test.dir}}, target: &target{listed: &listed{Module: &module{Dir: "/m"}}}}
		var pairs []string
		for pair := range slices.Chunk(append([]string{test.dir, ""}, p.names()...), 2) {
			pairs = append(pairs, pair[0]+"/", pair[1])
		}
		if got := strings.NewReplacer(pairs...).Replace(test.text); got != test.want {
			t.Errorf("in %s: %q, want %q", test.dir, got, test.want)
		}
	}
}

// TestDeadline: a test that never ends is given up.
func TestDeadline(t *testing.T) {
	dir := newModule(t, map[string]string{"x_test.go": "package x\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestX(t *testing.T) {\n\tfor os.Getpid() > 0 {\n\t}\n}\n"})
	s, err := New(t.Context(), Config{Dir: dir, Environ: os.Environ(), Deadline: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Explore(t.Context(), Request{}, func(v verdict.Verdict) error {
		if v.Class != verdict.Timeout {
			t.Errorf("the verdict is %+v", v)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
