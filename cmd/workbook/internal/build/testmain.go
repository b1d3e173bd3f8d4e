package build

import (
	"fmt"
	"strings"
)

// testMain is the program that runs the tests of a package in a direct build. The one that go test
// writes does the same, and links besides what fuzzing, profiles and regular expressions need.
func testMain(importPath string, tests []string) []byte {
	var list strings.Builder
	for _, t := range tests {
		fmt.Fprintf(&list, "\t\t{%q, hidden.%s},\n", t, t)
	}
	return fmt.Appendf(nil, mainText, importPath+"_test", list.String())
}

// mainText is written against package testing of MinGo: its methods are those that testing.MainStart
// asks for there.
const mainText = `package main

import (
	"internal/testlog"
	"io"
	"reflect"
	"testing"
	"time"

	hidden %q
)

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

func main() {
	hidden.TestMain(testing.MainStart(deps{}, []testing.InternalTest{
%s	}, nil, nil, nil))
}
`
