// Package survey explores the schedules of a Go package's own tests.
//
// Nothing is written into the learner's module: what is rewritten or generated comes in by an overlay. The
// module's own settings stay in force.
//
// No false alarm, by these rules. Free runs are of the program as it was written. A schedule that fails
// counts if it fails again in a process of its own, since the state of packages that are not rewritten is
// kept from one schedule to the next. A wrong result or a panic counts if some other schedule is free of
// it, or a free run has it too, since a bubble has another clock than the world. What does not count is
// said, and the test runs freely some more.
package survey

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule/sched"
	"workbook/cmd/workbook/internal/verdict"
)

// Config says in what surroundings to explore.
type Config struct {
	Go        string        // the go command; "" means "go" in PATH
	Dir       string        // the current folder
	Environ   []string      // the learner's environment
	Deadline  time.Duration // for one run of a test; zero means a minute
	Schedules sched.Job     // the budgets of the scheduler; zero fields mean its defaults

	// Section reports whether the course has a section to read; nil says that it has none.
	Section func(ref string) bool
}

// Request says what to explore.
type Request struct {
	Patterns []string       // packages, as the go command names them; none means ./...
	Run      *regexp.Regexp // tests by name; nil means all
	Schedule string         // the one schedule to replay, of the one test that Run names; "" explores
}

// Survey explores packages.
type Survey struct {
	c     Config
	tool  *build.Toolchain
	flags []string // of every go command that builds or lists
}

// These errors are about the request.
var (
	ErrNoModule     = errors.New("there is no go.mod in this folder or above it")
	ErrNoTests      = errors.New("no test matches")
	ErrNotOne       = errors.New("a schedule belongs to one test")
	ErrOtherProgram = errors.New("this schedule belongs to another version of the program")
)

// ListError says what of a request's packages the go command cannot find.
type ListError struct{ Text string }

func (e *ListError) Error() string { return e.Text }

// New returns a Survey. What the learner must mend first comes as a *build.Trouble.
func New(ctx context.Context, c Config) (*Survey, error) {
	if c.Deadline == 0 {
		c.Deadline = time.Minute
	}
	if real, err := filepath.EvalSymlinks(c.Dir); err == nil {
		c.Dir = real // the go command prints real paths
	}
	tool, err := build.FindIn(ctx, build.Lookup{Go: c.Go, Environ: c.Environ}, c.Dir)
	if err != nil {
		return nil, err
	}
	s := &Survey{c: c, tool: tool}
	text, err := s.goCommand(ctx, "env", "-json", "GOMOD", "GOFLAGS")
	if err != nil {
		return nil, err
	}
	var env struct{ GOMOD, GOFLAGS string }
	if err := json.Unmarshal(text, &env); err != nil {
		return nil, fmt.Errorf("reading the go command's settings: %w", err)
	}
	if env.GOMOD == "" || env.GOMOD == os.DevNull {
		return nil, ErrNoModule
	}
	if strings.Contains(env.GOFLAGS, "-mod=mod") {
		s.flags = []string{"-mod=readonly"} // it would write go.mod
	}
	return s, nil
}

// goCommand runs the go command and returns its standard output.
func (s *Survey) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	var out, said bytes.Buffer
	err := s.tool.Run(ctx, build.Command{Dir: s.c.Dir, Args: args, Stdout: &out, Stderr: &said})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &ListError{Text: strings.TrimSpace(said.String())}
	}
	return out.Bytes(), nil
}

// Explore explores what a request names, and calls emit with the verdict on each test as it is known. A
// package that does not compile has one verdict. The error is the context's, emit's, or about the request.
func (s *Survey) Explore(ctx context.Context, r Request, emit func(verdict.Verdict) error) error {
	targets, err := s.targets(ctx, r)
	if err != nil {
		return err
	}
	count := 0
	for _, t := range targets {
		count += len(t.tests)
	}
	switch {
	case count == 0:
		return ErrNoTests
	case r.Schedule != "" && count != 1:
		return ErrNotOne
	}
	for _, t := range targets {
		if err := s.target(ctx, t, r.Schedule, emit); err != nil {
			return err
		}
	}
	return nil
}

// target explores the tests of one package.
func (s *Survey) target(ctx context.Context, t *target, schedule string, emit func(verdict.Verdict) error) error {
	work, err := os.MkdirTemp("", "workbook-explore-")
	if err != nil {
		return fmt.Errorf("making a folder for the build: %w", err)
	}
	defer os.RemoveAll(work)
	start := time.Now()
	p := &program{Survey: s, target: t, work: work}
	err = p.build(ctx)
	if e := (*build.CompileError)(nil); errors.As(err, &e) {
		return emit(p.broken(e, time.Since(start)))
	}
	if err != nil {
		return err
	}
	built := time.Since(start)
	for _, test := range t.tests {
		v, err := p.test(ctx, test, schedule)
		if err != nil {
			return err
		}
		v.BuildMS, built = built.Milliseconds(), 0 // the first test's
		v.ElapsedMS = v.BuildMS + v.RunMS
		if err := emit(v); err != nil {
			return err
		}
	}
	return nil
}

// limits of one process.
func (s *Survey) limits() run.Limits {
	return run.Limits{Startup: s.c.Deadline, Deadline: s.c.Deadline, Settle: 500 * time.Millisecond}
}
