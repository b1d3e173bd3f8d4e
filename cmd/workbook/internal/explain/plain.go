package explain

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"workbook/cmd/workbook/internal/verdict"
)

// plain reports whether a wrong result has nothing to do with the order of goroutines: there is no second one, or every
// other order that was tried had a wrong result too.
func (x *exploration) plain() bool {
	return len(x.Started) == 1 || x.Tried > 0 && x.Alike == x.Tried
}

// plainMistake tells of a wrong result that comes in every order.
func (s *source) plainMistake(f verdict.Finding, x *exploration) verdict.Finding {
	f.Hint = "No second goroutine has a part in this: go through your code by hand, with the values that the message names."
	if len(x.Started) > 1 {
		f.Detail = append(f.Detail, fmt.Sprintf("It goes wrong in whatever order the goroutines run: in all %d that were tried.", x.Tried+1))
		f.Hint = "No order of the goroutines is to blame, so it is a plain mistake: follow one call through your code by hand, with the values that the message names."
	}
	if recv := s.changesCopy(); recv != nil {
		d := recv.decl()
		f.Message = sentenceEnd(f.Message) + fmt.Sprintf(" %s has a value receiver: what it changes is a copy, which is gone when it returns.", d.Name.Name)
		f.Hint = fmt.Sprintf("Give %s a pointer receiver, *%s, as every method that changes its value needs.", d.Name.Name, receiverName(d))
		f.At = []verdict.Place{s.at(recv.file, recv.line, "value receiver")}
		return f
	}
	if lost, ok := s.lostWait(f); ok {
		return lost
	}
	if g := s.unawaited(x); g != nil {
		return s.notWaitedFor(f, g)
	}
	if fn := s.mentioned(f.Message); fn != nil {
		f.At = []verdict.Place{s.at(fn.file, fn.line, "function")}
	}
	return f
}

// waitVerbs are the operations by which a goroutine waits for others.
var waitVerbs = []string{"Wait", "receive", "range", "Lock", "RLock", "Do"}

// unawaited is a place where the learner's code started a goroutine of the schedule, nil where there is none or where
// some function, other than those that run as goroutines, has an operation that waits.
func (s *source) unawaited(x *exploration) *started {
	for _, o := range s.ops {
		if o.fn.goroutine() == nil && slices.Contains(waitVerbs, o.verb) || o.inSelect {
			return nil
		}
	}
	for i := range x.Started {
		if g := &x.Started[i]; s.files[s.relative(g.Started.File)] != nil && !g.Daemon {
			return g
		}
	}
	return nil
}

// notWaitedFor tells that nothing waits for the goroutines that a line starts.
func (s *source) notWaitedFor(f verdict.Finding, g *started) verdict.Finding {
	name := s.relative(g.Started.File)
	line := s.lineName(name, g.Started.Line)
	f.Message = sentenceEnd(f.Message) + fmt.Sprintf(" Nothing in your code waits for the goroutine started at %s.", line)
	f.At = []verdict.Place{s.at(name, g.Started.Line, "started")}
	f.Hint = s.first("Add it to a WaitGroup before it starts, or use its method Go, and call Wait where the result has to be complete.",
		"Have it close a channel, or send on one, when it is done, and receive from that where the result has to be complete.")
	f.Lesson = secWaiting
	return f
}

// changesCopy is the first exported method with a value receiver that changes a field of it, nil where there is none.
func (s *source) changesCopy() *function {
	for _, fn := range s.exported("") {
		d := fn.decl()
		if d.Recv == nil || len(d.Recv.List) == 0 || len(d.Recv.List[0].Names) == 0 {
			continue
		}
		if _, pointer := s.typeOf(d.Recv.List[0].Type).(*types.Pointer); pointer {
			continue
		}
		receiver := s.variable(d.Recv.List[0].Names[0])
		for i := range s.refs {
			r := &s.refs[i]
			sel, ok := r.expr.(*ast.SelectorExpr)
			if !ok || r.fn.decl() != d || r.kind != whole || r.mode&(writes|takes) == 0 {
				continue
			}
			if base, ok := sel.X.(*ast.Ident); ok && receiver != nil && s.variable(base) == receiver {
				return fn
			}
		}
	}
	return nil
}
