package check

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// goTool is the toolchain that runs this test, with a module and a cache of its own.
func goTool(t testing.TB) Config {
	t.Helper()
	out, err := exec.Command("go", "env", "GOVERSION", "GOROOT", "GOTOOLDIR").Output()
	if err != nil {
		t.Fatal(err)
	}
	env := strings.Split(strings.TrimSpace(string(out)), "\n")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module workbook\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return Config{
		Go: "go", Version: env[0], Root: env[1], Tools: env[2], Dir: dir, Cache: t.TempDir(),
		Env: append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOPROXY=off"),
	}
}

func warmed(t testing.TB) *Checker {
	t.Helper()
	c := New(goTool(t))
	if err := c.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// mistakes are submissions with the mistakes that learners make.
var mistakes = map[string]string{
	"undefined":            "package x\n\nfunc F() int { return y }\n",
	"unused var":           "package x\n\nfunc F() {\n\tn := 1\n}\n",
	"unused import":        "package x\n\nimport \"os\"\n\nfunc F() {}\n",
	"bad import":           "package x\n\nimport os\n",
	"continue":             "package x\n\nfunc F() { continue }\n",
	"goto":                 "package x\n\nfunc F() { goto L }\n",
	"two unused":           "package x\n\nimport (\n\t\"fmt\"\n\t\"sync\"\n)\n\nfunc F() {\n\ta, b := 1, 2\n\t_ = a\n}\n",
	"missing return":       "package x\n\nfunc F() int {\n}\n",
	"mismatch":             "package x\n\nfunc F() int { return \"a\" }\n",
	"assign":               "package x\n\nvar n int64\n\nfunc F(m int) { n = m }\n",
	"operator":             "package x\n\nfunc F(a int64, b int) int64 { return a + b }\n",
	"few arguments":        "package x\n\nimport \"sync/atomic\"\n\nvar n int64\n\nfunc F() { atomic.AddInt64(&n) }\n",
	"many results":         "package x\n\nfunc F() { return 1 }\n",
	"two results":          "package x\n\nfunc G() (int, error) { return 0, nil }\n\nfunc F() { n := G(); _ = n }\n",
	"no method":            "package x\n\nimport \"sync\"\n\nvar mu sync.Mutex\n\nfunc F() { mu.Look() }\n",
	"lower case":           "package x\n\nimport \"sync\"\n\nvar mu sync.Mutex\n\nfunc F() { mu.lock() }\n",
	"no field":             "package x\n\ntype T struct{ n int }\n\nfunc F(t T) { t.m++ }\n",
	"not in package":       "package x\n\nimport \"sync\"\n\nvar mu sync.Mutx\n",
	"redeclared":           "package x\n\nfunc F() {}\n\nfunc F() {}\n",
	"twice":                "package x\n\ntype T struct{}\n\nfunc (t T) M() {}\n\nfunc (t T) M() {}\n",
	"no new":               "package x\n\nfunc F() { n := 1; n := 2; _ = n }\n",
	"unused result":        "package x\n\nfunc F(a int) { a + 1 }\n",
	"send on receive-only": "package x\n\nfunc F(c <-chan int) { c <- 1 }\n",
	"not a channel":        "package x\n\nfunc F(c int) { <-c }\n",
	"not a bool":           "package x\n\nfunc F(c int) { if c { } }\n",
	"nil pointer method":   "package x\n\ntype T int\n\nfunc F() { T.M() }\n",
	"interface":            "package x\n\nimport \"sync\"\n\nvar _ sync.Locker = sync.Mutex{}\n",
	"missing std":          "package x\n\nimport \"foo/bar\"\n\nvar _ = bar.X\n",
	"missing module":       "package x\n\nimport \"github.com/a/b\"\n\nvar _ = b.X\n",
	"no body":              "package x\n\nfunc F()\n",
	"break":                "package x\n\nfunc F() { break }\n",
	"label":                "package x\n\nfunc F() {\nL:\n\tfor {\n\t}\n}\n",
	"goroutine":            "package x\n\nfunc F() { go func() {} }\n",
	"defer":                "package x\n\nfunc F() { defer recover }\n",
	"brace":                "package x\n\nfunc F() {\n\tfor {\n\n}\n",
	"paren":                "package x\n\nfunc F() { G( }\n",
	"else":                 "package x\n\nfunc F(a bool) {\n\tif a {\n\t}\n\telse {\n\t}\n}\n",
	"newline brace":        "package x\n\nfunc F()\n{\n}\n",
	"string":               "package x\n\nvar s = \"abc\n",
	"no package":           "func F() {}\n",
	"empty":                "",
	"int overflow":         "package x\n\nvar n int8 = 300\n",
	"many":                 "package x\n\nfunc F() { a; b; c; d; e; f; g; h; i; j; k; l }\n",
	"generic":              "package x\n\nfunc F[T any](a, b T) bool { return a == b }\n",
	"range":                "package x\n\nfunc F() { for i, j := range 10 { _, _ = i, j } }\n",
	"init cycle":           "package x\n\nvar a = b\nvar b = a\n",
	"embedded":             "package x\n\ntype T struct{ T }\n",
}

// goBuild returns what `go build` says of a file of package x.
func goBuild(t *testing.T, c Config, src string) []string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "x")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"x.go": src, "go.mod": "module workbook\n\ngo 1.26\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), c.Go, "build", "-o", filepath.Join(t.TempDir(), "out"), ".")
	cmd.Dir, cmd.Env = dir, c.Env
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("go build accepts\n%s", src)
	}
	if len(out) == 0 {
		t.Fatalf("go build: %v", err)
	}
	var words []string
	for line := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		switch {
		case strings.HasPrefix(line, "#"), strings.HasSuffix(line, "too many errors"):
		case strings.HasPrefix(line, "\t"):
			words[len(words)-1] += "\n" + strings.ReplaceAll(line, "./x.go", "x.go")
		default:
			words = append(words, strings.TrimPrefix(line, "./"))
		}
	}
	return words
}

var column = regexp.MustCompile(`(x\.go:\d+):\d+`)

// TestWords compares the words and the lines with those of the toolchain in use. The columns are
// compared where go/types and the compiler agree on what the place of an error is.
func TestWords(t *testing.T) {
	c := warmed(t)
	for name, src := range mistakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := goBuild(t, c.c, src)
			_, diags := c.Package(t.Context(), "workbook/x", map[string][]byte{"x.go": []byte(src)}, nil)
			var got []string
			for _, d := range diags {
				got = append(got, d.String())
			}
			for _, words := range [][]string{want, got} {
				for i, w := range words {
					words[i] = Plain(strings.ReplaceAll(column.ReplaceAllString(w, "$1"), "./x.go", "x.go"))
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("of\n%s\nwe say\n%q\ngo build says\n%q", src, got, want)
			}
		})
	}
}

// TestRight says nothing of programs that compile.
func TestRight(t *testing.T) {
	c := warmed(t)
	src := "package x\n\nimport (\n\t\"context\"\n\t\"sync\"\n\t\"time\"\n)\n\ntype T struct{ mu sync.Mutex }\n\nfunc (t *T) F(ctx context.Context) time.Duration { t.mu.Lock(); defer t.mu.Unlock(); <-ctx.Done(); return time.Second }\n"
	p, diags := c.Package(t.Context(), "workbook/x", map[string][]byte{"x.go": []byte(src)}, nil)
	if p == nil || len(diags) > 0 {
		t.Fatalf("Package = %v, %v, want a package without errors", p, diags)
	}
	if got := p.Types.Scope().Lookup("T"); got == nil || p.Types.Path() != "workbook/x" {
		t.Errorf("package %s has T = %v", p.Types.Path(), got)
	}
}

// TestUnknown says nothing where it cannot know: an import whose export data is not at hand. Once
// warmed again it is.
func TestUnknown(t *testing.T) {
	cold := New(goTool(t))
	src := map[string][]byte{"x.go": []byte("package x\n\nimport \"text/scanner\"\n\nvar s scanner.Scaner\n")}
	if p, diags := cold.Package(t.Context(), "workbook/x", src, nil); p != nil || diags != nil || cold.Ready() {
		t.Errorf("cold: Package = %v, %v, Ready = %v, want nothing", p, diags, cold.Ready())
	}
	if err := cold.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, diags := cold.Package(t.Context(), "workbook/x", src, nil)
	if len(diags) != 1 || diags[0].Text != "undefined: scanner.Scaner" || !cold.Ready() {
		t.Errorf("warm: Package = %v, Ready = %v, want undefined: scanner.Scaner", diags, cold.Ready())
	}
}

// TestDamaged takes export data that cannot be read for none.
func TestDamaged(t *testing.T) {
	c := warmed(t)
	if err := os.WriteFile(c.file("sync"), []byte("!<arch>\nnonsense"), 0o666); err != nil {
		t.Fatal(err)
	}
	src := map[string][]byte{"x.go": []byte("package x\n\nimport \"sync\"\n\nvar mu sync.Mutx\n")}
	if p, diags := c.Package(t.Context(), "workbook/x", src, nil); p != nil || diags != nil {
		t.Errorf("Package = %v, %v, want nothing", p, diags)
	}
}

// BenchmarkFirst is what a process that was just started needs to answer, its own start aside.
func BenchmarkFirst(b *testing.B) {
	conf := warmed(b).c
	src := map[string][]byte{"x.go": []byte(mistakes["two unused"])}
	for b.Loop() {
		start := time.Now()
		if _, diags := New(conf).Package(context.Background(), "workbook/x", src, nil); len(diags) == 0 {
			b.Fatal("no errors found")
		}
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms")
	}
}
