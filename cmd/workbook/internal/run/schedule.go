package run

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// state is a point of an exploration that another process can go on from.
type state = sched.State

// maxProcesses bounds how many processes explore one test, one after another.
const maxProcesses = 8

// schedule returns the scheduler's job for the process as JSON, nil where the test runs freely.
func (x process) schedule() ([]byte, error) {
	if x.Schedule == nil {
		return nil, nil
	}
	job := *x.Schedule
	job.Journal, job.Timers = x.journalFile(), x.Binary.Timers
	job.Resume = x.resume
	text, err := json.Marshal(job)
	if err != nil {
		return nil, fmt.Errorf("writing the scheduler's job: %w", err)
	}
	return text, nil
}

func (x process) journalFile() string { return filepath.Join(x.dir, "journal") }

// journal returns what the scheduler noted of the schedule that the process died in.
func (x process) journal() []byte {
	if x.Schedule == nil {
		return nil
	}
	text, _ := os.ReadFile(x.journalFile()) // without one there is no schedule to tell
	return text
}

// goesOn reports whether the scheduler wants a new process, because goroutines that no schedule will
// ever end fill this one, and sets where the new one begins.
func (x *process) goesOn(r *Record) bool {
	var report struct {
		Recycle *state `json:"recycle"`
	}
	if len(r.Schedule) == 0 || json.Unmarshal(r.Schedule, &report) != nil || report.Recycle == nil {
		return false
	}
	x.resume = report.Recycle
	x.processes++
	return x.processes < maxProcesses
}
