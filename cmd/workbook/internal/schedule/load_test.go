package schedule

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const runtimePath = "lab/sched"

// exports is where the export data of the standard library's packages is.
var exports = sync.OnceValues(func() (map[string]string, error) {
	cmd := exec.Command("go", "list", "-export", "-e", "-f", "{{.ImportPath}}={{.Export}}", "std")
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the standard library: %w\n%s", err, stderr.Bytes())
	}
	m := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), "="); ok && file != "" {
			m[path] = file
		}
	}
	return m, nil
})

// world imports the standard library, and packages that were checked before.
type world struct {
	fset  *token.FileSet
	std   types.Importer
	extra map[string]*types.Package
}

func newWorld(t testing.TB) *world {
	t.Helper()
	files, err := exports()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{fset: token.NewFileSet(), extra: map[string]*types.Package{}}
	w.std = importer.ForCompiler(w.fset, "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, fmt.Errorf("no export data for %s", path)
		}
		return os.Open(files[path])
	})
	return w
}

func (w *world) Import(path string) (*types.Package, error) {
	if p := w.extra[path]; p != nil {
		return p, nil
	}
	if strings.HasPrefix(path, "golang.org/x/") {
		path = "vendor/" + path
	}
	return w.std.Import(path)
}

// check parses and checks one package.
func (w *world) check(path string, sources map[string][]byte) (Input, error) {
	in := Input{Fset: w.fset, Sources: sources, Import: runtimePath, Info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
	}}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		f, err := parser.ParseFile(w.fset, name, sources[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return in, err
		}
		in.Files = append(in.Files, f)
	}
	conf := types.Config{Importer: w, FakeImportC: true, Sizes: types.SizesFor("gc", "amd64")}
	var err error
	in.Pkg, err = conf.Check(path, w.fset, in.Files, in.Info)
	return in, err
}

// runtime makes the runtime importable.
func (w *world) runtime(t testing.TB) {
	t.Helper()
	sources := map[string][]byte{}
	for name, text := range Runtime() {
		ok, err := build.Default.MatchFile("sched", name)
		if err != nil {
			t.Fatal(err)
		}
		if ok && strings.HasSuffix(name, ".go") {
			sources["sched/"+name] = text
		}
	}
	in, err := w.check(runtimePath, sources)
	if err != nil {
		t.Fatalf("checking the runtime: %v", err)
	}
	w.extra[runtimePath] = in.Pkg
}

// rewrite rewrites a package and checks what came out: it compiles, and no line moved.
func (w *world) rewrite(t testing.TB, in Input) Output {
	t.Helper()
	out, err := Rewrite(in)
	if err != nil {
		t.Fatalf("Rewrite(%s): %v", in.Pkg.Path(), err)
	}
	if len(out.Refused) == 0 {
		w.compiles(t, in, out)
	}
	return out
}

// compiles checks what was made of in.
func (w *world) compiles(t testing.TB, in Input, out Output) {
	t.Helper()
	all := maps.Clone(out.Files)
	for name, text := range out.Extra {
		all[filepath.Join(filepath.Dir(slices.Sorted(maps.Keys(out.Files))[0]), name)] = text
	}
	if _, err := w.check(in.Pkg.Path(), all); err != nil {
		t.Errorf("rewritten %s does not compile: %v", in.Pkg.Path(), err)
		if e, ok := err.(types.Error); ok {
			pos := e.Fset.PositionFor(e.Pos, false)
			lines := bytes.Split(all[pos.Filename], []byte("\n"))
			t.Errorf("%s:%d: %s", pos.Filename, pos.Line, lines[pos.Line-1])
		}
	}
	for name, src := range in.Sources {
		sameLines(t, name, src, out.Files[name])
	}
}

// sameLines checks that every line of the source is on the line that it was on, with things inserted.
func sameLines(t testing.TB, name string, src, out []byte) {
	t.Helper()
	a, b := bytes.Split(src, []byte("\n")), bytes.Split(out, []byte("\n"))
	if len(b) < len(a) {
		t.Errorf("%s: %d lines became %d", name, len(a), len(b))
		return
	}
	for i := range a {
		if t := bytes.TrimSpace(a[i]); bytes.HasPrefix(t, []byte("case")) && bytes.Contains(t, []byte("<-")) {
			continue // operands of a select move to its head
		}
		if bytes.HasPrefix(bytes.TrimSpace(b[i]), []byte(`_ "`)) || bytes.Contains(b[i], []byte(`import _ "`)) {
			continue // an import that is not needed any more loses its name
		}
		if !subsequence(words(a[i]), words(b[i])) {
			t.Errorf("%s:%d: line moved\n had %s\n got %s", name, i+1, a[i], b[i])
			return
		}
	}
}

// words are the parts of a line that rewriting may not lose: its comments and literals aside, whatever
// is not the name of a package or an operator.
func words(line []byte) []string {
	var out []string
	for _, w := range strings.FieldsFunc(string(line), func(r rune) bool {
		return !(r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}) {
		switch w {
		case "sync", "runtime", "synctest", "init", "Gosched", "Test", "Wait", "lk", "std":
		default:
			out = append(out, w)
		}
	}
	return out
}

// subsequence reports whether all words of a are among those of b.
func subsequence(a, b []string) bool {
	have := map[string]int{}
	for _, w := range b {
		have[w]++
	}
	for _, w := range a {
		have[w]--
		if have[w] < 0 {
			return false
		}
	}
	return true
}
