package explain

import (
	"fmt"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// oneAtATime says what kept the calls from overlapping, and which steps show it.
func (s *source) oneAtATime(f verdict.Finding, x *exploration, moves []*move) ([]verdict.Finding, view) {
	t := Teach(f.Class)
	f.Hint, f.Lesson = t.Hint, t.Lesson
	f.Message = underWay(x)
	if said := failures(x); x.Class == string(verdict.Wrong) && len(said) > 0 {
		f.Message = sentenceEnd(upper(strings.TrimPrefix(said[0], notConcurrent)))
		f.Detail = said[1:min(len(said), 6)]
	}
	if call, h := s.heldWhileCalling(x, moves); call != nil {
		f.Message += fmt.Sprintf(" %s holds %s (locked at %s) while %s runs, so no other goroutine gets past that lock.",
			capital(name(call.G)), h.text, s.lockedAt(h), s.spot0(call))
		f.Hint = fmt.Sprintf("Unlock %s before %s, and lock it again for the result; mind that things may have changed in between.", h.text, s.spot0(call))
		f.At = addPlace([]verdict.Place{s.at(call.name, call.Line, "calls")}, s.at(h.fn.file, h.line, "holds"))
		return []verdict.Finding{f}, view{moves: moves, marks: []*move{call}}
	}
	if start, wait, next := s.waitsBetweenStarts(moves); wait != nil {
		f.Message += fmt.Sprintf(" %s starts a goroutine at %s and waits at %s before it starts the next one.", capital(name(start.G)), s.spot0(start), s.spot0(wait))
		f.Hint = fmt.Sprintf("Start all the goroutines first, and wait for them after the loop: %s belongs behind it.", s.spot0(wait))
		f.At = addPlace([]verdict.Place{s.at(wait.name, wait.Line, "waits")}, s.at(start.name, start.Line, "started"))
		return []verdict.Finding{f}, view{moves: upTo(moves, []*move{next}), marks: []*move{wait}}
	}
	if fn := s.mentioned(f.Message); fn != nil {
		f.At = []verdict.Place{s.at(fn.file, fn.line, "function")}
	}
	return []verdict.Finding{f}, view{moves: moves, marks: finals(moves)}
}

// underWay says how many calls were inside when nothing moved any more.
func underWay(x *exploration) string {
	n := 0
	for _, g := range parseDump(x.Dump) {
		if slices.ContainsFunc(g.stack, func(f frame) bool { return strings.Contains(f.fn, insideOverlap) }) {
			n++
		}
	}
	switch n {
	case 0:
		return "Your program does one thing after another where several could be under way."
	case 1:
		return "Not concurrent: 1 call was under way and waited for another one to overlap with, and that one could not begin."
	}
	return fmt.Sprintf("Not concurrent: %d calls were under way and waited for another one to overlap with, and that one could not begin.", n)
}

// upper begins a sentence with a capital letter.
func upper(s string) string {
	if s != "" && 'a' <= s[0] && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
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

// waitsBetweenStarts finds a goroutine that waits between two runs of a go statement.
func (s *source) waitsBetweenStarts(moves []*move) (start, wait, next *move) {
	waits := []string{"recv", "wait", "select", "condwait"}
	for i, m := range moves {
		if m.Op != "go" {
			continue
		}
		wait = nil
		for _, o := range moves[i+1:] {
			switch {
			case o.G != m.G:
			case o.Op == "go" && o.Site == m.Site && wait != nil:
				return m, wait, o
			case o.Op == "go" && o.Site == m.Site:
				return nil, nil, nil // it starts several before it waits
			case slices.Contains(waits, o.Op) && wait == nil:
				wait = o
			}
		}
	}
	return nil, nil, nil
}
