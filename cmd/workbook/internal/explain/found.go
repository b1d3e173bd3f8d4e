package explain

import (
	"fmt"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// insideOverlap is the kit's function in which a test waits until enough goroutines are inside at once,
// notConcurrent what a failure text about the same begins with.
const (
	insideOverlap = "(*Overlap).Inside"
	notConcurrent = "not concurrent: "
)

// classOf is the class of a failing schedule.
func (s *source) classOf(x *exploration) verdict.Class {
	switch c := verdict.Class(x.Class); c {
	case verdict.Deadlock:
		if strings.Contains(x.Dump, insideOverlap) {
			return verdict.NotConcurrent
		}
		return c
	case verdict.Wrong:
		if said := failures(x); len(said) > 0 && strings.HasPrefix(said[0], notConcurrent) {
			return verdict.NotConcurrent
		}
		return c
	case verdict.Race, verdict.Panic, verdict.Leak:
		return c
	}
	return verdict.Wrong
}

// failures are the sentences that the hidden test left in a failing schedule.
func failures(x *exploration) []string {
	if said := clean(x.Failures); len(said) > 0 {
		return said
	}
	return clean(x.Message)
}

// scheduled turns a failing schedule into what it tells. Races are told by races.
func (s *source) scheduled(f verdict.Finding, x *exploration) []verdict.Finding {
	moves := s.moves(x)
	var found []verdict.Finding
	var marks []*move
	switch f.Class {
	case verdict.Wrong:
		found, marks = s.wrongIn(f, x, moves)
	case verdict.NotConcurrent:
		found, marks = s.oneAtATime(f, x, moves)
	case verdict.Panic:
		found, marks = s.panicIn(f, x, moves)
	case verdict.Deadlock:
		if d, ok := s.stuckIn(s.exactWaiters(x), f.Class); ok {
			found = append(found, d)
		}
	case verdict.Leak:
		found = s.leaksIn(s.exactWaiters(x))
	}
	if f.Class == verdict.Deadlock || f.Class == verdict.Leak {
		marks = finals(moves)
	}
	if len(found) == 0 {
		found = []verdict.Finding{fallback(f)}
	}
	for i := range found {
		s.finish(&found[i], x, moves, marks)
	}
	return found
}

// finals are the steps that wait when the schedule ends.
func finals(moves []*move) []*move {
	var all []*move
	for _, m := range moves {
		if m.final {
			all = append(all, m)
		}
	}
	return all
}

// finish adds the schedule to a finding.
func (s *source) finish(f *verdict.Finding, x *exploration, moves, marks []*move) {
	f.Schedule = x.Schedule
	drawn, left := s.timeline(moves, marks)
	f.Timeline = drawn
	if left != "" {
		f.Detail = append(f.Detail, left)
	}
	if x.Confirmed < 2 && x.Unsure == "" {
		f.Detail = append(f.Detail, fmt.Sprintf("%d of 2 replays of the schedule ended in the same way: the program depends on something else too, such as the order of a map, random numbers or the clock.", x.Confirmed))
	}
}

// wrongIn is the hidden test's own sentence, and what came between two steps.
func (s *source) wrongIn(f verdict.Finding, x *exploration, moves []*move) ([]verdict.Finding, []*move) {
	said := failures(x)
	if len(said) == 0 {
		said = []string{Teach(verdict.Wrong).Title + "."}
	}
	f.Message, f.Detail = said[0], said[1:min(len(said), 6)]
	t := Teach(f.Class)
	f.Hint, f.Lesson = t.Hint, t.Lesson
	torn := s.between(moves)
	if torn == nil {
		if text := s.interruption(moves); text != "" {
			f.Detail = append(f.Detail, text)
		}
		if fn := s.mentioned(f.Message); fn != nil {
			f.At = []verdict.Place{s.at(fn.file, fn.line, "function")}
		}
		return []verdict.Finding{f}, nil
	}
	f.Message = sentenceEnd(f.Message) + " " + torn.sentence(s)
	f.At = s.tornPlaces(torn)
	f.Hint = s.tornHint(torn)
	return []verdict.Finding{f}, []*move{torn.last}
}

// sentenceEnd is a text that a sentence can follow.
func sentenceEnd(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

func (s *source) tornPlaces(t *torn) []verdict.Place {
	var at []verdict.Place
	role := func(m *move) string {
		switch does := m.does(); {
		case m.Op == "close":
			return "closes"
		case does&writes != 0:
			return "write"
		}
		return "read"
	}
	if t.first != nil {
		at = addPlace(at, s.at(t.first.name, t.first.Line, role(t.first)))
	}
	at = addPlace(at, s.at(t.last.name, t.last.Line, role(t.last)))
	for _, m := range t.by {
		if m.G == t.by[0].G {
			at = addPlace(at, s.at(m.name, m.Line, "comes between"))
		}
	}
	return at
}

// tornHint says what would hold the two steps together.
func (s *source) tornHint(t *torn) string {
	first, last := s.exactHeld(t.first.Locks), s.exactHeld(t.last.Locks)
	from, to := s.spot0(t.first), s.spot0(t.last)
	for _, a := range first {
		for _, b := range last {
			if a.id == b.id && a.id != 0 {
				return fmt.Sprintf("%s is unlocked between %s and %s: hold it over both, so that nobody comes between them.", a.text, from, to)
			}
		}
	}
	switch {
	case t.first.Op == "atomic" && t.last.Op == "atomic" && t.last.does()&writes != 0:
		return fmt.Sprintf("Two atomic operations are two steps: make them one, with Add, or with CompareAndSwap of the value read at %s, in a loop.", from)
	case t.first.Op == "map":
		return "A check and an act on a sync.Map are two steps: use LoadOrStore, LoadAndDelete or CompareAndSwap, which are one."
	case from == to:
		return "Make the steps one: hold one lock from the first to the last of them."
	}
	return fmt.Sprintf("Make %s to %s one step: hold one lock over both, or check again under the lock that the second one holds.", from, to)
}

// panicIn is the panic, and which steps lead to it.
func (s *source) panicIn(f verdict.Finding, x *exploration, moves []*move) ([]verdict.Finding, []*move) {
	text := x.Message
	if !strings.HasPrefix(text, "fatal error: ") && !strings.HasPrefix(text, "panic: ") {
		text = "panic: " + text
	}
	c, ok := parseCrash(text + "\n\n" + x.Stack)
	if !ok {
		return nil, nil
	}
	if len(c.stack) == 0 && x.At.File != "" {
		c.stack = []frame{{file: x.At.File, line: x.At.Line}}
	}
	d := s.panics(c, f.Class)
	var last *move
	for _, m := range moves {
		if m.G == x.By {
			last = m
		}
	}
	if last == nil {
		return []verdict.Finding{d}, nil
	}
	if torn := before(moves, last); torn != nil {
		d.Message = sentenceEnd(d.Message) + " " + torn.sentence(s)
		for _, p := range s.tornPlaces(torn) {
			if p.Line != last.Line {
				d.At = addPlace(d.At, p)
			}
		}
	}
	return []verdict.Finding{d}, []*move{last}
}

// oneAtATime says what kept the calls from overlapping.
func (s *source) oneAtATime(f verdict.Finding, x *exploration, moves []*move) ([]verdict.Finding, []*move) {
	t := Teach(f.Class)
	f.Hint, f.Lesson = t.Hint, t.Lesson
	f.Message = "Your program does one thing after another where several could be under way."
	if said := failures(x); x.Class == string(verdict.Wrong) && len(said) > 0 {
		f.Message = sentenceEnd(capital(strings.TrimPrefix(said[0], notConcurrent)))
		f.Detail = said[1:min(len(said), 6)]
	}
	if call, h := s.heldWhileCalling(x, moves); call != nil {
		f.Message += fmt.Sprintf(" %s holds %s (locked at %s) while %s runs, so no other call can come in.", capital(name(call.G)), h.text, s.lockedAt(h), s.spot0(call))
		f.Hint = fmt.Sprintf("Unlock %s before %s, and lock it again for the result; mind that things may have changed in between.", h.text, s.spot0(call))
		f.At = addPlace([]verdict.Place{s.at(call.name, call.Line, "calls")}, s.at(h.fn.file, h.line, "holds"))
		return []verdict.Finding{f}, []*move{call}
	}
	if start, wait := s.waitsBetweenStarts(x, moves); wait != nil {
		f.Message += fmt.Sprintf(" %s starts a goroutine at %s and waits at %s before it starts the next one.", capital(name(start.G)), s.spot0(start), s.spot0(wait))
		f.Hint = fmt.Sprintf("Start all the goroutines first, and wait for them after the loop: %s belongs behind it.", s.spot0(wait))
		f.At = addPlace([]verdict.Place{s.at(wait.name, wait.Line, "waits")}, s.at(start.name, start.Line, "started"))
		return []verdict.Finding{f}, []*move{wait}
	}
	if fn := s.mentioned(f.Message); fn != nil {
		f.At = []verdict.Place{s.at(fn.file, fn.line, "function")}
	}
	return []verdict.Finding{f}, finals(moves)
}

// heldWhileCalling finds a call of the test's function that is made with a lock held.
func (s *source) heldWhileCalling(x *exploration, moves []*move) (*move, held) {
	for _, m := range moves {
		next := m.index + 1
		for next < len(x.Steps) && x.Steps[next].G != m.G {
			next++
		}
		if next == len(x.Steps) || m.Op != "call" || s.files[s.relative(x.Steps[next].File)] != nil {
			continue
		}
		for _, h := range s.exactHeld(m.Locks) {
			if !h.read {
				return m, h
			}
		}
	}
	return nil, held{}
}

// waitsBetweenStarts finds a goroutine that waits between two go statements.
func (s *source) waitsBetweenStarts(x *exploration, moves []*move) (start, wait *move) {
	waits := []string{"recv", "wait", "select", "condwait", "send"}
	for i, m := range moves {
		if m.Op != "go" {
			continue
		}
		wait = nil
		for _, o := range moves[i+1:] {
			switch {
			case o.G != m.G:
			case o.Op == "go" && o.Site == m.Site && wait != nil:
				return m, wait
			case slices.Contains(waits, o.Op) && wait == nil:
				wait = o
			}
		}
	}
	return nil, nil
}
