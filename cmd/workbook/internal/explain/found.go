package explain

import (
	"fmt"
	"go/types"
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
	v := view{moves: moves}
	var found []verdict.Finding
	switch f.Class {
	case verdict.Wrong:
		found, v = s.wrongIn(f, x, moves)
	case verdict.NotConcurrent:
		found, v = s.oneAtATime(f, x, moves)
	case verdict.Panic:
		found, v = s.panicIn(f, x, moves)
	case verdict.Deadlock:
		if d, ok := s.stuckIn(s.exactWaiters(x), f.Class); ok {
			found = append(found, d)
		} else if d, waits, ok := s.testWaits(f, x); ok {
			found = append(found, d)
			moves = append(moves, waits)
			v.moves = moves
		}
	case verdict.Leak:
		found = s.leaksIn(s.exactWaiters(x))
	}
	if len(found) == 0 {
		found = []verdict.Finding{fallback(f)}
	}
	for i := range found {
		if f.Class == verdict.Deadlock || f.Class == verdict.Leak {
			v.marks = stops(moves, found[i])
			if f.Class == verdict.Deadlock && len(v.marks) > 1 {
				v.about, v.marks = v.marks, v.marks[len(v.marks)-1:]
			}
			for _, m := range v.marks {
				if text := s.signals(moves, m); text != "" {
					found[i].Detail = append(found[i].Detail, text)
				}
			}
		}
		finish(&found[i], x, v)
	}
	return found
}

// stops are the steps at which the goroutines that a finding is about wait for ever. The last one of a
// deadlock made it inevitable.
func stops(moves []*move, f verdict.Finding) []*move {
	var all []*move
	if n := len(moves); n > 0 && moves[n-1].said != "" {
		return moves[n-1:]
	}
	for _, m := range finals(moves) {
		if slices.ContainsFunc(f.At, func(p verdict.Place) bool {
			return p.File == m.name && p.Line == m.Line && strings.Contains(p.Role, "blocked")
		}) {
			all = append(all, m)
		}
	}
	return all
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
func finish(f *verdict.Finding, x *exploration, v view) {
	f.Schedule = x.Schedule
	v.daemons = x.daemons()
	drawn, notes := v.timeline()
	f.Timeline = drawn
	f.Detail = append(f.Detail, notes...)
	if n := jumps(x); n > 0 {
		f.Detail = append(f.Detail, fmt.Sprintf("In this schedule time passes %s while goroutines still have something to do, as on a busy machine.", times(n)))
	}
	if x.Confirmed < 2 && x.Unsure == "" {
		f.Detail = append(f.Detail, fmt.Sprintf("%d of 2 replays of the schedule ended in the same way: the program depends on something else too, such as the order of a map, random numbers or the clock.", x.Confirmed))
	}
}

// jumps counts the timers that the schedule let fire early.
func jumps(x *exploration) int {
	n := 0
	for _, st := range x.Steps {
		if st.Jump {
			n++
		}
	}
	return n
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// wrongIn is the hidden test's own sentence, and what came between two steps.
func (s *source) wrongIn(f verdict.Finding, x *exploration, moves []*move) ([]verdict.Finding, view) {
	said := failures(x)
	if len(said) == 0 {
		said = []string{Teach(verdict.Wrong).Title + "."}
	}
	f.Message, f.Detail = said[0], said[1:min(len(said), 6)]
	t := Teach(f.Class)
	f.Hint, f.Lesson = t.Hint, t.Lesson
	if x.plain() {
		return []verdict.Finding{s.plainMistake(f, x)}, view{moves: moves}
	}
	if (x.Tried > x.Alike || x.Number > 1) && len(s.ops) > 0 {
		f.Hint = "It goes wrong in some orders and not in others: ask who has to wait there for whom, and what makes it wait."
	}
	torn := s.between(x, moves)
	if g := s.unawaited(x); torn == nil && g != nil {
		return []verdict.Finding{s.notWaitedFor(f, g)}, view{moves: moves}
	}
	if lost, ok := s.lostWait(f); torn == nil && ok {
		return []verdict.Finding{lost}, view{moves: moves, marks: lastAt(moves, lost.At[0])}
	}
	if torn == nil {
		if e := s.tooEarly(moves); e != nil {
			return s.earlyIn(f, e, moves)
		}
		if e := halfDone(moves); e != nil {
			return s.exposedIn(f, e, moves)
		}
		if e := s.halfWritten(moves); e != nil {
			return s.halfWrittenIn(f, e, moves)
		}
		p := s.partedCall(x, moves)
		if text, hint := s.interruption(x, moves); p == nil && text != "" {
			f.Detail, f.Hint = append(f.Detail, text), hint
		}
		if p != nil {
			return s.partedIn(f, p, moves)
		}
		if fn := s.mentioned(f.Message); fn != nil {
			f.At = []verdict.Place{s.at(fn.file, fn.line, "function")}
		}
		return []verdict.Finding{f}, view{moves: moves}
	}
	f.Message = sentenceEnd(f.Message) + " " + torn.sentence(s)
	f.At = s.tornPlaces(torn)
	f.Hint = s.tornHint(torn)
	return []verdict.Finding{f}, torn.view(moves)
}

// earlyIn tells of a result that was read before it was complete.
func (s *source) earlyIn(f verdict.Finding, e *early, moves []*move) ([]verdict.Finding, view) {
	f.Message = sentenceEnd(f.Message) + fmt.Sprintf(" %s %s before %s %s, and nothing makes it wait.", capital(name(e.read.G)), s.deed(e.read), name(e.write.G), s.deed(e.write))
	f.At = []verdict.Place{s.at(e.read.name, e.read.Line, "read")}
	f.At = addPlace(f.At, s.at(e.write.name, e.write.Line, "write"))
	f.Hint = s.first(fmt.Sprintf("Wait for the goroutine with a WaitGroup or a channel before %s.", s.spot0(e.read)),
		fmt.Sprintf("Wait for the goroutine over a channel before %s.", s.spot0(e.read)))
	f.Lesson = secWaiting
	if m := e.slept(moves); m != nil {
		f.Hint = s.first(fmt.Sprintf("The sleep at %s makes it likely, never certain: wait with a WaitGroup or a channel.", s.spot0(m)),
			fmt.Sprintf("The sleep at %s makes it likely, never certain: wait over a channel.", s.spot0(m)))
		f.Lesson = secSleep
	}
	return []verdict.Finding{f}, view{moves: upTo(moves, []*move{e.write}), marks: []*move{e.read}, about: []*move{e.read, e.write}}
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
		case m.failed():
			return "fails"
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

// waitsOnce is a Wait for a condition between two steps of a function that is in no loop, nil where there is none.
func (s *source) waitsOnce(t *torn) *op {
	for i := range s.ops {
		o := &s.ops[i]
		if o.verb == "Wait" && o.fn == t.last.fn && o.file == t.last.name && t.first.Line <= o.line && o.line <= t.last.Line &&
			strings.HasSuffix(s.typeText(s.typeOf(o.expr)), "sync.Cond") && !s.inLoop(o.node, o.fn) {
			return o
		}
	}
	return nil
}

// tornHint says what would hold the two steps together.
func (s *source) tornHint(t *torn) string {
	first, last := s.exactHeld(t.first.Locks), s.exactHeld(t.last.Locks)
	from, to := s.spot0(t.first), s.spot0(t.last)
	for _, a := range first {
		for _, b := range last {
			if a.id == b.id && a.id != 0 {
				if o := s.waitsOnce(t); o != nil {
					return fmt.Sprintf("%s.Wait (%s) gives %s back while it waits: what was found before it need not hold after it. Look again, with for in place of if.",
						types.ExprString(o.expr), s.lineName(o.file, o.line), a.text)
				}
				return fmt.Sprintf("%s is unlocked between %s and %s: hold it over both, so that nobody comes between them.", a.text, from, to)
			}
		}
	}
	switch {
	case t.last.failed():
		return fmt.Sprintf("A CompareAndSwap that returns false has not done what you wanted: go back to %s and try again, until it returns true.", from)
	case t.first.Op == "atomic" && t.last.Op == "atomic" && t.last.does()&writes != 0:
		return s.atomicHint(t, from, to)
	case t.first.Op == "map":
		return s.first("A check and an act on a sync.Map are two steps: use LoadOrStore, LoadAndDelete or CompareAndSwap, which are one.",
			"A check and an act on a sync.Map are two steps: use LoadOrStore or LoadAndDelete, which are one.")
	case from == to:
		return s.first("Make the steps one: hold one lock from the first to the last of them.", oneAtomicValue, oneOwner)
	}
	return s.first(fmt.Sprintf("Make %s to %s one step: hold one lock over both, or check again under the lock that the second one holds.", from, to),
		oneAtomicValue, oneOwner)
}

// What makes steps one where the task allows no lock.
const (
	oneAtomicValue = "What belongs together has to be one value: keep it behind one atomic.Pointer, never change it once it is there, and put a new one in its place with CompareAndSwap."
	oneOwner       = "Let one goroutine own what the steps use, and ask it over a channel: then nobody comes between them."
)

// panicIn is the panic, and which steps lead to it.
func (s *source) panicIn(f verdict.Finding, x *exploration, moves []*move) ([]verdict.Finding, view) {
	text := x.Message
	if !strings.HasPrefix(text, "fatal error: ") && !strings.HasPrefix(text, "panic: ") {
		text = "panic: " + text
	}
	c, ok := parseCrash(text + "\n\n" + x.Stack)
	if !ok {
		return nil, view{moves: moves}
	}
	if len(c.stack) == 0 && x.At.File != "" {
		c.stack = []frame{{file: x.At.File, line: x.At.Line}}
	}
	d := s.panics(c, f.Class, len(x.Started) == 1)
	var last *move
	for _, m := range moves {
		if m.G == x.By {
			last = m
		}
	}
	if last == nil {
		return []verdict.Finding{d}, view{moves: moves}
	}
	if torn := before(moves, last); torn != nil {
		d.Message = sentenceEnd(d.Message) + " " + torn.sentence(s)
		for _, p := range s.tornPlaces(torn) {
			if p.Line != last.Line {
				d.At = addPlace(d.At, p)
			}
		}
		return []verdict.Finding{d}, torn.view(moves)
	}
	marks := []*move{last}
	return []verdict.Finding{d}, view{moves: upTo(moves, marks), marks: marks}
}
