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
	return json.Marshal(Run(t, name, j, f))
}
