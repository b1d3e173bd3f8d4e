package sched

import (
	"fmt"
	"slices"
)

// A scenario with few schedules has all of them run, and no samples: where at most fewDelayed schedules have
// at most one delay and few have two, every schedule is tried for, up to whole of them. Most scenarios of two
// goroutines with a call or two each have 6 to 100.
const (
	fewDelayed = 6
	few        = 22
	whole      = 150
)

// phase is one strategy's part of the exploration.
type phase struct {
	name  string
	limit int  // schedules; of the exhaustive phases 0 for none
	bound int  // of the exhaustive phases
	kind  byte // planDeviations for these
	salt  uint64

	after string // the phase is left out unless the exhaustive one of this name had
	most  int    // so many schedules at most
}

func (e *explorer) phases() []phase {
	samples := []phase{
		{name: "pct", limit: e.job.PCT, kind: planPCT, salt: 1},
		{name: "random", limit: e.job.Random, kind: planRandom, salt: 2},
	}
	var all []phase
	for b := range e.job.Bound + 1 {
		all = append(all, phase{name: fmt.Sprintf("delay %d", b), bound: b, kind: planDeviations})
	}
	switch {
	case len(all) <= 1:
		all = append(all, samples...)
	case len(all) == 2:
		all = slices.Concat(all[:1], samples, all[1:])
	default:
		second := all[2]
		second.after, second.most = all[1].name, fewDelayed
		every := phase{name: "every schedule", bound: maxDecisions, limit: whole, kind: planDeviations, after: second.name, most: few}
		all = slices.Concat(all[:2], []phase{second, every}, samples, all[2:])
	}
	if e.job.Extra > 0 {
		half := (e.job.Extra + 1) / 2
		all = append(all,
			phase{name: "more pct", limit: half, kind: planPCT, salt: 3},
			phase{name: "more random", limit: e.job.Extra - half, kind: planRandom, salt: 4},
			phase{name: fmt.Sprintf("delay %d", e.job.Bound+1), bound: e.job.Bound + 1, kind: planDeviations})
	}
	return all
}

// due reports whether an exhaustive phase has something to do, or has begun in an earlier process.
func (e *explorer) due(ph phase) bool {
	if done := e.phase(ph.name); done != nil && e.state.Index == 0 {
		return false
	}
	before := e.phase(ph.after)
	return ph.after == "" || before != nil && before.Exhausted && before.Schedules <= ph.most
}

// phase is what the report says of a phase, nil where none of its schedules have run.
func (e *explorer) phase(name string) *Phase {
	for i := range e.rep.Phases {
		if p := &e.rep.Phases[i]; p.Name == name {
			return p
		}
	}
	return nil
}
