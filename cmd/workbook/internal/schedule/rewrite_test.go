package schedule

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden compares rewritten files, and what was noted about them, with testdata/golden.
func TestGolden(t *testing.T) {
	w := newWorld(t)
	w.runtime(t)
	inputs, err := filepath.Glob("testdata/golden/*.go")
	if err != nil || len(inputs) < 9 {
		t.Fatalf("%d inputs: %v", len(inputs), err)
	}
	for _, path := range inputs {
		name := filepath.Base(path)
		t.Run(strings.TrimSuffix(name, ".go"), func(t *testing.T) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			in, err := w.check("lab/"+strings.TrimSuffix(name, ".go"), map[string][]byte{name: src})
			if err != nil {
				t.Fatal(err)
			}
			out := w.rewrite(t, in)
			compare(t, strings.TrimSuffix(path, ".go")+".golden", describe(out))
		})
	}
}

func compare(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("%s:%d (-update writes it anew)\n got %s\nwant %s", path, i+1, g[i], w[i])
		}
	}
	t.Fatalf("%s: got %d lines, want %d (-update writes it anew)", path, len(g), len(w))
}

// describe puts an output into one text.
func describe(out Output) []byte {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(out.Files)) {
		b.Write(out.Files[name])
	}
	for _, name := range slices.Sorted(maps.Keys(out.Extra)) {
		if !strings.HasPrefix(name, "zz_wbsites") {
			fmt.Fprintf(&b, "-- %s --\n%s", name, out.Extra[name])
		}
	}
	b.WriteString("-- sites --\n")
	for i, s := range out.Sites {
		fmt.Fprintf(&b, "%d %s:%d %s", i+1, s.File, s.Line, s.Op)
		if s.Var != "" {
			fmt.Fprintf(&b, " %s", s.Var)
		}
		if s.Guard != "" {
			fmt.Fprintf(&b, " [%s]", s.Guard)
		}
		if !s.Quiet {
			b.WriteString(" loud")
		}
		fmt.Fprintf(&b, ": %s\n", s.Text)
	}
	for _, n := range out.Notes {
		fmt.Fprintf(&b, "note %s\n", n)
	}
	return b.Bytes()
}

const other = `package other

import "sync"

type Struct struct {
	sync.Mutex
	Named sync.RWMutex
}

type Func func(*sync.Mutex)

func Take(*sync.Mutex) {}

func Keep(sync.Locker) {}

func Generic[T any](x T) {}
`

// TestRefused compares the reasons with the "want" comments in testdata/refused.
func TestRefused(t *testing.T) {
	w := newWorld(t)
	in, err := w.check("lab/other", map[string][]byte{"other.go": []byte(other)})
	if err != nil {
		t.Fatal(err)
	}
	w.extra["lab/other"] = in.Pkg
	inputs, err := filepath.Glob("testdata/refused/*.go")
	if err != nil || len(inputs) < 4 {
		t.Fatalf("%d inputs: %v", len(inputs), err)
	}
	for _, path := range inputs {
		t.Run(filepath.Base(path), func(t *testing.T) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			in, err := w.check("lab/p", map[string][]byte{path: src})
			if err != nil {
				t.Fatal(err)
			}
			out, err := Rewrite(in)
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Refused) == 0 || len(out.Files) > 0 {
				t.Errorf("%d reasons, %d files", len(out.Refused), len(out.Files))
			}
			wants(t, src, out.Refused)
		})
	}
}

var wantText = regexp.MustCompile(`"([^"]*)"`)

// wants checks that reasons and "want" comments are on the same lines.
func wants(t *testing.T, src []byte, reasons []Reason) {
	t.Helper()
	for i, line := range strings.Split(string(src), "\n") {
		_, comment, _ := strings.Cut(line, "// want ")
		var got []string
		for _, r := range reasons {
			if r.Line == i+1 || r.Line == i && strings.HasPrefix(r.Text, "go:") {
				got = append(got, r.Text)
			}
		}
		for _, m := range wantText.FindAllStringSubmatch(comment, -1) {
			if !slices.ContainsFunc(got, regexp.MustCompile(m[1]).MatchString) {
				t.Errorf("line %d: no reason matches %q in %q", i+1, m[1], got)
			}
		}
		for _, r := range reasons {
			if r.Line == i+1 && comment == "" && !strings.HasPrefix(r.Text, "go:") {
				t.Errorf("line %d: unwanted reason %q", i+1, r.Text)
			}
		}
	}
}

// TestRuntime checks that the embedded runtime is what the tests of sched test.
func TestRuntime(t *testing.T) {
	files := Runtime()
	for _, name := range []string{"sched.go", "mutex.go", "getg_amd64.s"} {
		if len(files[name]) == 0 {
			t.Errorf("Runtime() has no %s", name)
		}
	}
	for name := range files {
		if strings.HasSuffix(name, "_test.go") {
			t.Errorf("Runtime() has the test %s", name)
		}
	}
}

func TestInputMismatch(t *testing.T) {
	w := newWorld(t)
	in, err := w.check("lab/p", map[string][]byte{"p.go": []byte("package p\n")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Rewrite(in); err != nil {
		t.Errorf("Rewrite: %v", err)
	}
	in.Sources = map[string][]byte{"p.go": []byte("package p\n\n")}
	if _, err := Rewrite(in); err == nil {
		t.Error("Rewrite took a source that is not the parsed one")
	}
	if _, err := Rewrite(Input{}); err == nil {
		t.Error("Rewrite took no input")
	}
}
