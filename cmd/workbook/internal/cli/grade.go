package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/batch"
	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/export"
	"workbook/cmd/workbook/internal/grader"
	"workbook/cmd/workbook/internal/verdict"
)

// grading is the flags of `workbook grade`.
type grading struct {
	outputs   outputs
	exercises []string
	shard     string
	journal   string
	resume    bool
	jobs      int
	tier      string
}

func (a *app) gradeCommand() *cobra.Command {
	g := &grading{}
	cmd := &cobra.Command{
		Use:   "grade PATH...",
		Short: "Grade the submissions of a class",
		Long: `Grade submissions. Each PATH is a workspace, a folder or an archive (tar, tar.gz, zip) of submissions,
or one file. Nothing of an archive is written to disk, and links are not followed.

` + batch.Layouts + `

What is still the starter's text counts as not begun and is left out. With --exercises every submission
must have these exercises, and one that is missing fails.

Equal programs are graded once. A reference solution is graded first, and again before an error is blamed
on a submission. Every answer is in a journal before the next one begins: after a crash the same command
with --resume goes on where it was.

Formats (--format, repeatable; each may be followed by --out FILE): ` + strings.Join(export.Names(), ", ") + `.
The last three hold one submission: for several, FILE must contain {submission}. With --format github a
job's summary is written too, where GITHUB_STEP_SUMMARY names its file.

Points are what the exercises' authors declare, one where they declare none; the hidden tests that pass
bring their share.

--shard 2/4 grades the second of four equal shares, by the submissions' names; workbook merge puts the
reports together.

Exit code: 0 all passed, 1 some did not, 2 wrong usage or nothing to grade, 3 the machine cannot grade.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.grade(cmd.Context(), args, g) },
	}
	a.outputFlags(cmd, &g.outputs)
	flags := cmd.Flags()
	flags.StringSliceVar(&g.exercises, "exercises", nil, "the exercises that every submission must have (default: all that were begun)")
	flags.StringVar(&g.shard, "shard", "", "grade share I of N only: I/N")
	flags.StringVar(&g.journal, "journal", "", "where to keep the answers until the end (default: in the cache folder)")
	flags.BoolVar(&g.resume, "resume", false, "go on with the journal of a run that did not end")
	flags.IntVar(&g.jobs, "jobs", runtime.NumCPU(), "submissions that are graded at a time")
	flags.StringVar(&g.tier, "require-tier", "", "do not grade in a sandbox of a lower tier than 1, 2 or 3 (see workbook doctor)")
	return cmd
}

func (a *app) grade(ctx context.Context, paths []string, g *grading) error {
	c, err := a.loadCourse()
	if err != nil {
		return err
	}
	tasks, shard, err := a.handedIn(c, paths, g)
	if err != nil {
		return err
	}
	if err := g.outputs.check(tasks); err != nil {
		return err
	}
	held, err := a.sandbox(ctx, g.tier)
	if err != nil {
		return err
	}
	o := &opened{course: c}
	if o.grader, err = a.newGrader(c, grader.Config{Box: held, Jobs: max(1, runtime.NumCPU()/g.jobs)}); err != nil {
		return err
	}
	if err := a.warm(ctx, o); err != nil {
		return err
	}
	if a.getenv("GOGC") == "" {
		debug.SetGCPercent(50) // compilers and tests need the memory more than the grader needs the time
	}
	config := a.batchConfig(o, held)
	config.Tasks, config.Shard, config.Jobs = shard.Select(tasks), shard, g.jobs
	journal := a.journalFile(paths, g)
	if err := a.openJournal(&config, journal, g.resume); err != nil {
		return err
	}
	report, err := a.runBatch(ctx, config)
	if err == nil {
		err = a.writeReports(g.outputs, report)
	}
	if closing := config.Journal.Close(); closing != nil {
		err = errors.Join(err, ours(closing))
	}
	if err != nil {
		return err
	}
	if g.journal == "" {
		_ = os.Remove(journal) // it has served; one that is left only takes room
	}
	if report.Passed() < len(report.Results) {
		return errNotPassing
	}
	return nil
}

// handedIn finds what is to be graded, by all machines together, and what share of it is ours.
func (a *app) handedIn(c *course.Course, paths []string, g *grading) ([]batch.Task, batch.Shard, error) {
	var shard batch.Shard
	var err error
	if g.shard != "" {
		if shard, err = batch.ParseShard(g.shard); err != nil {
			return nil, shard, usage(fmt.Errorf("--shard %w", err))
		}
	}
	if g.jobs < 1 {
		return nil, shard, usage(fmt.Errorf("--jobs %d: at least one submission is graded at a time", g.jobs))
	}
	for _, name := range g.exercises {
		if c.Exercise(name) == nil {
			return nil, shard, unknown(c, "exercise", name)
		}
	}
	absolute := make([]string, len(paths))
	for i, p := range paths {
		absolute[i] = a.abs(p)
	}
	tasks, unbegun, err := batch.Search{Course: c, Only: g.exercises, Limits: batch.DefaultLimits}.Find(absolute)
	if err != nil {
		return nil, shard, usage(err)
	}
	for i := range tasks {
		tasks[i].File.Name = a.shortened(tasks[i].File.Name)
	}
	if unbegun > 0 {
		fmt.Fprintf(a.Stderr, "workbook: files that are still the starter's text are left out: %d\n", unbegun)
	}
	switch {
	case len(tasks) == 0 && unbegun > 0:
		fmt.Fprintln(a.Stderr, "workbook: nothing was begun, so there is nothing to report")
		return nil, shard, errNotPassing
	case len(tasks) == 0:
		return nil, shard, usage(errors.New("there is nothing to grade in "+strings.Join(paths, ", ")), "workbook grade --help shows where a submission's files may be")
	}
	return tasks, shard, nil
}

// shortened is a path relative to the working folder where it lies below it.
func (a *app) shortened(name string) string {
	if rel, ok := strings.CutPrefix(name, filepath.ToSlash(a.Dir)+"/"); ok {
		return rel
	}
	return name
}

// sandbox finds out what submissions are held by, which must be at least what is required.
func (a *app) sandbox(ctx context.Context, required string) (box.Report, error) {
	want := box.Open
	if required != "" {
		var err error
		if want, err = box.ParseTier(required); err != nil {
			return box.Report{}, usage(fmt.Errorf("--require-tier: %w", err))
		}
	}
	held := box.Probe(ctx, a.Environ)
	if err := held.Require(want); err != nil {
		return held, ours(err)
	}
	if held.Tier == box.Open {
		fmt.Fprintln(a.Stderr, "workbook: there is no sandbox on this machine: submissions run with your rights, see workbook doctor")
	}
	return held, nil
}

// batchConfig is what a batch is graded with.
func (a *app) batchConfig(o *opened, held box.Report) batch.Config {
	tools := o.grader.Build
	return batch.Config{
		Identity: batch.Identity(o.course.Exercises(), tools.Tool.Version, tools.Tree.Hash),
		Tier:     int(held.Tier), Box: held.Line(),
		Grade: func(ctx context.Context, w batch.Work) (verdict.Verdict, error) {
			return o.grader.Grade(ctx, grader.Submission{Exercise: w.Exercise, Files: w.Files})
		},
		Prepare: func(ctx context.Context, all []batch.Work) error {
			var submissions []grader.Submission
			for _, w := range all {
				submissions = append(submissions, grader.Submission{Exercise: w.Exercise, Files: w.Files})
			}
			return o.grader.Prepare(ctx, submissions)
		},
	}
}

// journalFile is where a command's answers are kept until its end: the same place for the same command.
func (a *app) journalFile(paths []string, g *grading) string {
	if g.journal != "" {
		return a.abs(g.journal)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q\n", a.Dir, a.courseDir, g.exercises, g.shard)
	for _, p := range slices.Sorted(slices.Values(paths)) {
		fmt.Fprintf(h, "%q\n", a.abs(p))
	}
	return filepath.Join(a.cacheDir(), "grade", hex.EncodeToString(h.Sum(nil))[:24]+".jsonl")
}

// openJournal begins a batch's journal or goes on with it.
func (a *app) openJournal(c *batch.Config, file string, resume bool) error {
	identity := c.Identity + " " + c.Box
	var err error
	if resume {
		c.Journal, c.Before, err = batch.Resume(file, identity)
	} else {
		c.Journal, err = batch.Create(file, identity)
	}
	if errors.Is(err, batch.ErrOtherBatch) {
		return usage(err, "without --resume everything is graded anew")
	}
	if err != nil {
		return ours(err, "--journal FILE names another place")
	}
	return nil
}

// runBatch grades, and says what to do where that does not come to its end.
func (a *app) runBatch(ctx context.Context, c batch.Config) (batch.Report, error) {
	c.Progress = a.batchProgress()
	report, err := batch.Run(ctx, c)
	a.endProgress()
	var canary *batch.CanaryError
	switch {
	case err == nil:
		return report, nil
	case ctx.Err() != nil:
		fmt.Fprintln(a.Stderr, "workbook: ended before the last submission was graded: the same command with --resume goes on")
		return report, err
	case errors.As(err, &canary):
		return report, ours(err, "workbook doctor checks the machine", "the same command with --resume goes on once it is healthy")
	}
	return report, ours(err, "the same command with --resume goes on")
}

// batchProgress shows a bar with an estimate of the time that is left, on a terminal only.
func (a *app) batchProgress() func(batch.Progress) {
	show := a.progress("grading")
	if show == nil {
		return nil
	}
	start := time.Now()
	return func(p batch.Progress) {
		left := ""
		if n := p.Done - p.Before; n > 0 && p.Done < p.Total {
			left = "about " + (time.Since(start) * time.Duration(p.Total-p.Done) / time.Duration(n)).Round(time.Second).String() + " left "
		}
		show(p.Done, p.Total, left+p.What)
	}
}
