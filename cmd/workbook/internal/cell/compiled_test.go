package cell

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/schedule"
)

// compiledMain runs every cell of the module under the grader's scheduler and writes the set of its
// outcomes. A schedule that deadlocks, panics or leaves goroutines behind ends an exploration; where there
// is one, schedules are drawn with many seeds instead.
const compiledMain = `package lab

import (
	"encoding/json"
	"os"
	"testing"

	"lab/cellout"
	"lab/sched"
%s)

func TestCells(t *testing.T) {
	all := map[string][]string{}
	for _, c := range []struct {
		name string
		main func()
	}{
%s	} {
		outcomes := map[string]bool{}
		for seed := range uint64(200) {
			job := sched.Job{Mode: sched.Explore, Seed: seed, PCT: 20, Random: 20, Bound: 8, Schedules: 6000, Millis: 600000, NoTrace: true, KeepSchedule: true}
			if seed > 0 {
				job.Bound = -1 // the exhaustive schedules come to the same end each time
			}
			rep := sched.Run(t, c.name, job, func(*testing.T) {
				cellout.Reset()
				c.main()
				sched.P(1)
				outcomes[cellout.Ended("")] = true
			})
			switch {
			case rep.Cannot != "":
				t.Fatalf("%%s: %%s", c.name, rep.Cannot)
			case rep.Class == sched.Deadlock:
				outcomes[cellout.Ended("DEADLOCK")] = true
			case rep.Class == sched.Panic:
				outcomes[cellout.Ended("PANIC: " + rep.Message)] = true
			case rep.Found && rep.Class != sched.Leak:
				t.Fatalf("%%s: %%s %%s", c.name, rep.Class, rep.Message)
			}
			if seed == 0 && !rep.Found {
				break
			}
		}
		for text := range outcomes {
			all[c.name] = append(all[c.name], text)
		}
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("LAB_OUT"), data, 0o600); err != nil {
		t.Fatal(err)
	}
}
`

// compiledOut is what cells print with.
const compiledOut = `package cellout

import (
	"fmt"
	"strings"
)

var out strings.Builder

func Reset() { out.Reset() }

func Ended(how string) string {
	return strings.Trim(strings.TrimRight(out.String(), "\n") + "\n" + how, "\n")
}

func Print(a ...any)                 { fmt.Fprint(&out, a...) }
func Println(a ...any)               { fmt.Fprintln(&out, a...) }
func Printf(a ...any)                { fmt.Fprintf(&out, a[0].(string), a[1:]...) }
`

// explorable are the lessons with explored cells: the course's and this package's.
func explorable(t *testing.T) (found []*course.Lesson) {
	t.Helper()
	for _, pattern := range []string{"../../../../lessons/*.md", "testdata/lessons/*.md"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no lessons in %s: %v", pattern, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			l, err := course.ParseLesson("lessons/"+filepath.Base(name), text)
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(l.Cells, func(c *course.Cell) bool { return c.Engine == course.EngineExplore }) {
				found = append(found, l)
			}
		}
	}
	return found
}

// compiledModule is a module in which the grader's rewriter has put cells, each a package.
type compiledModule struct {
	t       *testing.T
	r       *Runner
	dir     string
	site    int32
	imports strings.Builder
	table   strings.Builder
}

func (m *compiledModule) write(name string, text []byte) {
	m.t.Helper()
	file := filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		m.t.Fatal(err)
	}
}

// printing makes evaluating what is printed and printing it two statements, which are two steps of an interpreted
// program: of a compiled one no statement is split but for a load and a store.
func (m *compiledModule) printing(src string) string {
	m.t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		m.t.Fatal(err)
	}
	offset := func(p token.Pos) int { return fset.PositionFor(p, false).Offset }
	type edit struct {
		from, to int
		text     string
	}
	var edits []edit
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.ExprStmt)
		if !ok {
			return true
		}
		if call, ok := s.X.(*ast.CallExpr); ok {
			if name := src[offset(call.Fun.Pos()):offset(call.Fun.End())]; prints.FindString(name) == name {
				edits = append(edits, edit{offset(call.Pos()), offset(call.Lparen) + 1, "for _, wbargs := range [][]any{{"},
					edit{offset(call.Rparen), offset(call.Rparen) + 1, "}} { " + name + "(wbargs...) }"})
				return false
			}
		}
		return true
	})
	for _, e := range slices.Backward(edits) {
		src = src[:e.from] + e.text + src[e.to:]
	}
	return src
}

var prints = regexp.MustCompile(`\bfmt\.(Print|Println|Printf)\b`)

// add rewrites a cell's program as the grader rewrites a submission.
func (m *compiledModule) add(name string, p *Program) {
	m.t.Helper()
	pkg := "cell" + fmt.Sprint(strings.Count(m.table.String(), "\n"))
	head := "package " + pkg
	src := prints.ReplaceAllString(m.printing(strings.Replace(string(p.Source), "func main()", "func Main()", 1)), "cellout.$1")
	if strings.Contains(src, "cellout.") {
		head += `; import "lab/cellout"`
	}
	src = strings.Replace(src, "package main", head, 1)
	if strings.Contains(src, `"fmt"`) {
		src += "\nvar _ = fmt.Sprint\n"
	}
	in := m.check(pkg, []byte(src))
	in.First = m.site + 1
	out, err := schedule.Rewrite(in)
	if err != nil || len(out.Refused) > 0 {
		m.t.Fatalf("%s: %v, refused %v", name, err, out.Refused)
	}
	m.site += int32(len(out.Sites)) + 1
	m.write(pkg+"/cell.go", out.Files["cell.go"])
	for file, text := range out.Extra {
		m.write(pkg+"/"+file, text)
	}
	fmt.Fprintf(&m.imports, "\t%q\n", "lab/"+pkg)
	fmt.Fprintf(&m.table, "\t\t{%q, %s.Main},\n", name, pkg)
}

type importing func(path string) (*types.Package, error)

func (f importing) Import(path string) (*types.Package, error) { return f(path) }

// check type-checks a program for the rewriter.
func (m *compiledModule) check(pkg string, src []byte) schedule.Input {
	m.t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "cell.go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		m.t.Fatal(err)
	}
	tool, err := m.r.toolchain(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	exports, err := m.r.exports(m.t.Context(), tool, append(importsOf(f), "fmt", "strings"))
	if err != nil {
		m.t.Fatal(err)
	}
	std := importer.ForCompiler(fset, "gc", exports.open)
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}}
	conf := types.Config{Importer: std}
	out, err := parser.ParseFile(fset, "out.go", compiledOut, 0)
	if err != nil {
		m.t.Fatal(err)
	}
	printer, err := conf.Check("lab/cellout", fset, []*ast.File{out}, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	conf.Importer = importing(func(path string) (*types.Package, error) {
		if path == printer.Path() {
			return printer, nil
		}
		return std.Import(path)
	})
	checked, err := conf.Check("lab/"+pkg, fset, []*ast.File{f}, info)
	if err != nil {
		m.t.Fatal(err)
	}
	return schedule.Input{Fset: fset, Files: []*ast.File{f}, Sources: map[string][]byte{"cell.go": src}, Info: info, Pkg: checked, Import: "lab/sched"}
}

// outcomes builds the module and runs all its cells.
func (m *compiledModule) outcomes() map[string][]string {
	m.t.Helper()
	m.write("go.mod", []byte("module lab\n\ngo 1.26\n"))
	m.write("cellout/out.go", []byte(compiledOut))
	for name, text := range schedule.Runtime() {
		m.write("sched/"+name, text)
	}
	m.write("cells_test.go", fmt.Appendf(nil, compiledMain, m.imports.String(), m.table.String()))
	out := filepath.Join(m.dir, "out.json")
	cmd := exec.CommandContext(m.t.Context(), "go", "test", "-vet=off", "-count=1", "-timeout=540s", ".")
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-trimpath", "GOWORK=off", "GOPROXY=off", "WORKBOOK_SCHEDULE=1", "LAB_OUT="+out)
	if text, err := cmd.CombinedOutput(); err != nil {
		m.t.Fatalf("go test: %v\n%s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		m.t.Fatal(err)
	}
	var all map[string][]string
	if err := json.Unmarshal(data, &all); err != nil {
		m.t.Fatal(err)
	}
	return all
}

// generated returns a lesson of small random programs: two goroutines, an operation or two each, on
// variables, a struct, a slice and most of what package sync has.
func generated(t *testing.T, n int) *course.Lesson {
	t.Helper()
	operations := []string{"x++", "y++", "x = y + 1", "y = x", "mu.Lock()\n\t\tx++\n\t\tmu.Unlock()", "mu.Lock()\n\t\ty = x\n\t\tmu.Unlock()",
		"a.Add(1)", "x = int(a.Load())", "if x == 0 {\n\t\t\ty = 2\n\t\t}", "ch <- 1", "y += <-ch", "select {\n\t\tcase v := <-ch:\n\t\t\tx = v\n\t\tdefault:\n\t\t\ty = 9\n\t\t}",
		"for i := 0; i < 2; i++ {\n\t\t\tx += i\n\t\t}", "for x = 0; x < 2; x++ {\n\t\t}", "x, y = y, x", "x, y = y+1, 5", "p.n++", "p.n = x", "x = p.n", "s[0] = x", "y = s[0] + s[1]", "s[1]++", "q := &x\n\t\t*q += 3", "y = *(&p.n)",
		"if v := x; v > 0 {\n\t\t\ty = v\n\t\t} else {\n\t\t\ty = 7\n\t\t}", "switch {\n\t\tcase x > 1:\n\t\t\ty = 4\n\t\tcase y > 1:\n\t\t\tx = 6\n\t\t}", "switch x {\n\t\tcase 0:\n\t\t\ty = 1\n\t\tdefault:\n\t\t\ty = x\n\t\t}",
		"if x == 0 && y == 0 {\n\t\t\tx = 3\n\t\t}", "if x == 1 || y == 1 {\n\t\t\tx = 5\n\t\t}", "x = add(x, y)", "set(&y, x)", "func() { x++ }()", "defer func() { y++ }()", "p.inc()", "x = p.get()", "rw.RLock()\n\t\ty = x\n\t\trw.RUnlock()", "rw.Lock()\n\t\tx = 8\n\t\trw.Unlock()",
		"once.Do(func() { x = y })", "if mu.TryLock() {\n\t\t\tx++\n\t\t\tmu.Unlock()\n\t\t}", "a.CompareAndSwap(0, 5)", "a.Store(a.Load() + 1)", "x *= 2", "x -= y", "for i := range 2 {\n\t\t\ty += i + x\n\t\t}", "for _, v := range s {\n\t\t\tx += v\n\t\t}", "m.Store(1, x)", "if v, ok := m.Load(1); ok {\n\t\t\ty = v.(int)\n\t\t}", "z, w := x, y\n\t\tx = z + w"}
	chance := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("# Generated\n")
	for i := range n {
		fmt.Fprintf(&b, "\n```go cell id=g%d engine=explore timeout=60s\nvar x, y int\nvar mu sync.Mutex\nvar a atomic.Int64\nvar wg sync.WaitGroup\nvar rw sync.RWMutex\nvar once sync.Once\nvar m sync.Map\ntype P struct{ n int }\nvar p P\nfunc (p *P) inc() { p.n++ }\nfunc (p *P) get() int { return p.n }\nfunc add(a, b int) int { return a + b }\nfunc set(p *int, v int) { *p = v }\nvar s = []int{0, 0}\nch := make(chan int, 2)\n_, _, _, _, _, _, _, _ = &mu, &a, ch, &rw, &once, &m, p, s\n", i)
		for range 2 {
			b.WriteString("wg.Go(func() {\n")
			for range 1 + chance.IntN(2) {
				b.WriteString("\t\t" + operations[chance.IntN(len(operations))] + "\n")
			}
			b.WriteString("})\n")
		}
		b.WriteString("wg.Wait()\nfmt.Println(x, y, a.Load(), p.n, s)\n```\n")
	}
	l, err := course.ParseLesson("lessons/99-generated.md", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// coarser are cells of which a submission, whose statements are one step but for a load and a store, misses an outcome.
var coarser = map[string]string{
	"constructs/arrays":   "one assignment stores two values, and other goroutines see them one by one",
	"constructs/parallel": "one assignment stores two values, and another one reads two",
}

// TestCompiledOutcomes wants of every explored cell the same set of outcomes from both executors of the one
// scheduler: the interpreter, for which the rewriter makes every access a step, and the compiler, with a bubble, Go's own
// channels and the strategies of the grader. Of generated programs the compiled outcomes must be among the interpreted
// ones: a submission's steps are coarser, since the race detector stands beside them.
func TestCompiledOutcomes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("explores every cell of the course twice")
	}
	r := runner(t)
	m := &compiledModule{t: t, r: r, dir: t.TempDir()}
	interpreted := map[string][]string{}
	for _, l := range append(explorable(t), generated(t, 25)) {
		for _, c := range l.Cells {
			if c.Engine != course.EngineExplore {
				continue
			}
			p, err := Assemble(l, c)
			if err != nil {
				t.Fatal(err)
			}
			res, err := r.Run(t.Context(), l, c)
			if err != nil || len(res.Outcomes) == 0 {
				t.Fatalf("%s/%s: %v\n%s", l.Slug, c.ID, err, res.Text())
			}
			name := l.Slug + "/" + c.ID
			interpreted[name] = res.Texts()
			m.add(name, p)
		}
	}
	compiled := m.outcomes()
	same := 0
	for name, want := range interpreted {
		got := compiled[name]
		slices.Sort(got)
		extra := slices.ContainsFunc(got, func(o string) bool { return !slices.Contains(want, o) })
		if extra || len(got) == 0 || !slices.Equal(got, want) && !strings.HasPrefix(name, "generated/") && coarser[name] == "" {
			t.Errorf("%s: compiled %q, interpreted %q", name, got, want)
		}
		if slices.Equal(got, want) {
			same++
		}
	}
	t.Logf("%d programs, %d of them with the same outcomes", len(interpreted), same)
}
