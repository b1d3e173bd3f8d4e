package explain

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"workbook/cmd/workbook/internal/verdict"
)

// lostWait finds a wait that does not wait for the work: one that is started as a goroutine itself, a Done before the
// work, or work that the goroutine which is counted leaves to another one. It fills in a finding of a wrong result.
func (s *source) lostWait(f verdict.Finding) (verdict.Finding, bool) {
	for _, find := range []func(*verdict.Finding) bool{s.startsWait, s.doneFirst, s.passesWork} {
		if found := f; find(&found) {
			found.Lesson = secWaiting
			return found, true
		}
	}
	return f, false
}

// startsWait finds a Wait that nobody waits for.
func (s *source) startsWait(f *verdict.Finding) bool {
	for _, o := range s.opsOf("Wait") {
		if syncType(s.typeOf(o.expr)) != "WaitGroup" || !s.isStarted(o) {
			continue
		}
		name, line := types.ExprString(o.expr), s.lineName(o.file, o.line)
		f.Message = sentenceEnd(f.Message) + fmt.Sprintf(" At %s a goroutine is started that waits; %s itself goes on at once.", line, o.fn.declName())
		f.Hint = fmt.Sprintf("Call %s.Wait() where the result has to be complete, without go.", name)
		f.At = []verdict.Place{s.at(o.file, o.line, "started")}
		return true
	}
	return false
}

// isStarted reports whether an operation is all that a goroutine does.
func (s *source) isStarted(o op) bool {
	if g := o.fn.goroutine(); g != nil && g == o.fn && len(g.body().List) == 1 {
		return true
	}
	found := false
	ast.Inspect(o.fn.body(), func(n ast.Node) bool {
		g, ok := n.(*ast.GoStmt)
		found = found || ok && ast.Node(g.Call) == o.node
		return !found
	})
	return found
}

// doneFirst finds a goroutine that calls Done, and makes another call after that.
func (s *source) doneFirst(f *verdict.Finding) bool {
	for _, o := range s.opsOf("Done") {
		if o.obj == nil || o.fn.goroutine() == nil || o.fn.goroutine() != o.fn || s.deferred(o) {
			continue
		}
		after := 0
		ast.Inspect(o.fn.body(), func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && call.Pos() > o.node.End() && after == 0 {
				after = s.line(call.Pos())
			}
			return after == 0
		})
		if after == 0 {
			continue
		}
		name, at := types.ExprString(o.expr), s.lineName(o.file, o.line)
		f.Message = sentenceEnd(f.Message) + fmt.Sprintf(" %s.Done is called at %s, before %s: Wait does not wait for what comes after Done.", name, at, s.lineName(o.file, after))
		f.Hint = fmt.Sprintf("Call %s.Done last: defer %s.Done() as the goroutine's first line.", name, name)
		f.At = []verdict.Place{s.at(o.file, o.line, "too early")}
		return true
	}
	return false
}

// passesWork finds a goroutine that starts another one and ends without waiting for it.
func (s *source) passesWork(f *verdict.Finding) bool {
	for _, fn := range s.funcs {
		if fn.started == nil || slices.ContainsFunc(s.ops, func(o op) bool { return o.fn == fn && slices.Contains(waitVerbs, o.verb) }) {
			continue
		}
		inner := innerGo(fn)
		if inner == nil || slices.ContainsFunc(s.ops, func(o op) bool { // it tells somebody of its end
			return inner.Pos() <= o.node.Pos() && o.node.End() <= inner.End() && slices.Contains([]string{"Done", "send", "close"}, o.verb)
		}) {
			continue
		}
		outer, line := s.line(fn.started.Pos()), s.line(inner.Pos())
		f.Message = sentenceEnd(f.Message) + fmt.Sprintf(" The goroutine started at %s starts another one (%s) and ends, and nothing waits for that one.", s.lineName(fn.file, outer), s.lineName(fn.file, line))
		f.Hint = "Wait for the goroutine that does the work: let the one that is counted do it itself."
		f.At = []verdict.Place{s.at(fn.file, line, "started"), s.at(fn.file, outer, "started")}
		return true
	}
	return false
}

// innerGo is a go statement in the body of a goroutine's function, outside of other literals, nil where there is none.
func innerGo(fn *function) (found *ast.GoStmt) {
	ast.Inspect(fn.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = n
			return false
		case *ast.FuncLit:
			return false
		}
		return found == nil
	})
	return found
}

// opsOf are the operations with a verb.
func (s *source) opsOf(verb string) (all []op) {
	for _, o := range s.ops {
		if o.verb == verb && o.fn != nil && o.expr != nil {
			all = append(all, o)
		}
	}
	return all
}

// lastAt is the last step at a place, none where there is none.
func lastAt(moves []*move, p verdict.Place) []*move {
	for _, m := range slices.Backward(moves) {
		if m.name == p.File && m.Line == p.Line {
			return []*move{m}
		}
	}
	return nil
}
