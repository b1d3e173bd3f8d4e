package explain

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/verdict"
)

// The evidence in testdata/cases is recorded, never written by hand: to record it anew, as after a new
// release of Go, run
//
//	go test -run 'TestRecord/(race|leak)_' -record ./cmd/workbook/internal/explain
//	go test -update ./cmd/workbook/internal/explain
//
// and read the changes. Without -record nothing is built or run.
var record = flag.Bool("record", false, "run the programs in testdata/cases and record what they print")

func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("only with -record")
	}
	for _, c := range cases(t) {
		t.Run(c.name, func(t *testing.T) {
			c.parts["evidence"] = c.run(t)
			c.write(t)
		})
	}
}

// recordMain dumps all goroutines after the tests, or after a while where they do not end.
const recordMain = `package x_test

import (
	"os"
	"runtime"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if os.Getenv("DUMP") == "" {
		os.Exit(m.Run())
	}
	go func() {
		time.Sleep(500 * time.Millisecond)
		dump()
		os.Exit(3)
	}()
	code := m.Run()
	time.Sleep(100 * time.Millisecond)
	dump()
	os.Exit(code)
}

func dump() {
	b := make([]byte, 1<<20)
	os.WriteFile(os.Getenv("DUMP"), b[:runtime.Stack(b, true)], 0o666)
}
`

// run builds and runs a case's program and returns its evidence, with neutral paths.
func (c *testCase) run(t *testing.T) string {
	tree, dump := t.TempDir(), filepath.Join(t.TempDir(), "dump")
	dir := filepath.Join(tree, "exercises", "lesson", "x")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		filepath.Join(tree, "go.mod"): "module workbook\n\ngo 1.26\n", filepath.Join(dir, "x.go"): c.parts["x.go"],
		filepath.Join(dir, "x_test.go"): c.parts["x_test.go"], filepath.Join(dir, "main_test.go"): recordMain,
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "test", "-c", "-vet=off", "-o", "x.test", "./exercises/lesson/x")
	if !strings.Contains(c.note, "norace") {
		build.Args = append(build.Args[:3], append([]string{"-race"}, build.Args[3:]...)...)
	}
	build.Dir = tree
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	cmd := exec.Command("./x.test", "-test.timeout=0", "-test.paniconexit0")
	cmd.Dir = tree
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0 suppress_equal_stacks=0")
	if !strings.Contains(c.note, "nodump") {
		cmd.Env = append(cmd.Env, "DUMP="+dump)
	}
	out, _ := cmd.CombinedOutput() // it fails: that is what it is for
	text := string(out)
	if b, err := os.ReadFile(dump); err == nil && c.class() != verdict.Race && c.class() != verdict.Panic {
		text = string(b)
	}
	text = strings.ReplaceAll(text, tree, "/tree")
	return strings.TrimRight(strings.ReplaceAll(text, goroot(), "/goroot"), "\n") + "\n"
}

// goroot is the folder of the Go in use.
func goroot() string {
	out, _ := exec.Command("go", "env", "GOROOT").Output() // recording runs go anyway, and says what is wrong with it
	return strings.TrimSpace(string(out))
}
