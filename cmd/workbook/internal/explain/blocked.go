package explain

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// exit is a place where a function returns, with what it still holds.
type exit struct {
	line   int
	holds  []held
	panics bool
}

// exits finds a function's return statements, and its end where it can be reached, then its panics.
func (s *source) exits(fn *function) []exit {
	var out, thrown []exit
	ast.Inspect(fn.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			out = append(out, exit{line: s.line(n.Pos()), holds: s.heldIn(fn, n.Pos())})
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "panic" && s.builtin(id) {
				thrown = append(thrown, exit{line: s.line(n.Pos()), holds: s.heldIn(fn, n.Pos()), panics: true})
			}
		}
		return true
	})
	if list := fn.body().List; len(list) == 0 || !ends(list[len(list)-1]) {
		w := &lockWalk{source: s, fn: fn, target: token.NoPos, depth: 2}
		out = append(out, exit{line: s.line(fn.body().Rbrace), holds: w.list(list, nil)})
	}
	return append(out, thrown...)
}

// sendReason finds why nobody takes what a goroutine sends.
func (s *source) sendReason(w *waiter, all []*waiter) reason {
	name := w.object("the channel")
	if w.nilChan {
		return s.nilReason(w)
	}
	takers := s.opsOn(w.op.obj, "receive", "range")
	if r, ok := s.sameGoroutine(w, takers); ok {
		return r
	}
	if r, ok := s.asksItself(w, takers); ok {
		return r
	}
	if r, ok := s.withoutRoom(w, takers); ok {
		return r
	}
	hint := "Make sure that somebody receives every value, or give the send a way out: a buffer with room for all values, or a select with a done channel."
	if w.alone {
		hint = "There is no other goroutine that could receive: give the channel a buffer with room for the value, or make the send a case of a select with a default."
	}
	if r, ok := s.notYetReturned(w, takers); ok {
		return r
	}
	if len(takers) == 0 {
		return reason{weight: 6, hint: hint, lesson: secLeaks, why: fmt.Sprintf("Nobody receives from %s any more.", name)}
	}
	if r, ok := s.semaphoreReason(w, takers, all); ok {
		return r
	}
	if r, ok := s.startedLater(w, takers, all); ok {
		return r
	}
	t := takers[0]
	r := reason{weight: 5, hint: hint, lesson: secLeaks, at: []verdict.Place{s.at(t.file, t.line, "receives")}}
	if o := waitingIn(all, t.fn); o != nil && o != w {
		r.weight = 3
		r.why = fmt.Sprintf("%s would receive from %s at %s, but it is %s at %s.",
			capital(t.fn.label()), types.ExprString(t.expr), s.lineName(t.file, t.line), o.doing(), s.lineOf(o))
		if o.verb == "Wait" && s.allows("sync", "WaitGroup") {
			r.hint = fmt.Sprintf("Receive while the senders run: let another goroutine wait and close, go func() { %s.Wait(); close(%s) }().", o.object("wg"), name)
		}
		return r
	}
	r.why = fmt.Sprintf("%s received from %s at %s, but has gone on: nobody receives any more.", capital(t.fn.label()), types.ExprString(t.expr), s.opLines(takers))
	if t.verb == "receive" && !s.inLoop(t.node, t.fn) && len(takers) == 1 {
		r.why = fmt.Sprintf("%s receives from %s only once, at %s; nobody takes the other values.", capital(t.fn.label()), types.ExprString(t.expr), s.lineName(t.file, t.line))
	}
	return r
}

// nilReason is the reason of a wait on a nil channel.
func (s *source) nilReason(w *waiter) reason {
	return reason{weight: 8, lesson: secNil,
		why:  fmt.Sprintf("%s is nil: no channel was made for it, and an operation on a nil channel waits for ever.", capital(w.object("the channel"))),
		hint: fmt.Sprintf("Make the channel with make before %s is used.", w.object("it"))}
}

// sameGoroutine finds that the other side of an unbuffered channel is further down in the function
// that waits.
func (s *source) sameGoroutine(w *waiter, others []op) (reason, bool) {
	if w.fn == nil {
		return reason{}, false
	}
	for _, o := range others {
		if o.fn != w.fn || o.file != s.relative(w.frame.file) || o.line <= w.frame.line {
			continue
		}
		if slices.ContainsFunc(others, func(p op) bool { return p.fn != w.fn }) {
			continue
		}
		what := map[string]string{"send": "send", "receive": "receive", "range": "receive", "close": "close"}[o.verb]
		hint := "On an unbuffered channel sender and receiver meet: one of the two has to run in a goroutine of its own."
		if o.verb == "close" {
			hint = fmt.Sprintf("Ask which goroutine was to come to %s while this one waits; and where it can leave the function before, by a return or a panic, defer the close.", s.lineName(o.file, o.line))
		}
		return reason{weight: 8, lesson: secUnbuffered,
			why: fmt.Sprintf("Nobody can %s yet: the %s at %s comes later in the same goroutine, which never gets there.",
				what, what, s.lineName(o.file, o.line)),
			hint: hint,
			at:   []verdict.Place{s.at(o.file, o.line, "never reached")}}, true
	}
	return reason{}, false
}

// receiveReason finds why nobody sends what a goroutine waits for.
func (s *source) receiveReason(w *waiter, all []*waiter) reason {
	name := w.object("the channel")
	if w.nilChan {
		return s.nilReason(w)
	}
	closes, sends := s.opsOn(w.op.obj, "close"), s.opsOn(w.op.obj, "send")
	if r, ok := s.sameGoroutine(w, append(slices.Clone(sends), closes...)); ok {
		return r
	}
	if r, ok := s.asksItself(w, append(slices.Clone(sends), closes...)); ok {
		return r
	}
	if r, ok := s.heldBack(w); ok && len(closes) == 0 {
		return r
	}
	if w.verb == "range" && len(closes) == 0 {
		if r, ok := s.stageNotClosed(w, all); ok {
			return r
		}
		return reason{weight: 7, lesson: secClosing,
			why:  fmt.Sprintf("%s is never closed, and range ends only when it is.", name),
			hint: s.closeHint(name, sends)}
	}
	for _, o := range append(slices.Clone(closes), sends...) {
		if b := waitingIn(all, o.fn); b != nil && b != w {
			return reason{weight: 3, lesson: secDeadlock,
				why: fmt.Sprintf("%s would %s at %s, but it is %s at %s.", capital(o.fn.label()),
					map[bool]string{true: "close " + name, false: "send"}[o.verb == "close"], s.lineName(o.file, o.line), b.doing(), s.lineOf(b)),
				hint: "Follow the chain: the goroutine at its end waits for something that never comes.",
				at:   []verdict.Place{s.at(o.file, o.line, "never reached")}}
		}
	}
	r := reason{weight: 6, lesson: secLeaks,
		why:  fmt.Sprintf("Nobody sends on %s or closes it any more.", name),
		hint: fmt.Sprintf("Close %s when no more values come, or give the receiver a way out: a select with a done channel.", name)}
	switch {
	case len(sends)+len(closes) == 0 && s.handedOn(w.op.obj) != nil:
		h := s.handedOn(w.op.obj)
		at := s.lineName(h.fn.file, h.line)
		r.why = fmt.Sprintf("Nothing in your code sends on %s or closes it by that name, and who has it from %s does not answer any more.", name, at)
		r.hint = fmt.Sprintf("Follow the channel from %s on: whoever gets it has to send or close on every way.", at)
	case len(sends)+len(closes) == 0:
		r.why = fmt.Sprintf("Nothing in your code sends on %s or closes it.", name)
	case w.alone:
		r.why = fmt.Sprintf("No other goroutine is there that could send on %s or close it.", name)
		r.hint = "Where the receive is not to wait, make it a case of a select with a default."
	case len(closes) > 0:
		r.hint = fmt.Sprintf("The channel that it waits for was not closed: ask whether the close (%s) is reached on every way, a panic too, and whether it closes this channel or another one that has taken its place.", s.opLines(closes))
	case len(sends) > 0 && !w.fn.starts(sends):
		r.hint = fmt.Sprintf("A value that is sent goes to one receiver only, whoever is the first: what several wait for, or one waits for again, is told by close(%s), which all of them notice.", name)
	}
	for _, o := range closes {
		r.at = append(r.at, s.at(o.file, o.line, "closes"))
	}
	return r
}

// starts reports whether one of some operations is in a goroutine that the function itself starts.
func (f *function) starts(ops []op) bool {
	return slices.ContainsFunc(ops, func(o op) bool { g := o.fn.goroutine(); return g != nil && f != nil && g.outer == f })
}

// waitingIn is a waiter inside a function, or nil.
func waitingIn(all []*waiter, fn *function) *waiter {
	for _, w := range all {
		if w.fn == fn && fn != nil && w.verb != "run" {
			return w
		}
	}
	return nil
}

// inLoop reports whether a node is inside a loop of its function.
func (s *source) inLoop(n ast.Node, fn *function) bool {
	if fn == nil || n == nil {
		return false
	}
	found := false
	ast.Inspect(fn.body(), func(l ast.Node) bool {
		switch l.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			found = found || l.Pos() <= n.Pos() && n.Pos() < l.End()
		}
		return true
	})
	return found
}

// groupReason finds why a WaitGroup's counter does not come to zero.
func (s *source) groupReason(w *waiter, all []*waiter) reason {
	name := w.object("the WaitGroup")
	r := reason{lesson: secWaiting, hint: "Start the goroutines with wg.Go, or write defer wg.Done() as their first line, and pass the WaitGroup as a pointer."}
	if fn := s.copiesGroup(); fn != nil {
		r.weight = 8
		r.why = fmt.Sprintf("%s gets a copy of the WaitGroup (%s), so its Done counts down the copy, never %s.", fn.label(), s.lineName(fn.file, fn.line), name)
		r.at = []verdict.Place{s.at(fn.file, fn.line, "copies")}
		return r
	}
	dones, starts := s.opsOn(w.op.obj, "Done"), s.opsOn(w.op.obj, "Go")
	if len(dones)+len(starts) == 0 {
		r.weight, r.why = 8, fmt.Sprintf("Nothing calls %s.Done, so the counter never comes to zero.", name)
		return r
	}
	for _, d := range dones {
		if d.fn == w.fn && d.line <= w.frame.line {
			r.weight = 8
			r.why = fmt.Sprintf("The waiting goroutine is itself one that %s counts (Done at %s): it waits for itself.", name, s.lineName(d.file, d.line))
			return r
		}
		if line := s.skipsDone(d); line > 0 {
			r.weight = 8
			r.why = fmt.Sprintf("A goroutine can return at %s without calling %s.Done (%s).", s.lineName(d.file, line), name, s.lineName(d.file, d.line))
			r.at = []verdict.Place{s.at(d.file, line, "returns"), s.at(d.file, d.line, "skipped")}
			return r
		}
	}
	for _, o := range all {
		if o != w && o.fn != nil && o.verb != "Wait" {
			r.weight = 2
			r.why = fmt.Sprintf("It waits for goroutines that wait themselves: %s is %s at %s.", o.subject(), o.doing(), s.lineOf(o))
			return r
		}
	}
	r.weight = 5
	r.why = "All goroutines that could call Done have ended: more was counted than there were Dones."
	if adds := s.opsOn(w.op.obj, "Add"); len(adds) > 0 {
		r.why = fmt.Sprintf("All goroutines that could call Done have ended: Add (%s) counted more than there were Dones.", s.opLines(adds))
	}
	return r
}

// copiesGroup finds a function with a WaitGroup, not a pointer to one, as a parameter.
func (s *source) copiesGroup() *function {
	for _, fn := range s.funcs {
		for _, p := range paramNames(fn.typ()) {
			if n, ok := s.typeOf(p).(*types.Named); ok && n.Obj().Name() == "WaitGroup" && n.Obj().Pkg().Path() == "sync" {
				return fn
			}
		}
	}
	return nil
}

// skipsDone is the line of a return statement before a Done that is not deferred, or 0.
func (s *source) skipsDone(d op) int {
	if d.fn == nil {
		return 0
	}
	line := 0
	ast.Inspect(d.fn.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			if n.Call == d.node {
				line = -1
			}
		case *ast.ReturnStmt:
			if line == 0 && n.Pos() < d.node.Pos() {
				line = s.line(n.Pos())
			}
		}
		return true
	})
	return max(line, 0)
}

// condReason finds why a condition's waiter is not woken.
func (s *source) condReason(w *waiter) reason {
	name := w.object("the condition")
	wakes := s.opsOn(w.op.obj, "Signal", "Broadcast")
	r := reason{weight: 5, lesson: secCond,
		hint: "Signal after every change that a waiter may wait for, with the lock held; use Broadcast where waiters wait for different things or more than one has to wake."}
	if len(wakes) == 0 {
		r.weight, r.why = 8, fmt.Sprintf("Nothing calls Signal or Broadcast on %s.", name)
		return r
	}
	var verbs []string
	for _, o := range wakes {
		if !slices.Contains(verbs, o.verb) {
			verbs = append(verbs, o.verb)
		}
	}
	r.why = fmt.Sprintf("No %s (%s) came after the wait had begun, or it woke another waiter: a signal is not remembered.",
		strings.Join(verbs, " or "), s.opLines(wakes))
	for _, o := range wakes {
		r.at = append(r.at, s.at(o.file, o.line, "signals"))
	}
	return r
}

// closeHint says who should close a channel that nobody closes.
func (s *source) closeHint(name string, sends []op) string {
	if len(sends) == 0 {
		return fmt.Sprintf("Whoever sends on %s has to close it in the end; or give the goroutine a second way out, a select with a done channel.", name)
	}
	g := sends[0].fn.goroutine()
	if g != nil && s.inLoop(g.started, g.outer) {
		return s.first(fmt.Sprintf("Close %s once, after all its senders: go func() { wg.Wait(); close(%s) }().", name, name),
			fmt.Sprintf("Close %s once, after all its senders: count them down over another channel.", name))
	}
	if v, ok := sends[0].obj.(*types.Var); g == nil && ok && (v.IsField() || s.functionOf(v.Pos()) == nil) {
		return fmt.Sprintf("Some call has to say that no more will come, and close %s, once: %s may be called again, so it is not that one.", name, sends[0].fn.declName())
	}
	if g == nil {
		return fmt.Sprintf("Close %s after the last send: close(%s) behind the loop of sends, or deferred.", name, name)
	}
	return fmt.Sprintf("Let the sender close %s after its last value: defer close(%s) at the beginning of its goroutine.", name, name)
}

// notYetReturned finds a send on a channel that nobody but the sending function knows yet.
func (s *source) notYetReturned(w *waiter, takers []op) (reason, bool) {
	v, ok := w.op.obj.(*types.Var)
	if !ok || w.fn == nil || w.fn.goroutine() != nil || isField(v) || s.functionOf(v.Pos()) != w.fn || v.Pos() < w.fn.body().Pos() {
		return reason{}, false
	}
	if !s.madeIn(w.fn, v) || slices.ContainsFunc(takers, func(o op) bool { return o.obj == w.op.obj }) {
		return reason{}, false
	}
	for _, out := range s.returned(&ref{obj: v}) {
		if out.fn != w.fn {
			continue
		}
		return reason{weight: 8, lesson: secUnbuffered,
			why:  fmt.Sprintf("Nobody can receive yet: %s returns %s only at %s, after the send.", w.fn.label(), v.Name(), s.lineName(out.fn.file, out.line)),
			hint: fmt.Sprintf("Send from a goroutine that %s starts, and return the channel at once.", w.fn.label()),
			at:   []verdict.Place{s.at(out.fn.file, out.line, "never reached")}}, true
	}
	return reason{}, false
}

// selectReason says of every case of a select why it cannot become ready.
func (s *source) selectReason(w *waiter) string {
	var words []string
	for _, n := range s.nodes(s.relative(w.frame.file), w.frame.line) {
		sel, ok := n.(*ast.SelectStmt)
		if !ok {
			continue
		}
		for _, o := range s.ops {
			if !o.inSelect || o.node.Pos() < sel.Pos() || o.node.Pos() >= sel.End() {
				continue
			}
			name := types.ExprString(o.expr)
			switch {
			case o.verb == "send" && len(s.opsOn(o.obj, "receive", "range")) == 0:
				words = append(words, "nobody receives from "+name)
			case o.verb == "receive" && len(s.opsOn(o.obj, "send", "close")) == 0 && !isCall(o.expr):
				words = append(words, "nothing in your code sends on "+name+" or closes it")
			}
		}
	}
	if len(words) == 0 {
		return "None of its cases can become ready any more."
	}
	return "None of its cases can become ready: " + strings.Join(words, ", ") + "."
}
