package sched_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// TestChild is no test of its own: it runs one scenario as the environment says, in a process that
// other tests have started, and writes the report.
func TestChild(t *testing.T) {
	name := os.Getenv("SCHED_CHILD")
	if name == "" {
		t.Skip("runs in child processes only")
	}
	var job sched.Job
	if err := json.Unmarshal([]byte(os.Getenv("SCHED_JOB")), &job); err != nil {
		t.Fatal(err)
	}
	f := childScenario(name)
	if f == nil {
		t.Fatalf("no scenario %q", name)
	}
	if strings.HasPrefix(name, "daemons") {
		sched.OnReset(startDaemon)
	}
	if name == "init" {
		if os.Getenv("SCHED_FREE") != "" {
			os.Unsetenv(sched.EnvVar)
		}
		sched.Init(func() {})
	}
	rep := sched.Run(t, name, job, f)
	out, err := json.Marshal(rep)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("SCHED_OUT"), out, 0o600); err != nil {
		t.Fatal(err)
	}
}

func childScenario(name string) func(*testing.T) {
	for _, s := range scenarios {
		if name == s.name+"/bug" {
			return s.bug
		}
		if name == s.name+"/ok" {
			return s.ok
		}
	}
	return childScenarios[name]
}
