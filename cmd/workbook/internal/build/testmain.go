package build

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// testMain is the program that runs the tests of a package in a direct build. The one that go test
// writes does the same, and links besides what fuzzing, profiles and regular expressions need.
func testMain(importPath string, tests []string) []byte {
	var list strings.Builder
	for _, t := range tests {
		fmt.Fprintf(&list, "\t\t{Name: %q, F: hidden.%s},\n", t, t)
	}
	return fmt.Appendf(nil, `package main

import (
	"os"
	"testing"

	hidden %q
	"%s"
)

func main() {
	os.Exit(start.Tests([]testing.InternalTest{
%s	}, nil))
}
`, importPath+"_test", startPath, list.String())
}

// startPath is the import path of the package that a direct build's main function calls. It is compiled once,
// without the go command, which would not let it import what it does.
const startPath = "workbook/start"

// start compiles the package, or takes it over from an earlier build.
func (d *direction) start() (object, error) {
	source := filepath.Join(d.job.work, "start.go")
	if err := os.WriteFile(source, []byte(startText), 0o666); err != nil {
		return object{}, err
	}
	return d.kept(startPath, []string{source}, nil)
}

// startText is written against package testing of MinGo: its methods are those that testing.MainStart
// asks for there.
const startText = `package start

import (
	"internal/testlog"
	"io"
	"reflect"
	"testing"
	"time"

	"workbook/harness"
)

// Tests runs tests under the grader and returns the exit status. Of a binary of several programs choose takes
// the one that the grader asks for.
func Tests(tests []testing.InternalTest, choose func(part int)) int {
	return harness.Several(testing.MainStart(deps{}, tests, nil, nil, nil), choose)
}

type entry = struct {
	Parent     string
	Path       string
	Data       []byte
	Values     []any
	Generation int
	IsSeed     bool
}

type deps struct{}

func (deps) ImportPath() string                          { return "" }
func (deps) ModulePath() string                          { return "" }
func (deps) MatchString(pat, s string) (bool, error)     { return pat == "^"+s+"$", nil }
func (deps) SetPanicOnExit0(v bool)                      { testlog.SetPanicOnExit0(v) }
func (deps) StartCPUProfile(io.Writer) error             { return nil }
func (deps) StopCPUProfile()                             {}
func (deps) StartTestLog(io.Writer)                      {}
func (deps) StopTestLog() error                          { return nil }
func (deps) WriteProfileTo(string, io.Writer, int) error { return nil }
func (deps) CoordinateFuzzing(time.Duration, int64, time.Duration, int64, int, []entry, []reflect.Type, string, string) error {
	return nil
}
func (deps) RunFuzzWorker(func(entry) error) error              { return nil }
func (deps) ReadCorpus(string, []reflect.Type) ([]entry, error) { return nil, nil }
func (deps) CheckCorpus([]any, []reflect.Type) error            { return nil }
func (deps) ResetCoverage()                                     {}
func (deps) SnapshotCoverage()                                  {}
func (deps) InitRuntimeCoverage() (mode string, tearDown func(string, string) (string, error), snapcov func() float64) {
	return
}
`
