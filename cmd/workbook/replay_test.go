package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// lostUpdate is a Counter that loses updates in some schedules.
const lostUpdate = `package counter

import "sync/atomic"

type Counter struct{ n atomic.Int64 }

func (c *Counter) Inc()            { c.Add(1) }
func (c *Counter) Add(delta int64) { c.n.Store(c.n.Load() + delta) }
func (c *Counter) Value() int64    { return c.n.Load() }
func (c *Counter) Reset() int64    { return c.n.Swap(0) }
`

// TestReplay runs the schedule that a verdict has named, again and again, and others that there are not.
func TestReplay(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "ws", "exercises", "atomicity", "counter", "counter.go")
	run := func(want int, args ...string) string {
		t.Helper()
		cmd := exec.Command("workbook", args...)
		cmd.Dir, cmd.Env = home, append(os.Environ(), "HOME="+home, "GOCACHE="+goEnv("GOCACHE"))
		var said strings.Builder
		cmd.Stderr = &said
		out, _ := cmd.Output()
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Fatalf("workbook %q: exit status %d, want %d\n%s%s", args, got, want, out, &said)
		}
		if want == 2 {
			return said.String()
		}
		return string(out)
	}
	save := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	run(0, "init", "ws")
	save(lostUpdate)
	var v struct {
		Findings []struct{ Message, Schedule string }
	}
	if err := json.Unmarshal([]byte(run(1, "check", "counter", "--dir", "ws", "--json")), &v); err != nil || len(v.Findings) == 0 || v.Findings[0].Schedule == "" {
		t.Fatalf("%v, %+v: no schedule", err, v)
	}
	name := v.Findings[0].Schedule
	for range 3 {
		if out := run(1, "replay", "counter", name, "--dir", "ws", "--plain"); !strings.Contains(out, "an update was lost") || !strings.Contains(out, "counter.go:8") {
			t.Errorf("replay %s says\n%s", name, out)
		}
	}
	if out := run(2, "replay", "counter", "zzz", "--dir", "ws"); !strings.Contains(out, `"zzz": not a schedule string`) || !strings.Contains(out, "hint: workbook check counter") {
		t.Errorf("replay zzz says\n%s", out)
	}
	save(strings.Replace(lostUpdate, "Store(c.n.Load() + delta)", "Add(delta)", 1))
	if out := run(2, "replay", "counter", name, "--dir", "ws"); !strings.Contains(out, "another version of the program") {
		t.Errorf("replay of another program says\n%s", out)
	}
	run(2, "replay", "counter", "--dir", "ws")
	run(2, "replay", "contr", name, "--dir", "ws")
}
