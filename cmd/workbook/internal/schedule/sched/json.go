package sched

import (
	"encoding/json"
	"testing"
)

// RunJSON is Run for a job that comes as JSON, and returns the report as JSON.
func RunJSON(t *testing.T, name string, job []byte, f func(*testing.T)) ([]byte, error) {
	var j Job
	if err := json.Unmarshal(job, &j); err != nil {
		return nil, err
	}
	rep := Run(t, name, j, f)
	for _, text := range []*string{&rep.Message, &rep.Failures, &rep.Stack, &rep.Dump, &rep.RaceText} {
		if len(*text) > maxText {
			*text = (*text)[:maxText] + "\n…"
		}
	}
	return json.Marshal(rep)
}

// maxText bounds the texts of a report that the program under test has a say in: a panic's, above all.
const maxText = 32 << 10
