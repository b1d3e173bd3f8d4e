package survey

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule/sched"
	"workbook/cmd/workbook/internal/verdict"
)

// trial is what is known of one test so far.
type trial struct {
	*program
	name    string
	records []run.Record
	notes   []string
	always  bool // it fails freely, and in every schedule that was tried
}

// explore explores one test: once freely, then its schedules, or else freely some more.
func (p *program) explore(ctx context.Context, name string) (*trial, error) {
	t := &trial{program: p, name: name, notes: append([]string(nil), p.notes...)}
	free, err := t.run(ctx, run.Layer{Name: "free", Binary: p.free})
	if err != nil {
		return nil, err
	}
	if free.Skipped {
		t.notes = []string{"The test skipped itself, so nothing is known about it."}
		free.Skipped = false
		t.records = []run.Record{free}
		return t, nil
	}
	t.records = append(t.records, free)
	failed := verdict.Against(free)
	explored := false
	if why := t.why(); why != "" {
		t.notes = append(t.notes, unexplored(why))
	} else if p.scheduled != nil {
		if explored, err = t.schedules(ctx, failed); err != nil {
			return nil, err
		}
	}
	if explored || failed {
		return t, nil
	}
	return t, t.freely(ctx)
}

// why says why the test cannot be scheduled though its package can, "" where nothing speaks against it.
func (t *trial) why() string {
	if t.scheduled == nil {
		return ""
	}
	fn := t.testFunc(t.name)
	if fn == nil {
		return ""
	}
	return t.reach.why(fn)
}

// freely runs a test that the scheduler says nothing about at several numbers of processors.
func (t *trial) freely(ctx context.Context) error {
	for _, procs := range []int{1, 2, 2 * runtime.NumCPU()} {
		r, err := t.run(ctx, run.Layer{Name: "free", Binary: t.free, Procs: []int{procs}})
		if err != nil {
			return err
		}
		t.records = append(t.records, r)
		if verdict.Against(r) {
			break
		}
	}
	return nil
}

// run runs the test once in a process of its own.
func (t *trial) run(ctx context.Context, l run.Layer) (run.Record, error) {
	l.Tests, l.Alone = []string{t.name}, true
	plan := run.Plan{Limits: t.limits(), Layers: []run.Layer{l}, Environ: t.c.Environ, Inherit: true}
	records, err := plan.Run(ctx)
	if err != nil {
		return run.Record{}, err
	}
	r := records[0]
	r.Blind = false // nobody switches the race detector off to deceive himself, and its canary is not flown
	return r, nil
}

// job is the scheduler's job for the test: the same program gets the same schedules everywhere.
func (t *trial) job() sched.Job {
	j := t.c.Schedules
	j.Mode, j.Seed, j.Program = sched.Explore, binary.LittleEndian.Uint64(t.hash[:]), fmt.Sprintf("%x", t.hash[8:16])
	return j
}

// under runs the test under the scheduler. The report is nil where the process ended before it came.
func (t *trial) under(ctx context.Context, job sched.Job) (run.Record, *sched.Report, error) {
	r, err := t.run(ctx, run.Layer{Name: "schedules", Binary: t.scheduled, Schedule: &job})
	if err != nil || len(r.Schedule) == 0 {
		return r, nil, err
	}
	rep := new(sched.Report)
	if json.Unmarshal(r.Schedule, rep) != nil {
		return r, nil, nil
	}
	return r, rep, nil
}

// schedules explores the test's schedules. It reports whether that says all: other runs need not follow.
func (t *trial) schedules(ctx context.Context, failed bool) (said bool, err error) {
	r, rep, err := t.under(ctx, t.job())
	if err != nil {
		return false, err
	}
	switch {
	case rep == nil && (r.Fault != "" || r.TimedOut || r.Signal != ""):
		t.notes = append(t.notes, unexplored("the process that ran them was ended "+ended(r)))
		return false, nil
	case rep != nil && rep.Skipped && !rep.Found:
		t.notes = append(t.notes, unexplored("the test skips itself there"))
		return false, nil
	case rep != nil && !rep.Found && (rep.Cannot != "" || rep.Inconclusive >= rep.Schedules):
		t.records = append(t.records, r) // its note says why
		return false, nil
	}
	if !verdict.Against(r) {
		t.records = append(t.records, r)
		return true, nil
	}
	doubt, err := t.doubt(ctx, found{r, rep}, failed)
	if err != nil {
		return false, err
	}
	if doubt != "" {
		t.notes = append(t.notes, doubt)
		return false, nil
	}
	t.records = append(t.records, r)
	return true, nil
}

func ended(r run.Record) string {
	switch {
	case r.Fault != "":
		return "by a fault: " + r.Fault
	case r.Signal != "":
		return "by the system (signal: " + r.Signal + ")"
	}
	return "when its time was over"
}

// found is a failing exploration.
type found struct {
	record run.Record
	report *sched.Report // nil where the process died of the schedule
}

// schedule is the string that replays it, "" where none is known.
func (f found) schedule() string {
	if f.report != nil {
		return f.report.Schedule
	}
	name, _ := sched.ReadJournal(f.record.Journal, nil)
	return string(bytes.TrimSpace([]byte(name)))
}

// classOf is the class of one record alone.
func classOf(r run.Record) verdict.Class {
	return verdict.Judge(verdict.Input{Tests: []string{r.Test}, Records: []run.Record{r}}).Class
}

// doubt says why a failing schedule does not count, "" where it does: see the rules of the package.
func (t *trial) doubt(ctx context.Context, f found, failed bool) (string, error) {
	class := classOf(f.record)
	name := f.schedule()
	again, job := run.Record{}, t.job()
	job.Mode, job.Schedule = sched.Replay, name
	if name != "" {
		var err error
		if again, _, err = t.under(ctx, job); err != nil {
			return "", err
		}
	}
	if name == "" || classOf(again) != class {
		return fmt.Sprintf("A schedule of %s failed (%s), but not when it ran in a process of its own, so it does not count: "+
			"something that is not set back before a schedule plays a part, such as the state of another module.", t.name, t.said(f, class)), nil
	}
	if class != verdict.Wrong && class != verdict.Panic {
		return "", nil
	}
	depends, err := t.depends(ctx, f)
	if depends || err != nil {
		return "", err
	}
	if t.always = failed; failed {
		return "It fails in every schedule that was tried, too.", nil
	}
	return fmt.Sprintf("%s fails in every schedule that was tried (%s) and passes when it runs freely, so this does not count: "+
		"it seems to need the real clock or several processors.", t.name, t.said(f, class)), nil
}

// said is the first line of what a failing schedule said.
func (t *trial) said(f found, class verdict.Class) string {
	text := ""
	if f.report != nil {
		text, _, _ = strings.Cut(strings.TrimSpace(f.report.Message), "\n")
	}
	if text == "" || strings.EqualFold(text, string(class)) {
		return string(class)
	}
	return string(class) + ": " + text
}

// depends reports whether the test passes in some schedules.
func (t *trial) depends(ctx context.Context, f found) (bool, error) {
	if f.report != nil && f.report.Number > 1 {
		return true, nil
	}
	plain := t.job()
	plain.KeepSchedule, plain.NoTrace = true, true
	plain.PCT, plain.Random, plain.Schedules = -1, -1, 100 // begins with the schedule without a delay
	probes := []sched.Job{plain}
	for i := range uint64(3) {
		random := plain
		random.Random, random.Bound, random.Seed = 20, -1, plain.Seed+1+i
		probes = append(probes, random)
	}
	for _, job := range probes {
		_, rep, err := t.under(ctx, job)
		if err != nil {
			return false, err
		}
		if rep != nil && (rep.Found && rep.Number > 1 || !rep.Found && rep.Schedules > rep.Inconclusive) {
			return true, nil
		}
	}
	return false, nil
}

// replay runs one schedule of the test.
func (p *program) replay(ctx context.Context, name, schedule string) (*trial, error) {
	t := &trial{program: p, name: name}
	if p.scheduled == nil {
		return nil, fmt.Errorf("replaying: %s", strings.Join(p.notes, " "))
	}
	job := t.job()
	job.Mode, job.Schedule = sched.Replay, strings.TrimPrefix(schedule, name+"/")
	if err := sched.CheckSchedule(job.Schedule); err != nil {
		return nil, err
	}
	r, rep, err := t.under(ctx, job)
	if err != nil {
		return nil, err
	}
	if rep != nil && rep.Cannot != "" && rep.Schedules == 0 {
		return nil, ErrOtherProgram
	}
	t.records = []run.Record{r}
	return t, nil
}
