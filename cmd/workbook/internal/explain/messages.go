package explain

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"workbook/cmd/workbook/internal/verdict"
)

// oneRequest is for calls that need several messages where one would do.
const oneRequest = "Each message is safe, but others come in between. Put what belongs together into one request, with a channel of its own for the answer, and let the owner decide."

// parted is a call that exchanges two messages with others, and one of another goroutine's that comes in between.
type parted struct {
	first, last, by *move
	surely          bool // before the second one was sent; else it may only have been waiting
}

// partedCall finds the last such call of a schedule, nil where there is none. Two messages on one channel, as on one
// that serves as a lock, do not count, nor do those of goroutines that the package keeps running.
func (s *source) partedCall(x *exploration, moves []*move) *parted {
	var maybe *parted
	for i, last := range slices.Backward(moves) {
		if !s.message(x, last) {
			continue
		}
		by := s.meanwhile(x, moves[i+1:], last)
		surely := false
		for _, m := range slices.Backward(moves[:i]) {
			switch {
			case !s.message(x, m) || m.again:
			case m.G != last.G:
				by, surely = m, true
			case m.call != last.call || m.obj == last.obj || by == nil:
				by, surely = nil, false
			case surely:
				return &parted{m, last, by, true}
			case maybe == nil:
				maybe = &parted{m, last, by, false}
			}
		}
	}
	return maybe
}

// meanwhile is a message that another goroutine is about to exchange while one waits for its partner to take part: up
// to the next step of a goroutine that the package keeps running.
func (s *source) meanwhile(x *exploration, after []*move, waits *move) *move {
	for _, m := range after {
		switch {
		case m.G == waits.G || slices.Contains(x.daemons(), m.G):
			return nil
		case s.message(x, m) && !m.again:
			return m
		}
	}
	return nil
}

// message reports whether a step sends or receives in a call that a goroutine of the test's has made. To receive an
// answer from a channel that was made for it belongs to the message before.
func (s *source) message(x *exploration, m *move) bool {
	return (m.Op == "send" || m.Op == "recv" && !s.ownReply(m)) && m.obj != nil && m.call != nil && m.G != 1 && !slices.Contains(x.daemons(), m.G) && !s.startedHere(x, m.G)
}

// startedHere reports whether the learner's code has started a goroutine: then it serves a call, and makes none.
func (s *source) startedHere(x *exploration, g int32) bool {
	return slices.ContainsFunc(x.Started, func(o started) bool { return o.Num == g && s.files[s.relative(o.Started.File)] != nil })
}

// ownReply reports whether the function of a receive makes a channel of the type that it receives from.
func (s *source) ownReply(m *move) bool {
	o, ok := m.obj.(types.Object)
	if !ok || m.fn == nil {
		return false
	}
	found := false
	ast.Inspect(m.fn.body(), func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
			id, ok := call.Fun.(*ast.Ident)
			found = found || ok && id.Name == "make" && types.Identical(under(s.typeOf(call.Args[0])), under(o.Type()))
		}
		return !found
	})
	return found
}

// partedIn tells of a call between whose messages another one came.
func (s *source) partedIn(f verdict.Finding, p *parted, moves []*move) ([]verdict.Finding, view) {
	text := fmt.Sprintf(" Between the messages of %s at %s and %s comes one of %s, at %s.", name(p.first.G), s.spot0(p.first), s.spot0(p.last), name(p.by.G), s.spot0(p.by))
	about := []*move{p.first, p.last, p.by}
	if !p.surely {
		text = fmt.Sprintf(" %s exchanges two messages, at %s and %s, and nothing keeps %s from coming between them, at %s.", capital(name(p.first.G)), s.spot0(p.first), s.spot0(p.last), name(p.by.G), s.spot0(p.by))
	}
	f.Message = sentenceEnd(f.Message) + text
	f.At = []verdict.Place{s.at(p.first.name, p.first.Line, "first message")}
	f.At = addPlace(f.At, s.at(p.last.name, p.last.Line, "second message"))
	f.At = addPlace(f.At, s.at(p.by.name, p.by.Line, "comes between"))
	f.Hint, f.Lesson = oneRequest, secRequest
	return []verdict.Finding{f}, view{moves: upTo(moves, about), marks: []*move{p.last}, about: about}
}

// asksItself finds that a goroutine waits for an answer, or for somebody to take a message, in a function that it calls
// itself while it is the only one to do that.
func (s *source) asksItself(w *waiter, others []op) (reason, bool) {
	if len(others) == 0 || w.index+1 >= len(w.stack) {
		return reason{}, false
	}
	for i := w.index + 1; i < len(w.stack); i++ {
		f := w.stack[i]
		fn := s.functionAt(f)
		if s.origin(f) != fromLearner || fn == nil || slices.ContainsFunc(others, func(o op) bool { return o.fn != fn }) {
			continue
		}
		does := map[string]string{"send": "sends on", "close": "closes", "receive": "receives from", "range": "receives from"}[others[0].verb]
		at := s.lineName(s.relative(f.file), f.line)
		return reason{weight: 12, lesson: secRequest,
			why:  fmt.Sprintf("Only %s %s %s (%s), and %s is the one who waits: it has made the call at %s.", fn.label(), does, w.object("the channel"), s.opLines(others), fn.label(), at),
			hint: fmt.Sprintf("Who answers requests cannot make one: at %s, use what %s has at hand.", at, fn.label()),
			at:   []verdict.Place{s.place(f, "calls")}}, true
	}
	return reason{}, false
}

// handedOn is a place where a channel is given to somebody else, under whose name for it more may happen: an argument,
// a result, a value that is stored or sent; nil where there is none.
func (s *source) handedOn(o types.Object) *ref {
	for i := range s.refs {
		r := &s.refs[i]
		if r.obj == nil || r.obj != o || r.kind != whole || r.mode&reads == 0 {
			continue
		}
		if !slices.ContainsFunc(s.ops, func(p op) bool { return ast.Unparen(p.expr) == r.expr }) {
			return r
		}
	}
	return nil
}
