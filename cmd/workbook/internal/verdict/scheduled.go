package verdict

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule/sched"
)

// explored decodes the scheduler's report of a record, nil where there is none.
func explored(r run.Record) *sched.Report {
	if len(r.Schedule) == 0 {
		return nil
	}
	rep := new(sched.Report)
	if err := json.Unmarshal(r.Schedule, rep); err != nil {
		return nil
	}
	return rep
}

// Silent reports whether a record says nothing, for or against: the scheduler could not run the test, or
// had judged no schedule when it stopped. Another layer has to tell.
func Silent(r run.Record) bool {
	rep := explored(r)
	if rep == nil {
		return r.Scheduled && (r.Fault != "" || r.TimedOut || r.Signal != "") // running thousands of schedules may be too much where running one is not
	}
	return !rep.Found && (rep.Cannot != "" || rep.Inconclusive >= rep.Schedules)
}

// promised is the number of delays up to which every schedule of a right program is run.
const promised = 2

// unfinished returns the tests whose exploration ended before it had kept the promise.
func unfinished(records []run.Record) []string {
	var tests []string
	for _, r := range records {
		if rep := explored(r); rep != nil && !rep.Found && rep.Cannot == "" && rep.Exhausted < promised {
			tests = append(tests, fmt.Sprintf("%s stopped after %d schedules: %s", r.Test, rep.Schedules, rep.Stopped))
		}
	}
	return tests
}

// Against reports whether a record says anything against the submission.
func Against(r run.Record) bool { return len(evidence(r)) > 0 }

// scheduled returns what the schedules of a test say against the submission.
func scheduled(r run.Record) []Finding {
	if Silent(r) {
		return nil
	}
	rep := explored(r)
	if rep == nil {
		return died(r)
	}
	if !rep.Found {
		if r.Exit != 0 || r.Signal != "" || r.Failed || r.Races > 0 || !r.Done {
			return []Finding{{Class: Tampered, Test: r.Test, Raw: r.Output,
				Message: "no schedule of " + r.Test + " failed, and yet the program ended as one that fails"}}
		}
		if r.Blind {
			return []Finding{{Class: Tampered, Test: r.Test, Raw: r.Output, Message: blindMessage(r)}}
		}
		return nil
	}
	f := Finding{Class: Class(rep.Class), Test: r.Test, Schedule: rep.Schedule, Message: rep.Message}
	switch f.Class {
	case Race:
		found := races(run.Record{Test: r.Test, RaceText: rep.RaceText, Races: 1})
		found[0].Schedule = f.Schedule
		return found[:1]
	case Wrong:
		if said := run.Failures(rep.Failures); len(said) > 0 {
			f.Message = said[0]
		}
		f.Raw = f.Message
		if rest, ok := strings.CutPrefix(f.Message, notConcurrent); ok {
			f.Class, f.Message = NotConcurrent, rest
		}
	case Panic:
		f.Class = crashClass("panic: " + rep.Message)
		f.Raw = rep.Stack
		f.At = learnerLines(Panic, rep.Stack)
	case Deadlock, Leak:
		if f.Class == Deadlock && strings.Contains(rep.Dump, waitsForOthers) {
			f.Class, f.Message = NotConcurrent, oneAtATime
		}
		f.Raw = rep.Dump
		f.At = learnerLines(f.Class, rep.Dump)
	}
	return []Finding{f}
}

// died returns what is known of a test whose process ended before the scheduler could report.
func died(r run.Record) []Finding {
	plain := r
	plain.Scheduled = false
	found := evidence(plain)
	name, _ := sched.ReadJournal(r.Journal, nil)
	if name = string(bytes.TrimSpace([]byte(name))); name != "" {
		for i := range found {
			found[i].Schedule = name
		}
	}
	return found
}
