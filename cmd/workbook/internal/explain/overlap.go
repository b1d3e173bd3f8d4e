package explain

import (
	"fmt"
	"go/ast"
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
	if c := s.lockedCall(x, moves); c != nil {
		return s.lockedIn(f, c, moves)
	}
	if start, wait, next := s.waitsBetweenStarts(moves); wait != nil {
		f.Message += fmt.Sprintf(" %s starts a goroutine at %s and waits at %s before it starts the next one, so the two never overlap.", capital(name(start.G)), s.spot0(start), s.spot0(wait))
		f.Hint = fmt.Sprintf("Start all the goroutines first, and wait for them after the loop: %s belongs behind it.", s.spot0(wait))
		f.At = addPlace([]verdict.Place{s.at(wait.name, wait.Line, "waits")}, s.at(start.name, start.Line, "started"))
		return []verdict.Finding{f}, view{moves: upTo(moves, []*move{next}), marks: []*move{wait}}
	}
	marks := finals(moves)
	if fr, entry := s.ownCall(x, moves); entry != nil {
		where := s.lineName(s.relative(fr.file), fr.line)
		f.Message += fmt.Sprintf(" %s makes the call at %s in its caller's own goroutine, so nothing else can go on there before the call has returned.", entry.Name.Name, where)
		f.Hint = fmt.Sprintf("Make the call at %s in a goroutine of its own, and wait for all of them only after the last was started.", where)
		f.At = []verdict.Place{s.place(fr, "calls")}
		for _, m := range moves {
			if m.Line == fr.line && m.name == s.relative(fr.file) {
				marks = []*move{m}
			}
		}
	} else if fn := s.mentioned(f.Message); fn != nil {
		f.At = []verdict.Place{s.at(fn.file, fn.line, "function")}
		if s.startsNone(fn.decl()) {
			f.Message += fmt.Sprintf(" %s starts no goroutine.", fn.declName())
			f.Hint = "Start a goroutine for each thing that can be under way, and wait for all of them only after the last was started."
		}
	}
	return []verdict.Finding{f}, view{moves: moves, marks: marks}
}

// lockedCall is a call of the test's function while a lock keeps others from coming to theirs.
type lockedCall struct {
	call *move
	lock held
	by   int32 // the goroutine that has taken the lock
	wait *move // another goroutine that waits for it meanwhile, nil where none does
}

// lockedIn tells of a call that is made with a lock held: what could have overlapped, and what keeps it from that.
func (s *source) lockedIn(f verdict.Finding, c *lockedCall, moves []*move) ([]verdict.Finding, view) {
	what := "the call"
	if c.call.Var != "" {
		what = c.call.Var
	}
	takes := fmt.Sprintf("%s calls %s at %s and holds %s", capital(name(c.call.G)), what, s.spot0(c.call), c.lock.text)
	if c.by != c.call.G {
		takes = fmt.Sprintf("%s calls %s at %s with %s held, which %s has locked", capital(name(c.call.G)), what, s.spot0(c.call), c.lock.text, name(c.by))
	}
	f.Message += fmt.Sprintf(" %s, from %s %s.", takes, s.lockedAt(c.lock), s.releasedAt(c.lock, c.call.Line))
	about := []*move{c.call}
	if c.wait != nil {
		f.Message += fmt.Sprintf(" %s waits for %s at %s all the while.", capital(name(c.wait.G)), c.lock.text, s.spot0(c.wait))
		about = append(about, c.wait)
	}
	if c.wait != nil && c.wait.fn.decl() != c.call.fn.decl() {
		f.Message += " It could have gone on meanwhile."
	} else {
		f.Message += fmt.Sprintf(" Calls of %s could have overlapped there, and did not.", what)
	}
	f.Hint = fmt.Sprintf("Unlock %s before %s, and lock it again for the result; mind that things may have changed in between.", c.lock.text, s.spot0(c.call))
	if c.by != c.call.G {
		f.Hint = fmt.Sprintf("Hold %s only as long as what it guards is read or written, and never while %s runs.", c.lock.text, what)
	}
	f.At = addPlace([]verdict.Place{s.at(c.call.name, c.call.Line, "calls")}, s.at(c.lock.fn.file, c.lock.line, "locks"))
	if p, ok := s.releasePlace(c.lock, c.call.Line); ok {
		f.At = addPlace(f.At, p)
	}
	return []verdict.Finding{f}, view{moves: upTo(moves, about), marks: []*move{c.call}, about: about}
}

// release finds where the function that has taken a lock gives it back behind a line, nil where it does not.
func (s *source) release(h held, after int) (o *op, deferred bool) {
	for i := range s.ops {
		o := &s.ops[i]
		if o.obj != h.obj || o.verb != "Unlock" && o.verb != "RUnlock" || o.fn == nil || o.fn.decl() != h.fn.decl() {
			continue
		}
		ast.Inspect(o.fn.body(), func(n ast.Node) bool {
			if d, ok := n.(*ast.DeferStmt); ok && d.Pos() <= o.node.Pos() && o.node.End() <= d.End() {
				deferred = true
			}
			return true
		})
		if deferred || o.line > max(h.line, after) {
			return o, deferred
		}
	}
	return nil, false
}

// releasedAt is "to line 22" or "until Index returns".
func (s *source) releasedAt(h held, after int) string {
	o, deferred := s.release(h, after)
	switch {
	case o == nil:
		return "on"
	case deferred:
		ends := "returns"
		if o.fn.started != nil {
			ends = "ends"
		}
		return fmt.Sprintf("until %s %s (%s)", o.fn.label(), ends, s.lineName(o.file, o.line))
	}
	return "to " + s.lineName(o.file, o.line)
}

func (s *source) releasePlace(h held, after int) (verdict.Place, bool) {
	o, _ := s.release(h, after)
	if o == nil {
		return verdict.Place{}, false
	}
	return s.at(o.file, o.line, "unlocks"), true
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

// callsTest reports whether a step is a call of the test's function.
func (s *source) callsTest(x *exploration, m *move) bool {
	if m.Op != "call" {
		return false
	}
	for i := m.index + 1; i < len(x.Steps); i++ {
		if x.Steps[i].G == m.G {
			return s.files[s.relative(x.Steps[i].File)] == nil
		}
	}
	return false
}

// lockedCall finds a call of the test's function that is made while a lock is held, by the goroutine that calls
// or by the one that has started it.
func (s *source) lockedCall(x *exploration, moves []*move) *lockedCall {
	for _, m := range moves {
		if !s.callsTest(x, m) {
			continue
		}
		for _, h := range s.exactHeld(m.Locks) {
			if !h.read {
				return &lockedCall{call: m, lock: h, by: m.G, wait: waitsFor(moves, m, h)}
			}
		}
		parent := parentOf(x, m.G)
		for _, l := range lockedBy(x, parent, m.index) {
			for _, h := range s.exactHeld([]lock{l}) {
				if o, _ := s.release(h, 0); o != nil && o.fn != h.fn && !h.read {
					return &lockedCall{call: m, lock: h, by: parent, wait: waitsFor(moves, m, h)}
				}
			}
		}
	}
	return nil
}

func parentOf(x *exploration, g int32) int32 {
	for _, o := range x.Started {
		if o.Num == g {
			return o.Parent
		}
	}
	return 0
}

// lockedBy are the locks that a goroutine has taken before a step and that its next step or its last one still
// names: where it makes no further step, those that it holds in its latest.
func lockedBy(x *exploration, g int32, before int) []lock {
	var latest []lock
	for i := range x.Steps {
		if st := &x.Steps[i]; st.G == g && (i < before || len(latest) == 0) {
			latest = st.Locks
		}
	}
	return latest
}

// waitsFor finds a goroutine that comes to a lock during a call and has to wait.
func waitsFor(moves []*move, call *move, h held) *move {
	for _, m := range moves {
		if m.index > call.index && m.G != call.G && m.Blocked != "" && m.obj == any(h.obj) {
			return m
		}
		if m.index > call.index && m.G == call.G && m.Line > h.line && strings.HasSuffix(m.Op, "unlock") && m.obj == any(h.obj) {
			break
		}
	}
	for _, m := range finals(moves) {
		if m.G != call.G && m.obj == any(h.obj) {
			return m
		}
	}
	return nil
}

// ownCall finds a call of the test's function that one of the learner's exported functions makes in the goroutine
// that has called it: where goroutines still are in such a call at the end, or in all of them.
func (s *source) ownCall(x *exploration, moves []*move) (frame, *ast.FuncDecl) {
	for _, g := range parseDump(x.Dump) {
		if !slices.ContainsFunc(g.stack, func(f frame) bool { return strings.Contains(f.fn, insideOverlap) }) {
			continue
		}
		inner, i := s.learner(g.stack)
		fn := s.functionAt(inner)
		if _, j := s.learner(g.start); i < 0 || j >= 0 || fn.goroutine() != nil {
			return frame{}, nil
		}
		entry := fn.decl()
		for _, f := range g.stack[i:] {
			if d := s.functionAt(f).decl(); s.origin(f) == fromLearner && d != nil {
				entry = d
			}
		}
		return inner, entry
	}
	var call *move
	for _, m := range moves {
		if !s.callsTest(x, m) {
			continue
		}
		if m.call == nil || m.call.name == "" || m.fn.goroutine() != nil || call != nil && call.G != m.G {
			return frame{}, nil
		}
		call = m
	}
	if call == nil {
		return frame{}, nil
	}
	fn := s.mentioned(call.call.name)
	return frame{file: call.File, line: call.Line}, fn.decl()
}

// startsNone reports whether a function starts no goroutine, nor does what it calls.
func (s *source) startsNone(d *ast.FuncDecl) bool {
	if d == nil {
		return false
	}
	none := true
	for fn := range s.reachable(d) {
		if fn.Body == nil {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				none = false
			case *ast.CallExpr:
				if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && (sel.Sel.Name == "Go" || sel.Sel.Name == "AfterFunc") {
					none = false
				}
			}
			return none
		})
	}
	return none
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
