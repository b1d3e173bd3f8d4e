package sched

import (
	"encoding/json"
	"testing"
)

// RunJSON is Run for a job that comes as JSON, and returns the report as JSON. Where the schedules have left
// nothing behind, renew gives the rewritten packages the state in which a process begins, so that the test may
// run freely after them; else it is nil.
func RunJSON(t *testing.T, name string, job []byte, f func(*testing.T)) (report []byte, renew func(), err error) {
	var j Job
	if err := json.Unmarshal(job, &j); err != nil {
		return nil, nil, err
	}
	rep := Run(t, name, j, f)
	for _, text := range []*string{&rep.Message, &rep.Failures, &rep.Stack, &rep.Dump, &rep.RaceText} {
		if len(*text) > maxText {
			*text = (*text)[:maxText] + "\n…"
		}
	}
	if rep.Stopped == "exhausted" && rep.Abandoned == 0 {
		renew = reset
	}
	report, err = json.Marshal(rep)
	return report, renew, err
}

// reset gives the rewritten packages their initial state.
func reset() {
	noteReset()
	for _, f := range table.resets {
		f()
	}
}

// noteReset is hidden from the race detector: nothing orders it with what reads it in an earlier schedule.
//
//go:norace
func noteReset() { table.reset = true }

// maxText bounds the texts of a report that the program under test has a say in: a panic's, above all.
const maxText = 32 << 10
