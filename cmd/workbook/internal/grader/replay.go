package grader

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"workbook/cmd/workbook/internal/policy"
	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule/sched"
	"workbook/cmd/workbook/internal/verdict"
)

// ErrOtherProgram is returned for a schedule that was not found in this submission: schedules count
// steps, and every change of the program or of the hidden tests moves them.
var ErrOtherProgram = errors.New("this schedule belongs to another version of the program")

// Replay runs one schedule that a verdict named, and returns the verdict on it alone. The error is ErrOtherProgram
// or sched.ErrSchedule where there is no such schedule.
func (g *Grader) Replay(ctx context.Context, s Submission, name string) (verdict.Verdict, error) {
	start := time.Now()
	if err := sched.CheckSchedule(name); err != nil {
		return verdict.Verdict{}, err
	}
	in := verdict.Input{Exercise: s.Exercise.Name, Lesson: s.Exercise.Lesson, Tests: s.Exercise.Names}
	var seen inspection
	var built time.Duration
	if in.Findings = policy.Check(s.Exercise, s.Files); len(in.Findings) == 0 {
		bin, i, err := g.compile(ctx, s)
		if built, seen = time.Since(start), i; err != nil {
			return verdict.Verdict{}, err
		}
		if in.Findings = seen.findings; bin != nil && !bin.Scheduled {
			return verdict.Verdict{}, fmt.Errorf("replaying: %v", seen.notes)
		} else if bin != nil {
			job := g.job(s)
			job.Mode, job.Schedule = sched.Replay, name
			short, _ := divide(s.Exercise.Names)
			records, err := g.runSchedules(ctx, bin, run.Layer{Tests: short, Schedule: job})
			if err != nil {
				return verdict.Verdict{}, err
			}
			if in.Records = own(records); len(in.Records) == 0 {
				return verdict.Verdict{}, ErrOtherProgram
			}
			in.Tests = []string{in.Records[0].Test}
		}
	}
	v := verdict.Judge(in)
	g.explain(&v, s, in.Records, seen)
	v.BuildMS, v.ElapsedMS = built.Milliseconds(), time.Since(start).Milliseconds()
	v.RunMS = v.ElapsedMS - v.BuildMS
	if v.Passed {
		v.Title = "this schedule fails no test"
	}
	return v, nil
}

// own returns the record of the test that the schedule belongs to. The scheduler refuses the others.
func own(records []run.Record) []run.Record {
	for _, r := range records {
		var rep sched.Report
		if len(r.Schedule) == 0 && len(r.Journal) > 0 && r.Exit != 0 {
			return []run.Record{r} // the replay ended the process, as the schedule did
		}
		if json.Unmarshal(r.Schedule, &rep) == nil && rep.Cannot == "" {
			return []run.Record{r}
		}
	}
	return nil
}
