package harness

import "encoding/json"

// Job is what the grader asks of one process. It comes as one line of JSON.
type Job struct {
	Nonce      string `json:"nonce"`          // every event must repeat it
	Test       string `json:"test"`           // the hidden test to run
	DeadlineMS int64  `json:"deadline_ms"`    // for the test's own time
	SettleMS   int64  `json:"settle_ms"`      // for the goroutines that it leaves
	Timers     bool   `json:"timers"`         // a timer, a signal or a finalizer may wake a goroutine
	Part       int    `json:"part,omitempty"` // which program of a binary of several, from 1
	Bare       bool   `json:"bare,omitempty"` // no goroutine of the harness looks after the test, so that the runtime's own look for a deadlock works

	// Schedule is the scheduler's own job; without one the test runs freely. With Freely it does so besides,
	// after schedules of which none has failed: then there are two times "begin" and "done".
	Schedule json.RawMessage `json:"schedule,omitempty"`
	Freely   bool            `json:"freely,omitempty"`
}

// Event is what the harness says about the test, as one line of JSON.
type Event struct {
	Nonce   string `json:"nonce"`
	Event   string `json:"event"` // "begin", then "done" or "stuck", and "end" after "done"
	Test    string `json:"test"`
	Failed  bool   `json:"failed,omitempty"`
	Skipped bool   `json:"skipped,omitempty"`
	Races   int    `json:"races,omitempty"`
	Leaked  int    `json:"leaked,omitempty"`
	Stuck   string `json:"stuck,omitempty"` // "deadlock", "timeout" or "races"
	Dump    string `json:"dump,omitempty"`

	// Schedule is the scheduler's report, where it ran the test.
	Schedule json.RawMessage `json:"schedule,omitempty"`

	// Detector is what the canary found at the end, one of the constants; "" where the detector had
	// reported races already, which shows well enough that it works.
	Detector string `json:"detector,omitempty"`
}

// What the canary can find.
const (
	DetectorAlive = "alive"
	DetectorDead  = "dead" // it is in the binary, and did not report a race
	DetectorOff   = "off"  // it is not in the binary
)
