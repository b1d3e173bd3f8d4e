package explain

import (
	"encoding/json"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule/sched"
	"workbook/cmd/workbook/internal/verdict"
)

// drawDied draws the schedule of a process that died of it: there is no report then, but the journal of a replay has
// the steps up to the end.
func (s *source) drawDied(f *verdict.Finding, records []run.Record) {
	if f.Timeline != nil || f.Schedule == "" {
		return
	}
	for _, r := range records {
		if r.Test != f.Test || len(r.Schedule) > 0 || len(r.Journal) == 0 || len(r.Journal) > maxReport {
			continue
		}
		x := journalled(r)
		if x == nil || x.Schedule != f.Schedule {
			continue
		}
		moves := s.moves(x)
		if len(moves) == 0 {
			return
		}
		mark := moves[len(moves)-1]
		for _, m := range moves {
			if len(f.At) > 0 && m.name == f.At[0].File && m.Line == f.At[0].Line {
				mark = m
			}
		}
		drawn, notes := view{moves: upTo(moves, []*move{mark}), marks: []*move{mark}}.timeline()
		f.Timeline, f.Detail = drawn, append(f.Detail, notes...)
		return
	}
}

// journalled is the exploration that a journal with steps tells of; nil where it has none.
func journalled(r run.Record) *exploration {
	name, steps := sched.ReadJournal(r.Journal, nil)
	if len(steps) == 0 {
		return nil
	}
	text, err := json.Marshal(steps)
	if err != nil {
		return nil
	}
	x := &exploration{test: r.Test, Found: true, Class: string(verdict.Panic), Schedule: name, Exhausted: -1}
	if json.Unmarshal(text, &x.Steps) != nil {
		return nil
	}
	x.Steps = x.Steps[:min(len(x.Steps), maxSteps)]
	return x
}
