package explain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	goimporter "go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"workbook/cmd/workbook/internal/schedule"
	"workbook/cmd/workbook/internal/schedule/sched"
)

// The reports in testdata/schedules are recorded too: each case's program and test, and the test kit,
// are rewritten, built and explored. To record them anew, as after a change of the scheduler, run
//
//	go test -run TestRecordSchedules -record ./cmd/workbook/internal/explain
//	go test -update ./cmd/workbook/internal/explain
//
// and read the changes.
func TestRecordSchedules(t *testing.T) {
	if !*record {
		t.Skip("only with -record")
	}
	for _, c := range scheduleCases(t) {
		t.Run(c.name, func(t *testing.T) {
			report, journal, output := c.explore(t)
			if strings.Contains(c.note, "dies") {
				c.parts["journal"], c.parts["evidence"] = journal, output
			} else {
				c.parts["report"] = report
			}
			c.write(t)
		})
	}
}

const exploreMain = `package x_test

import (
	"encoding/json"
	"os"
	"testing"

	"workbook/sched"
)

func TestRecord(t *testing.T) {
	var job sched.Job
	if err := json.Unmarshal([]byte(os.Getenv("JOB")), &job); err != nil {
		t.Fatal(err)
	}
	out, err := json.MarshalIndent(sched.Run(t, "TestX", job, TestX), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("OUT"), out, 0o600); err != nil {
		t.Fatal(err)
	}
}
`

// explore builds a case's program with the scheduler and returns its report; or, where the process dies of a
// schedule, the journal of that schedule's replay and what it printed. Paths are neutral.
func (c *testCase) explore(t *testing.T) (report, journal, output string) {
	tree := t.TempDir()
	r := &rewriting{t: t, tree: tree, fset: token.NewFileSet(), known: map[string]*types.Package{}, first: 1}
	r.write("go.mod", "module workbook\n\ngo 1.26\n")
	for name, text := range schedule.Runtime() {
		r.write("sched/"+name, string(text))
	}
	r.rewrite("workbook/solutions/kit", kitFiles(t), false)
	r.rewrite("workbook/exercises/lesson/x", map[string][]byte{"exercises/lesson/x/x.go": []byte(c.parts["x.go"])}, false)
	r.rewrite("workbook/exercises/lesson/x_test", map[string][]byte{"exercises/lesson/x/x_test.go": []byte(c.parts["x_test.go"])}, true)
	r.write("exercises/lesson/x/main_test.go", exploreMain)
	build := exec.Command("go", "test", "-race", "-c", "-vet=off", "-o", "x.test", "./exercises/lesson/x")
	build.Dir = tree
	build.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	job := sched.Job{Mode: sched.Explore, Seed: 1, Jumps: strings.Contains(c.note, "jumps"), Millis: 10000}
	if strings.Contains(c.note, "few") {
		job.Schedules = 60
	}
	neutral := strings.NewReplacer(tree, "/tree", goroot(), "/goroot")
	b, _ := c.runJob(t, tree, job)
	if b != nil {
		return neutral.Replace(string(b)) + "\n", "", ""
	}
	job.Journal = filepath.Join(tree, "journal")
	c.runJob(t, tree, job)
	name, _ := sched.ReadJournal(c.read(t, job.Journal), nil)
	job.Mode, job.Schedule = sched.Replay, name
	b, log := c.runJob(t, tree, job)
	if b != nil || name == "" {
		t.Fatalf("schedule %q does not end the process: %s\n%s", name, b, log)
	}
	return "", neutral.Replace(string(c.read(t, job.Journal))), neutral.Replace(string(log)) + "\n"
}

func (c *testCase) read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// runJob runs the built program and returns its report, nil where it made none.
func (c *testCase) runJob(t *testing.T, tree string, job sched.Job) (report, log []byte) {
	t.Helper()
	text, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(tree, "report")
	cmd := exec.Command("./x.test", "-test.run=^TestRecord$", "-test.paniconexit0")
	cmd.Dir = tree
	cmd.Env = append(os.Environ(), "JOB="+string(text), "OUT="+out, sched.EnvVar+"=1",
		"GORACE=atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0 log_path="+filepath.Join(tree, "race"))
	log, _ = cmd.CombinedOutput() // it fails: that is what it is for
	report, err = os.ReadFile(out)
	if err != nil && !strings.Contains(c.note, "dies") {
		t.Fatalf("no report: %v\n%s", err, log)
	}
	return report, log
}

// kitFiles are the files of the test kit that a build with the race detector has.
func kitFiles(t *testing.T) map[string][]byte {
	files := map[string][]byte{}
	for _, name := range []string{"history.go", "kit.go", "overlap.go", "race.go"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "solutions", "kit", name))
		if err != nil {
			t.Fatal(err)
		}
		files["solutions/kit/"+name] = text
	}
	return files
}

// rewriting is a tree in which packages are rewritten one after another.
type rewriting struct {
	t     *testing.T
	tree  string
	fset  *token.FileSet
	known map[string]*types.Package
	first int32
}

func (r *rewriting) write(name, text string) {
	r.t.Helper()
	file := filepath.Join(r.tree, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rewriting) rewrite(importPath string, files map[string][]byte, test bool) {
	r.t.Helper()
	in := schedule.Input{
		Fset: r.fset, Sources: files, Import: "workbook/sched", Test: test, First: r.first,
		Rewritten: func(p string) bool { return r.known[p] != nil },
		Info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
		},
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := parser.ParseFile(r.fset, name, files[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			r.t.Fatal(err)
		}
		in.Files = append(in.Files, f)
	}
	conf := types.Config{Importer: r}
	var err error
	if in.Pkg, err = conf.Check(importPath, r.fset, in.Files, in.Info); err != nil {
		r.t.Fatal(err)
	}
	out, err := schedule.Rewrite(in)
	if err != nil {
		r.t.Fatal(err)
	}
	if len(out.Refused) > 0 {
		r.t.Fatalf("refused: %v", out.Refused)
	}
	r.first += int32(len(out.Sites))
	r.known[importPath] = in.Pkg
	dir := path.Dir(slices.Sorted(maps.Keys(files))[0])
	for name, text := range out.Files {
		r.write(name, string(text))
	}
	for name, text := range out.Extra {
		r.write(dir+"/"+name, string(text))
	}
}

// Import imports what was rewritten before, or the standard library.
func (r *rewriting) Import(p string) (*types.Package, error) {
	if known := r.known[p]; known != nil {
		return known, nil
	}
	std, err := standardImporter()
	if err != nil {
		return nil, err
	}
	return std.Import(p)
}

var standardImporter = sync.OnceValues(func() (types.Importer, error) {
	cmd := exec.Command("go", "list", "-race", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}",
		"cmp", "sync", "sync/atomic", "testing", "testing/synctest", "context", "errors", "time", "fmt", "runtime", "slices", "strings", "os", "runtime/debug")
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w\n%s", err, stderr.Bytes())
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		p, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		files[p] = file
	}
	return goimporter.ForCompiler(token.NewFileSet(), "gc", func(p string) (io.ReadCloser, error) { return os.Open(files[p]) }), nil
})
