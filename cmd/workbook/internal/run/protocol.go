package run

import "encoding/json"

// job is what the harness is asked, event what it answers. They are the harness's Job and Event
// (build/harness/protocol.go), which is compiled into another program; a test compares them.
type job struct {
	Nonce      string `json:"nonce"`
	Test       string `json:"test"`
	DeadlineMS int64  `json:"deadline_ms"`
	SettleMS   int64  `json:"settle_ms"`
	Timers     bool   `json:"timers"`
	Part       int    `json:"part,omitempty"`
	Bare       bool   `json:"bare,omitempty"`

	Schedule json.RawMessage `json:"schedule,omitempty"`
	Freely   bool            `json:"freely,omitempty"`
}

type event struct {
	Nonce   string `json:"nonce"`
	Event   string `json:"event"`
	Test    string `json:"test"`
	Failed  bool   `json:"failed,omitempty"`
	Skipped bool   `json:"skipped,omitempty"`
	Races   int    `json:"races,omitempty"`
	Leaked  int    `json:"leaked,omitempty"`
	Stuck   string `json:"stuck,omitempty"`
	Dump    string `json:"dump,omitempty"`

	Schedule json.RawMessage `json:"schedule,omitempty"`
	Detector string          `json:"detector,omitempty"`
}

// apply adds what an event says to a record.
func (r *Record) apply(e event) {
	switch e.Event {
	case "begin":
		r.Forged = r.Forged || r.Begun
		r.Begun = true
	case "done":
		r.Forged = r.Forged || r.Done || !r.Begun
		r.Done, r.Failed, r.Skipped = true, e.Failed, e.Skipped
		r.Races, r.Leaked, r.Dump, r.Schedule = e.Races, e.Leaked, e.Dump, e.Schedule
	case "stuck":
		r.Stuck, r.Races, r.Dump = e.Stuck, e.Races, e.Dump
	}
}
