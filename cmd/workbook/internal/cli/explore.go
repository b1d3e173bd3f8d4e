package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/schedule/sched"
	"workbook/cmd/workbook/internal/survey"
	"workbook/cmd/workbook/internal/verdict"
)

// exploring are the flags of explore.
type exploring struct {
	run      string
	schedule string
	json     bool
	budget   time.Duration
	timeout  time.Duration
}

func (a *app) exploreCommand() *cobra.Command {
	var flags exploring
	cmd := &cobra.Command{
		Use:   "explore [PACKAGE...]",
		Short: "Explore the schedules of your own package's tests",
		Long: `Run the tests of Go packages of your own, from the module in the current folder (default ./...), and look
for a schedule of their goroutines that fails: each test runs once freely under the race detector, then again
and again with one goroutine at a time, each time in another order. A verdict shows the schedule that fails,
and the command that runs it again.

Nothing is written into your module. The package under test, its tests and what it imports of your module
are rewritten for the scheduler; a test that uses what cannot be scheduled (the network, other processes,
subtests in parallel, a TestMain that prepares something) runs freely only, at several numbers of
processors, and says so.

Exit code: 0 all passed, 1 not all passed, 2 wrong usage, 3 the workbook could not do it.
With --json each verdict is one object a line, schema 1, with "package" and "test".`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.explore(cmd.Context(), args, flags)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.run, "run", "", "only tests whose name matches this regular expression")
	f.StringVar(&flags.schedule, "schedule", "", "run only this schedule, which a verdict has named")
	f.BoolVar(&flags.json, "json", false, "one JSON object a line")
	f.DurationVar(&flags.budget, "budget", 2*time.Second, "how long to look for a failing schedule of one test")
	f.DurationVar(&flags.timeout, "timeout", time.Minute, "how long one run of a test may take")
	return cmd
}

// twoDashes lets people write -run as they do for go test.
func twoDashes(args []string) []string {
	if !slices.Contains(args, "explore") {
		return args
	}
	out := slices.Clone(args)
	for i, arg := range out {
		if arg == "--" {
			break
		}
		if arg == "-run" || strings.HasPrefix(arg, "-run=") {
			out[i] = "-" + arg
		}
	}
	return out
}

func (a *app) explore(ctx context.Context, patterns []string, flags exploring) error {
	request := survey.Request{Patterns: patterns, Schedule: flags.schedule}
	if flags.run != "" {
		re, err := regexp.Compile(flags.run)
		if err != nil {
			return usage(fmt.Errorf("-run: %w", err))
		}
		request.Run = re
	}
	if flags.budget <= 0 || flags.timeout <= 0 {
		return usage(errors.New("--budget and --timeout are durations above zero, such as 10s"))
	}
	s, err := survey.New(ctx, survey.Config{
		Dir: a.Dir, Environ: a.Environ, Deadline: flags.timeout, Section: a.section(),
		Schedules: sched.Job{Millis: int(flags.budget.Milliseconds())},
	})
	if err != nil {
		return exploreError(ctx, err)
	}
	failed := false
	err = s.Explore(ctx, request, func(v verdict.Verdict) error {
		failed = failed || !v.Passed
		return a.showOwn(v, flags.json)
	})
	if err != nil {
		return exploreError(ctx, err)
	}
	if failed {
		return errNotPassing
	}
	return nil
}

// showOwn prints the verdict on one test.
func (a *app) showOwn(v verdict.Verdict, asJSON bool) error {
	var err error
	if asJSON {
		err = json.NewEncoder(a.Stdout).Encode(v)
	} else {
		v.Tests = nil // the title names the one test
		if err = a.style().Verdict(a.Stdout, v); err == nil {
			_, err = fmt.Fprintln(a.Stdout)
		}
	}
	if err != nil {
		return ours(fmt.Errorf("writing the verdict: %w", err))
	}
	return nil
}

// section returns what knows the sections of the course, where there is one to read.
func (a *app) section() func(ref string) bool {
	c, err := a.loadCourse()
	if err != nil {
		return nil
	}
	return func(ref string) bool { return hasSection(c, ref) }
}

func hasSection(c *course.Course, ref string) bool {
	slug, anchor, deep := strings.Cut(ref, "#")
	l := c.Lesson(slug)
	return l != nil && (!deep || l.Section(anchor) != nil)
}

// exploreError gives an error of exploring its exit code and what to type next.
func exploreError(ctx context.Context, err error) error {
	var wrong *survey.ListError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, survey.ErrNoModule):
		return usage(err, "go to the folder of your module, or make one: go mod init example.com/mine")
	case errors.Is(err, survey.ErrNoTests):
		return usage(err, "-run takes a regular expression: -run '^TestX$'")
	case errors.Is(err, survey.ErrNotOne):
		return usage(err, "name the package and the test: workbook explore ./PACKAGE -run '^TestX$' --schedule STRING")
	case errors.Is(err, survey.ErrOtherProgram):
		return usage(err, "without --schedule this version is explored")
	case errors.Is(err, sched.ErrSchedule):
		return usage(err, "a verdict prints one behind \"again:\"; without --schedule the test is explored")
	case errors.As(err, &wrong):
		return usage(err)
	}
	return ours(err, "workbook doctor checks what the workbook needs")
}
