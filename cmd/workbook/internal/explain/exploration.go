package explain

import (
	"encoding/json"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/verdict"
)

// exploration is what the scheduler reports of one hidden test: as much of schedule/sched.Report as a
// diagnosis needs. That package is linked into test binaries, not into this one; a test compares them.
type exploration struct {
	test string // the hidden test's name, of the record

	Found     bool      `json:"found"`
	Class     string    `json:"class"`
	Message   string    `json:"message"`
	By        int32     `json:"by"`
	At        site      `json:"at"`
	Schedule  string    `json:"schedule"`
	Number    int       `json:"number"`
	Confirmed int       `json:"confirmed"`
	Unsure    string    `json:"unconfirmable"`
	Tried     int       `json:"tried"`
	Alike     int       `json:"alike"`
	Started   []started `json:"goroutines"`
	Steps     []step    `json:"steps"`
	Waits     []waiting `json:"waits"`
	Failures  string    `json:"failures"`
	RaceText  string    `json:"race_text"`
	Stack     string    `json:"stack"`
	Dump      string    `json:"dump"`
	Schedules int       `json:"schedules"`
	Exhausted int       `json:"exhausted"`
	AtBound   int       `json:"at_bound"`
	Complete  bool      `json:"complete"`
	TooLong   int       `json:"inconclusive"`
	Nondet    int       `json:"nondet"`
	Stopped   string    `json:"stopped"`
	Cannot    string    `json:"cannot"`
}

// site is a scheduling point: it stands before the operation that it describes.
type site struct {
	Site int32  `json:"site"`
	File string `json:"file"`
	Line int    `json:"line"`
	Op   string `json:"op"`
	Text string `json:"text"`
	Part string `json:"part"` // of a statement that goes on: what was computed before this step
	Var  string `json:"var"`
}

// started is a goroutine of the schedule. Number 1 runs the test function.
type started struct {
	Num     int32 `json:"num"`
	Parent  int32 `json:"parent"`
	Started site  `json:"started"`
	Daemon  bool  `json:"daemon"`
	Ended   bool  `json:"ended"`
}

// step is one move: goroutine G went on from a point, and executed what follows it.
type step struct {
	G int32 `json:"g"`
	site
	Calls    []string `json:"calls"`
	Value    string   `json:"value"`
	Blocked  string   `json:"blocked"`
	Locks    []lock   `json:"locks"`
	Switched bool     `json:"switched"`
	Jump     bool     `json:"jump"`
}

// lock is one that a goroutine holds.
type lock struct {
	Object int    `json:"object"`
	Name   string `json:"name"`
	Read   bool   `json:"read"`
	Taken  site   `json:"taken"`
	By     int32  `json:"by"`
}

// waiting says what a goroutine was waiting for when the schedule ended.
type waiting struct {
	G int32 `json:"g"`
	site
	For     string `json:"for"`
	Object  int    `json:"object"`
	Name    string `json:"name"`
	Holders []lock `json:"holders"`
}

// maxReport bounds the bytes, maxSteps the steps of a report that are read: the scheduler's own are far
// below.
const (
	maxReport = 16 << 20
	maxSteps  = 4000
)

// explorations are the reports among the records, one a record.
func explorations(records []run.Record) []*exploration {
	var all []*exploration
	for _, r := range records {
		if x := decode(r.Schedule); x != nil {
			x.test = r.Test
			if x.RaceText == "" {
				x.RaceText = r.RaceText
			}
			all = append(all, x)
		}
	}
	return all
}

// decode reads a report; nil where it is none.
func decode(data []byte) *exploration {
	if len(data) == 0 || len(data) > maxReport {
		return nil
	}
	x := &exploration{Exhausted: -1}
	if json.Unmarshal(data, x) != nil {
		return nil
	}
	x.Steps = x.Steps[:min(len(x.Steps), maxSteps)]
	return x
}

// failing reports whether a record's schedule is a failing one: then its report tells all.
func failing(r run.Record) bool {
	x := decode(r.Schedule)
	return x != nil && x.Found
}

// explored puts the findings of the explorations in the place of those that the same tests' records
// made: a schedule tells more than its end.
func (s *source) explored(findings []verdict.Finding, xs []*exploration, class verdict.Class) []verdict.Finding {
	for _, x := range xs {
		if !x.Found {
			continue
		}
		f := verdict.Finding{Class: s.classOf(x), Test: x.test, Schedule: x.Schedule}
		s.found = append(s.found, x)
		at := -1
		var kept []verdict.Finding
		for i, o := range findings {
			if o.Test == f.Test && supersedes(f.Class, o.Class) {
				if at < 0 {
					at = i
				}
				continue
			}
			kept = append(kept, o)
		}
		switch {
		case f.Class == verdict.Race, at < 0 && f.Class == class:
			at = 0
		case at < 0, at > len(kept):
			at = len(kept)
		}
		findings = append(kept[:at:at], append([]verdict.Finding{f}, kept[at:]...)...)
	}
	return findings
}

// supersedes reports whether a finding of class c with a schedule says all that one of class o without
// one can say. Races are told apart by their variables instead.
func supersedes(c, o verdict.Class) bool {
	if c == verdict.NotConcurrent {
		return o == c || o == verdict.Deadlock || o == verdict.Wrong
	}
	return c == o && c != verdict.Race
}

// explorationOf is the failing schedule that a finding stands for, nil if it is not one.
func (s *source) explorationOf(f verdict.Finding) *exploration {
	for _, x := range s.found {
		if x.test == f.Test && x.Schedule == f.Schedule && s.classOf(x) == f.Class {
			return x
		}
	}
	return nil
}
