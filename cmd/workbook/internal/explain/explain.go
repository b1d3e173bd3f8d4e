// Package explain turns the evidence of a failed grading into a diagnosis.
//
// It reads race reports, panics, goroutine dumps and compiler messages as text, looks up the lines
// they name in the learner's source, and says what happened, why, and what is missing. It is pure:
// no process, no clock, no file; a text it cannot read leaves a finding as it was. Nothing of a
// hidden test's source is ever shown: its frames are "the test".
package explain

import (
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/check"
	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule"
	"workbook/cmd/workbook/internal/verdict"
)

// Input is what a diagnosis is made from.
type Input struct {
	Records []run.Record
	Files   map[string][]byte     // the learner's files, by path relative to the workspace
	Tree    string                // the folder that printed paths begin with; "" where they are relative
	Pkg     *check.Package        // the learner's package as type-checked; nil costs only types of imported packages
	Section func(ref string) bool // reports whether the course has a section; nil says that it has all
	Refused []schedule.Reason     // why the learner's package could not be rewritten for the scheduler

	// Allows reports whether the task allows a name of a package, such as "sync" and "Mutex": what it does not
	// allow no hint proposes. nil says that it allows everything.
	Allows func(pkg, name string) bool
}

// maxFindings bounds the findings of a verdict: what is beyond is the same mistakes over again.
const maxFindings = 8

// Verdict fills in what each finding of v says: message, places, hint, details and lesson. The text
// of a finding is its Raw; where that is empty, the record of its test. A race report with several
// variables makes several findings; those of several tests that tell of one mistake become one. A verdict that is
// not passing and has no finding gets those that its records tell.
//
// Records that explored schedules say how far that came, also of a pass, and draw the schedule that failed.
func Verdict(v *verdict.Verdict, in Input) {
	xs := explorations(in.Records)
	if len(xs) > 0 {
		if v.Explored = exploredText(xs); v.Explored != "" {
			v.Explored += endedText(in.Records)
		}
	}
	if v.Passed && len(xs) == 0 && len(in.Refused) == 0 {
		return
	}
	s := newSource(in)
	v.Notes = append(v.Notes, s.exploredNotes(xs, in.Refused)...)
	if v.Passed {
		return
	}
	if len(v.Findings) == 0 {
		v.Findings = fromRecords(in.Records)
	}
	v.Findings = s.explored(v.Findings, xs, v.Class)
	all := s.races(v.Findings, in.Records)
	for _, f := range v.Findings {
		for _, x := range s.explain(f, in.Records) {
			x.Test, x.Raw = f.Test, f.Raw
			if f.Schedule != "" && x.Schedule == "" {
				x.Schedule, x.Timeline = f.Schedule, f.Timeline
			}
			if i := slices.IndexFunc(all, func(o verdict.Finding) bool { return sameFinding(o, x) }); i < 0 {
				all = append(all, x)
			} else if all[i].Schedule == "" && x.Schedule != "" {
				all[i].Schedule, all[i].Timeline = x.Schedule, x.Timeline
			}
		}
	}
	v.Findings = all[:min(len(all), maxFindings)]
	for i := range v.Findings {
		s.drawDied(&v.Findings[i], in.Records)
		s.placeSomewhere(&v.Findings[i])
		v.Findings[i].Lesson = section(v.Findings[i], v.Lesson, in.Section)
		s.keepHint(&v.Findings[i])
	}
}

// sameFinding reports whether two findings tell of one mistake: that of wrong answers is in their
// words, that of others in their lines, since a second test may count more goroutines at them.
func sameFinding(a, b verdict.Finding) bool {
	if a.Class != b.Class || !slices.Equal(a.At, b.At) {
		return false
	}
	switch a.Class {
	case verdict.Leak, verdict.Deadlock, verdict.Timeout, verdict.Panic:
		return len(a.At) > 0 || a.Message == b.Message
	}
	return a.Message == b.Message
}

// section is the reference to show: the finding's own, or where the course lacks that section the lesson
// of the exercise. A wrong result says little about its cause: what its exercise is about is the best guess.
func section(f verdict.Finding, lesson string, has func(string) bool) string {
	ref := f.Lesson
	if ref == "" || has == nil {
		return ref
	}
	slug, _, _ := strings.Cut(ref, "#")
	switch {
	case f.Class == verdict.Wrong && slug != lesson && lesson != "":
		return lesson
	case has(ref):
		return ref
	case has(slug):
		return slug
	}
	return lesson
}

// fromRecords makes one bare finding for each record that tells of a mistake.
func fromRecords(records []run.Record) []verdict.Finding {
	var found []verdict.Finding
	for _, r := range records {
		f := verdict.Finding{Test: r.Test}
		switch {
		case failing(r):
			continue // told by explored
		case r.RaceText != "":
			f.Class = verdict.Race
		case r.Stuck == string(verdict.Deadlock):
			f.Class = verdict.Deadlock
		case r.Stuck != "" || r.TimedOut:
			f.Class = verdict.Timeout
		case len(r.Failures) > 0:
			f.Class = verdict.Wrong
		case r.Leaked > 0:
			f.Class = verdict.Leak
		case !r.Done:
			f.Class = verdict.Panic
		default:
			continue
		}
		found = append(found, f)
	}
	return found
}

// evidence is the text that tells of a finding.
func evidence(f verdict.Finding, records []run.Record) string {
	if f.Raw != "" {
		return f.Raw
	}
	for _, r := range records {
		if r.Test != f.Test {
			continue
		}
		text := r.Output
		switch f.Class {
		case verdict.Race:
			text = r.RaceText
		case verdict.Leak, verdict.Deadlock, verdict.Timeout:
			text = r.Dump
		case verdict.Wrong, verdict.NotConcurrent:
			text = strings.Join(r.Failures, "\n")
		}
		if text != "" {
			return text
		}
		if r.Output != "" {
			return r.Output
		}
	}
	return ""
}

// explain turns one bare finding into what it tells.
func (s *source) explain(f verdict.Finding, records []run.Record) []verdict.Finding {
	if x := s.explorationOf(f); x != nil {
		if f.Class == verdict.Race && len(parseReports(x.RaceText)) > 0 {
			return nil // told by races
		}
		return s.scheduled(f, x)
	}
	text := evidence(f, records)
	switch f.Class {
	case verdict.Build:
		return []verdict.Finding{s.build(f, text)}
	case verdict.Wrong, verdict.NotConcurrent:
		if f.Class == verdict.NotConcurrent && f.Message != "" || f.Message != "" && f.Raw == "" {
			text = f.Message // what there is of one that never overlapped may be a dump
		}
		return s.wrong(f, text)
	case verdict.Race:
		if len(parseReports(text)) > 0 {
			return nil // told by races
		}
		fallthrough
	case verdict.Panic, verdict.Deadlock, verdict.Timeout, verdict.Leak:
		if found := s.read(f, text); len(found) > 0 {
			return found
		}
	}
	return []verdict.Finding{fallback(f)}
}

// read finds out what kind of text it is, since a finding of one class may rest on the text of
// another: a race that the runtime noticed itself, a deadlock that ended in a panic.
func (s *source) read(f verdict.Finding, text string) []verdict.Finding {
	c, crashed := parseCrash(text)
	switch {
	case crashed && strings.HasPrefix(c.said, "deadlock: main bubble goroutine has exited"):
		return s.leaks(text)
	case crashed && (strings.HasPrefix(c.said, "deadlock: all goroutines in bubble") ||
		strings.HasPrefix(c.said, "all goroutines are asleep") || strings.HasPrefix(c.said, "test timed out")):
		if x, ok := s.stuck(text, f.Class); ok {
			return []verdict.Finding{x}
		}
		if strings.HasPrefix(c.said, "test timed out") {
			return nil
		}
	case f.Class == verdict.Leak:
		return s.leaks(text)
	case f.Class == verdict.Deadlock, f.Class == verdict.Timeout:
		if x, ok := s.stuck(text, f.Class); ok {
			return []verdict.Finding{x}
		}
	}
	if !crashed {
		return nil
	}
	return []verdict.Finding{s.panics(c, f.Class, false)}
}

// fallback is a finding whose text told nothing of the learner's lines.
func fallback(f verdict.Finding) verdict.Finding {
	t := Teach(f.Class)
	if f.Message == "" {
		f.Message = t.Title + "."
	}
	if f.Hint == "" {
		f.Hint = t.Hint
	}
	if f.Lesson == "" {
		f.Lesson = t.Lesson
	}
	return f
}
