package explain

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// handed is a channel that passes between the learner's code and its caller.
type handed struct {
	v    types.Object
	text string    // its name in fn
	fn   *function // that returns it, or takes it as a parameter
	line int       // of the return statement, or of fn
}

// testWaits explains a schedule that is stuck though no goroutine is in the learner's code: the test waits at a
// channel that the code has returned, or that the test has given it.
func (s *source) testWaits(f verdict.Finding, x *exploration) (found verdict.Finding, waits *move, ok bool) {
	for i, g := range s.stacksOf(x) {
		if _, mine := s.learner(g.stack); mine >= 0 || x.Waits[i].For != "channel" {
			continue
		}
		switch g.state {
		case "chan send":
			if c, ok := s.onlyOne(s.called(x, s.taken()), "receive", "range"); ok {
				return s.notTaken(f, c), waitOf(x, x.Waits[i]), true
			}
		default:
			ranges := strings.HasPrefix(x.Waits[i].Text, "for ") || x.Waits[i].stack().state == "" // no step was recorded: the first receive of a loop over a call's result
			if c, ok := s.onlyOne(s.called(x, s.handedOut()), "close"); ok {
				return s.notTold(f, x, c, ranges), waitOf(x, x.Waits[i]), true
			}
		}
	}
	return verdict.Finding{}, nil, false
}

// waitOf is a step for a goroutine of the test's that waits for ever.
func waitOf(x *exploration, w waiting) *move {
	return &move{step: &step{G: w.G, site: w.site}, index: len(x.Steps), said: "the test waits"}
}

// handedOut are the channels that the exported functions return.
func (s *source) handedOut() []handed {
	var all []handed
	for _, fn := range s.funcs {
		if fn.outer != nil || fn.decl() == nil || !fn.decl().Name.IsExported() {
			continue
		}
		ast.Inspect(fn.body(), func(n ast.Node) bool {
			ret, ok := n.(*ast.ReturnStmt)
			if !ok {
				_, lit := n.(*ast.FuncLit)
				return !lit
			}
			for _, e := range ret.Results {
				if v, ok := s.object(e).(*types.Var); ok && isChannel(v.Type()) {
					all = append(all, handed{v, types.ExprString(e), fn, s.line(ret.Pos())})
				}
			}
			return true
		})
	}
	return all
}

// taken are the channels that the exported functions take as parameters, to receive from.
func (s *source) taken() []handed {
	var all []handed
	for _, fn := range s.funcs {
		if fn.outer != nil || fn.decl() == nil || !fn.decl().Name.IsExported() {
			continue
		}
		for _, id := range paramNames(fn.typ()) {
			v, ok := s.object(id).(*types.Var)
			if !ok || !isChannel(v.Type()) || under(v.Type()).(*types.Chan).Dir() == types.SendOnly {
				continue
			}
			all = append(all, handed{v, id.Name, fn, fn.line})
		}
	}
	return all
}

func isChannel(t types.Type) bool {
	_, ok := under(t).(*types.Chan)
	return ok
}

// called keeps the channels of functions that the schedule's goroutines have entered, where it tells.
func (s *source) called(x *exploration, all []handed) []handed {
	var entered []handed
	for _, h := range all {
		if slices.ContainsFunc(x.Steps, func(st step) bool {
			return slices.ContainsFunc(st.Calls, func(c string) bool {
				name, _, _ := strings.Cut(c, "(")
				return name == h.fn.decl().Name.Name
			})
		}) {
			entered = append(entered, h)
		}
	}
	if len(entered) > 0 {
		return entered
	}
	return all
}

// onlyOne is the channel that alone is in question: the only one on which the code does nothing of what some verbs
// say, else the only one that there is.
func (s *source) onlyOne(all []handed, verbs ...string) (handed, bool) {
	same := func(of []handed) bool {
		return len(of) > 0 && !slices.ContainsFunc(of, func(h handed) bool { return h.v != of[0].v })
	}
	var without []handed
	for _, h := range all {
		if len(s.opsOn(h.v, verbs...)) == 0 {
			without = append(without, h)
		}
	}
	switch {
	case same(without):
		return without[0], true
	case same(all):
		return all[0], true
	}
	return handed{}, false
}

// notTold tells that the test waits for a value, or for the end of them.
func (s *source) notTold(f verdict.Finding, x *exploration, c handed, ranges bool) verdict.Finding {
	sends, closes := s.opsOn(c.v, "send"), s.opsOn(c.v, "close")
	name := c.text
	f.At = []verdict.Place{s.at(c.fn.file, c.line, "returns "+name)}
	f.Message = fmt.Sprintf("Deadlock: the test waits at the channel that %s has returned (%s, %s), and no goroutine is left that sends on it or closes it.",
		c.fn.label(), name, s.lineName(c.fn.file, c.line))
	f.Lesson = secClosing
	switch {
	case len(closes) > 0 && s.stepped(x, closes):
		f.Hint = fmt.Sprintf("The close at %s closed another channel: ask which one the test has, and who closes that.", s.opLines(closes))
	case len(closes) > 0:
		f.Message += fmt.Sprintf(" The close at %s was not reached.", s.opLines(closes))
		f.Hint = fmt.Sprintf("Find the way on which %s is not closed: no value at all, an early return, a panic. Deferred as the first line of the goroutine that sends, close(%s) is on every way.", name, name)
	case len(sends) == 0:
		f.Message += fmt.Sprintf(" Nothing in your code does either by the name of %s.", name)
		f.Hint = fmt.Sprintf("Decide which goroutine sends on %s or closes it, and start it before %s returns.", name, c.fn.label())
	case ranges:
		f.Message += fmt.Sprintf(" Nothing closes %s, and a loop over a channel ends only when it is closed.", name)
		f.Hint = s.closeHint(name, sends)
	case s.stepped(x, sends):
		f.Message += fmt.Sprintf(" Nothing closes %s: whoever waits for one value more, or for the end of them, waits for ever.", name)
		f.Hint = s.closeHint(name, sends)
	default:
		f.Message += fmt.Sprintf(" The send at %s was not reached.", s.opLines(sends))
		f.Hint = fmt.Sprintf("Ask on which ways nothing is sent on %s: whoever receives from it needs an answer on all of them, a value or a close.", name)
	}
	for _, o := range append(closes, sends...) {
		f.At = addPlace(f.At, s.at(o.file, o.line, map[string]string{"close": "closes", "send": "sends"}[o.verb]))
	}
	return f
}

// stepped reports whether a schedule came to one of some operations.
func (s *source) stepped(x *exploration, ops []op) bool {
	return slices.ContainsFunc(x.Steps, func(st step) bool {
		return slices.ContainsFunc(ops, func(o op) bool { return o.line == st.Line && o.file == s.relative(st.File) })
	})
}

// notTaken tells that the test still has values to send.
func (s *source) notTaken(f verdict.Finding, c handed) verdict.Finding {
	f.Message = fmt.Sprintf("Deadlock: the test still sends on the channel that it has given to %s (%s), and no goroutine is left that receives from it.", c.fn.label(), c.text)
	f.Hint = fmt.Sprintf("Receive from %s until it is closed, for example with for v := range %s: a sender that nobody receives from waits for ever.", c.text, c.text)
	f.Lesson = secLeaks
	f.At = nil
	for _, o := range s.opsOn(c.v, "receive", "range") {
		f.At = addPlace(f.At, s.at(o.file, o.line, "receives"))
	}
	if len(f.At) == 0 {
		f.At = []verdict.Place{s.at(c.fn.file, c.line, "function")}
	}
	return f
}

// stageNotClosed explains a loop over a channel that came as a parameter, as from the stage before it in a pipeline:
// who returns such a channel, and does not close it. A goroutine that waits for such a loop to end is only a
// consequence.
func (s *source) stageNotClosed(w *waiter, all []*waiter) (reason, bool) {
	v, ok := w.op.obj.(*types.Var)
	if !ok || w.fn == nil || !isChannel(v.Type()) || !slices.ContainsFunc(s.taken(), func(h handed) bool { return h.v == v }) {
		return reason{}, false
	}
	weight := 7
	if !s.passesOn(w) && slices.ContainsFunc(all, func(o *waiter) bool { return o != w && o.verb == "range" && s.passesOn(o) }) {
		weight = 4
	}
	r := reason{weight: weight, lesson: secClosing, why: fmt.Sprintf("%s is never closed, and range ends only when it is.", v.Name()),
		hint: s.closeHint(v.Name(), nil)}
	var open []handed
	for _, h := range s.handedOut() {
		if len(s.opsOn(h.v, "close")) == 0 && h.fn.decl() != w.fn.decl() && types.Identical(valueType(h.v.Type()), valueType(v.Type())) {
			open = append(open, h)
		}
	}
	if c, ok := s.onlyOne(open); ok {
		r.why = fmt.Sprintf("%s is never closed, and range ends only when it is: nothing closes %s, which %s returns (%s).",
			v.Name(), c.text, c.fn.label(), s.lineName(c.fn.file, c.line))
		r.hint = s.closeHint(c.text, s.opsOn(c.v, "send"))
		r.at = []verdict.Place{s.at(c.fn.file, c.line, "returns "+c.text)}
	}
	return r, true
}

// heldBack explains a goroutine that waits for the next value from the test, while the test waits for what becomes of
// those that it has sent.
func (s *source) heldBack(w *waiter) (reason, bool) {
	if w.test == "" || w.fn == nil {
		return reason{}, false
	}
	outs := s.handedOut()
	i := slices.IndexFunc(outs, func(h handed) bool { return h.fn.decl() == w.fn.decl() && len(s.opsOn(h.v, "send")) > 0 })
	ins := slices.DeleteFunc(s.taken(), func(h handed) bool { return h.fn.decl() != w.fn.decl() })
	from := slices.Clone(ins)
	if w.verb != "select" {
		from = slices.DeleteFunc(from, func(h handed) bool { return h.v != w.op.obj })
	}
	if len(from) == 0 {
		return reason{}, false
	}
	if w.test == "chan send" {
		return s.otherInput(ins, from)
	}
	if i < 0 {
		return reason{}, false
	}
	out, sends := outs[i].text, s.opsOn(outs[i].v, "send")
	r := reason{weight: 8, lesson: secUnbuffered,
		why:  fmt.Sprintf("It waits for the next value from the test, and the test waits at %s for what your code sends (%s) or for the close: neither goes on.", out, s.opLines(sends)),
		hint: fmt.Sprintf("Send what belongs to one value on %s before you wait for the next from %s: whoever sends there may wait for it.", out, names(from)),
		at:   []verdict.Place{s.at(sends[0].file, sends[0].line, "sends")}}
	if nils := s.setToNil(w.fn, from); len(nils) == len(from) && w.verb == "select" && w.ends >= len(from) {
		r.why += fmt.Sprintf(" And once %s are nil, no case can become ready ever.", names(from))
		r.hint = fmt.Sprintf("Ask in which round of the loop the last of %s has become nil: the loop has to end there, and every value has to have been sent on by then.", names(from))
	} else if len(ins) > len(from) {
		r.hint = fmt.Sprintf("Nothing says which of %s has the next value: wait for all of them at once, in one select.", names(ins))
	}
	return r, true
}

// otherInput explains a wait for one of several channels while the test sends on another one.
func (s *source) otherInput(ins, from []handed) (reason, bool) {
	others := slices.DeleteFunc(slices.Clone(ins), func(h handed) bool { return h.v == from[0].v })
	if len(from) != 1 || len(others) == 0 {
		return reason{}, false
	}
	return reason{weight: 8, lesson: secUnbuffered,
		why:  fmt.Sprintf("It waits for %s alone, while the test sends on %s: neither goes on.", from[0].text, names(others)),
		hint: fmt.Sprintf("Nothing says which of %s has the next value: wait for all of them at once, in one select.", names(ins))}, true
}

// names lists channels by name.
func names(all []handed) string {
	var words []string
	for _, h := range all {
		words = append(words, h.text)
	}
	return and(words)
}

// setToNil are those of some channels that a function sets to nil.
func (s *source) setToNil(fn *function, all []handed) (nils []handed) {
	for _, h := range all {
		found := false
		ast.Inspect(fn.body(), func(n ast.Node) bool {
			if as, ok := n.(*ast.AssignStmt); ok && len(as.Lhs) == len(as.Rhs) {
				for i, lhs := range as.Lhs {
					found = found || s.object(lhs) == h.v && types.ExprString(as.Rhs[i]) == "nil"
				}
			}
			return true
		})
		if found {
			nils = append(nils, h)
		}
	}
	return nils
}

// passesOn reports whether a goroutine closes a channel that its function has returned, once it goes on.
func (s *source) passesOn(w *waiter) bool {
	return w.fn != nil && slices.ContainsFunc(s.handedOut(), func(h handed) bool {
		return h.fn.decl() == w.fn.decl() && slices.ContainsFunc(s.opsOn(h.v, "close"), func(o op) bool { return o.fn == w.fn })
	})
}

// valueType is the type of a channel's values.
func valueType(t types.Type) types.Type { return under(t).(*types.Chan).Elem() }
