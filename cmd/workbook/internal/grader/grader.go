// Package grader takes a submission from its source to its verdict.
package grader

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/check"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/explain"
	"workbook/cmd/workbook/internal/policy"
	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule/sched"
	"workbook/cmd/workbook/internal/verdict"
)

// Config says for what course and with what tools to grade.
type Config struct {
	Course   *course.Course
	Go       string     // the go command; "" means "go" in PATH
	Cache    string     // the workbook's cache folder; "" means the one in the user's cache folder
	Environ  []string   // the learner's environment; nil means the process's
	Jobs     int        // hidden tests that run at a time; 0 means one a processor
	Thorough bool       // run every hidden test again on one, two and more processors, and once without the race detector
	Limits   run.Limits // of one hidden test
	Requires []build.Require

	NoSchedules bool      // leave the exploration of schedules out
	Schedules   sched.Job // its budgets; zero fields mean the scheduler's defaults
	Seed        uint64    // varies which schedules are explored

	// Box is what submissions are built and run in, as box.Probe found it; the zero Report is no box at
	// all. Who requires a tier asks Box.Require first. A box that cannot be had later is a fault.
	Box  box.Report
	Wall time.Duration // how long a submission may be compiled; 0 means half a minute in a box, a minute without
}

// Submission is what a learner hands in for an exercise.
type Submission struct {
	Exercise *course.Exercise
	Files    map[string][]byte // by workspace-relative, slash-separated name
}

// Grader grades submissions. It may be used by several goroutines.
type Grader struct {
	Build   *build.Builder
	Checker *check.Checker
	c       Config

	tell     func(*verdict.Verdict, explain.Input) // explains a verdict
	patience time.Duration                         // with that
	ready    *shelf
}

// New returns a Grader. What the learner must mend first comes as a *build.Trouble.
func New(c Config) (*Grader, error) {
	if c.Environ == nil {
		c.Environ = os.Environ()
	}
	if c.Cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return nil, &build.Trouble{Kind: build.NoCache, Text: err.Error(), Mend: "export XDG_CACHE_HOME=$HOME/.cache"}
		}
		c.Cache = filepath.Join(dir, "workbook")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tool, err := build.Find(ctx, build.Lookup{Go: c.Go, Environ: c.Environ})
	if err != nil {
		return nil, err
	}
	b, err := build.New(build.Config{Tool: tool, Cache: c.Cache, Course: courseFS(c.Course), Requires: c.Requires, Box: c.Box.Own, Wall: c.Wall})
	if err != nil {
		return nil, err
	}
	checker := check.New(check.Config{
		Go: tool.Go, Version: tool.Version, Root: tool.Root, Tools: tool.Tools, Env: tool.Env,
		Dir: b.Tree.Dir, Cache: c.Cache, Flags: []string{build.Lean}, Packages: b.Packages(),
	})
	return &Grader{Build: b, Checker: checker, c: c, tell: explain.Verdict, patience: explainTime, ready: &shelf{all: map[string]prepared{}}}, nil
}

// courseFS returns the course's files, or none.
func courseFS(c *course.Course) fs.FS {
	if c != nil && c.FS != nil {
		return c.FS
	}
	return embed.FS{}
}

// Warm prepares what every grading needs, which takes tens of seconds on a machine that never
// graded and nothing on one that did. progress is called only where there is something to do.
func (g *Grader) Warm(ctx context.Context, progress func(done, total int)) error {
	if err := g.Build.Warm(ctx, check.Common, progress); err != nil {
		return fmt.Errorf("building the race detector's standard library: %w", err)
	}
	if err := g.Checker.Warm(ctx); err != nil {
		return fmt.Errorf("preparing the type checker: %w", err)
	}
	return nil
}

// Check returns what can be said of a submission without building it: policy, syntax and types.
func (g *Grader) Check(ctx context.Context, s Submission) []verdict.Finding {
	if found := policy.Check(s.Exercise, s.Files); len(found) > 0 || check.Heavy(s.Files) {
		return found // what is heavy is only looked at when it has been compiled under bounds
	}
	return g.inspect(ctx, s).findings
}

// Grade returns the verdict on a submission. The error is the context's, or says why there is no
// verdict: something of ours failed, twice.
func (g *Grader) Grade(ctx context.Context, s Submission) (verdict.Verdict, error) {
	v, err := g.once(ctx, s)
	if err == nil && v.Class != verdict.Fault || ctx.Err() != nil || mendable(err) {
		return v, errors.Join(err, ctx.Err())
	}
	v, err = g.once(ctx, s)
	if err == nil && v.Class == verdict.Fault {
		err = errors.New(faults(v))
	}
	return v, err
}

// mendable reports whether an error is about the machine, which another try does not mend.
func mendable(err error) bool {
	var t *build.Trouble
	return errors.As(err, &t)
}

// faults lists what of ours went wrong.
func faults(v verdict.Verdict) string {
	var all []string
	for _, f := range v.Findings {
		if f.Class == verdict.Fault {
			all = append(all, f.Message)
		}
	}
	return strings.Join(all, "\n")
}

// once grades a submission once.
func (g *Grader) once(ctx context.Context, s Submission) (verdict.Verdict, error) {
	start := time.Now()
	in := verdict.Input{Exercise: s.Exercise.Name, Lesson: s.Exercise.Lesson, Tests: s.Exercise.Names}
	var built, ran time.Duration
	var seen inspection
	if in.Findings = policy.Check(s.Exercise, s.Files); len(in.Findings) == 0 {
		bin, i, err := g.compile(ctx, s)
		built, seen = time.Since(start), i
		if err != nil {
			return verdict.Verdict{}, err
		}
		if in.Findings = seen.findings; bin != nil {
			begun := time.Now()
			in.Notes = seen.notes
			if err := g.run(ctx, s, bin, &in); err != nil {
				return verdict.Verdict{}, err
			}
			ran = time.Since(begun)
		}
	}
	v := verdict.Judge(in)
	if g.c.Box.Tier > box.Open {
		v.Sandbox = g.c.Box.Tier.String()
	}
	g.explain(&v, s, in.Records, seen)
	v.BuildMS, v.RunMS = built.Milliseconds(), ran.Milliseconds()
	v.ElapsedMS = time.Since(start).Milliseconds()
	return v, nil
}

// run runs a binary's tests, layer after layer, until one has something against the submission: first
// under the scheduler, which finds most mistakes in milliseconds and the same ones every time, then
// freely. Tests that no layer has come to are not in the verdict.
func (g *Grader) run(ctx context.Context, s Submission, bin *build.Binary, in *verdict.Input) error {
	short, _ := divide(s.Exercise.Names)
	var before []run.Record // free runs of tests that had come through their schedules
	if bin.Scheduled && len(short) > 0 {
		records, free, err := g.explore(ctx, s, bin)
		if err != nil {
			return err
		}
		if in.Records = records; !clean(*in) {
			in.Tests = heard(short, records)
			return nil
		}
		if before = free; slices.ContainsFunc(free, ended) {
			in.Records = append(records, free...)
			in.Tests = heard(short, in.Records)
			return nil
		}
	}
	later, err := g.plan(s, bin, before).Run(ctx)
	records := settled(before, later)
	in.Records = append(in.Records, records...)
	if g.c.Thorough && err == nil && clean(*in) {
		var more []run.Record
		more, err = g.thorough(ctx, s, bin)
		records, in.Records = append(records, more...), append(in.Records, more...)
	}
	if !clean(*in) {
		in.Tests = heard(in.Tests, records)
	}
	return err
}

// ended reports whether a test was ended from outside, as it will be again.
func ended(r run.Record) bool { return r.TimedOut || r.Stuck != "" || r.Killed != "" }

// settled joins the free runs that came right after schedules with the later ones. A test that failed in
// one has another, in a process that says more of what was before the failure: that counts where it fails
// too, and else the first one does.
func settled(before, later []run.Record) []run.Record {
	var all []run.Record
	for _, r := range before {
		again := slices.ContainsFunc(later, func(l run.Record) bool { return l.Test == r.Test && verdict.Against(l) })
		if !verdict.Against(r) || !again {
			all = append(all, r)
		}
	}
	return append(all, later...)
}

// heard returns the tests of which a record says something: once a verdict is not a pass, it is not about
// those that were not run because others were late, or that the scheduler could not judge.
func heard(tests []string, records []run.Record) []string {
	return slices.DeleteFunc(slices.Clone(tests), func(name string) bool {
		return !slices.ContainsFunc(records, func(r run.Record) bool { return r.Test == name && !verdict.Silent(r) })
	})
}

// divide tells short tests from stress tests, which run only freely.
func divide(names []string) (short, stress []string) {
	for _, name := range names {
		if strings.HasPrefix(name, "TestStress") {
			stress = append(stress, name)
		} else {
			short = append(short, name)
		}
	}
	return short, stress
}

// plan says how a binary's tests are run freely, those left out that have passed that before: the short ones
// side by side, on one, two and more processors by turns; the stress tests one after another, since a wrong
// program often works where its goroutines share one processor.
func (g *Grader) plan(s Submission, bin *build.Binary, before []run.Record) run.Plan {
	short, stress := divide(s.Exercise.Names)
	var rest []string
	var procs []int
	for i, test := range short {
		if !slices.ContainsFunc(before, func(r run.Record) bool { return r.Test == test && !verdict.Against(r) }) {
			rest, procs = append(rest, test), append(procs, turn(i))
		}
	}
	layers := []run.Layer{
		{Name: FreeLayer, Binary: bin, Tests: rest, Procs: procs},
		{Name: FreeLayer, Binary: bin, Tests: stress, Alone: true},
	}
	return run.Plan{Layers: layers, Jobs: g.c.Jobs, Environ: g.c.Environ, Limits: g.c.Limits, Box: g.c.Box.Own, Hurry: true}
}

// turn is the number of processors that the i-th test is run on freely.
func turn(i int) int { return processors()[i%len(processors())] }

// processors are the numbers of them that free runs are tried on.
func processors() []int { return []int{1, 2, 2 * runtime.NumCPU()} }

// thorough runs every test on each number of processors, and once in a binary without the race
// detector, where the runtime itself knows of a deadlock that nothing else can be sure of.
func (g *Grader) thorough(ctx context.Context, s Submission, bin *build.Binary) ([]run.Record, error) {
	plan := run.Plan{Jobs: g.c.Jobs, Environ: g.c.Environ, Limits: g.c.Limits, Box: g.c.Box.Own, Hurry: true}
	for _, procs := range processors() {
		plan.Layers = append(plan.Layers, run.Layer{Name: FreeLayer, Binary: bin, Tests: s.Exercise.Names, Procs: []int{procs}, Alone: true})
	}
	bare, err := g.Build.Build(ctx, build.Unit{Exercise: s.Exercise, Files: s.Files, NoRace: true})
	if err != nil {
		return nil, err
	}
	plan.Layers = append(plan.Layers, run.Layer{Name: "bare", Binary: bare, Tests: s.Exercise.Names, Bare: true})
	return plan.Run(ctx)
}
