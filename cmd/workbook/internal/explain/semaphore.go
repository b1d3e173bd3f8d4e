package explain

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"workbook/cmd/workbook/internal/verdict"
)

// madeIn reports whether a function makes the channel that a variable of its holds.
func (s *source) madeIn(fn *function, v *types.Var) bool {
	found := false
	ast.Inspect(fn.body(), func(n ast.Node) bool {
		as, ok := n.(*ast.AssignStmt)
		if !ok || len(as.Lhs) != len(as.Rhs) {
			return true
		}
		for i, lhs := range as.Lhs {
			id, ok := lhs.(*ast.Ident)
			if !ok || s.variable(id) != v {
				continue
			}
			if call, ok := as.Rhs[i].(*ast.CallExpr); ok {
				fun, ok := call.Fun.(*ast.Ident)
				found = found || ok && fun.Name == "make"
			}
		}
		return true
	})
	return found
}

// semaphoreReason finds that a channel of empty values serves as a lock: a send takes it, a receive
// gives it back, and whoever has it waits too.
func (s *source) semaphoreReason(w *waiter, takers []op, all []*waiter) (reason, bool) {
	c, ok := under(s.typeOf(w.op.expr)).(*types.Chan)
	if !ok {
		return reason{}, false
	}
	switch e := under(c.Elem()).(type) {
	case *types.Struct:
		if e.NumFields() > 0 {
			return reason{}, false
		}
	case *types.Basic:
		if e.Kind() != types.Bool {
			return reason{}, false
		}
	default:
		return reason{}, false
	}
	if !s.buffered(w.op.obj) {
		return reason{}, false
	}
	for _, o := range all {
		if o == w || o.verb == "send" || !s.releases(o.fn, takers) {
			continue
		}
		name := w.object("the channel")
		return reason{weight: 6, lesson: secDeadlock,
			why: fmt.Sprintf("%s serves as a lock: %s holds it until it receives from it, and is %s at %s.",
				name, o.subject(), o.doing(), s.lineOf(o)),
			hint: s.first("Never wait for another goroutine, or call a function that may, while you hold a lock that it needs.",
				fmt.Sprintf("Never wait for another goroutine, or call a function that may, between the send on %s and the receive: keep what others need in one value that they read without waiting, and replace it as a whole.", name)),
			at: []verdict.Place{s.place(o.frame, "holds")}}, true
	}
	return reason{}, false
}

// buffered reports whether a channel may have room: some channel of its type is made with room, and none is made
// without and assigned to it.
func (s *source) buffered(o types.Object) bool {
	room := false
	for _, name := range s.names {
		if s.files[name].tree == nil {
			continue
		}
		ast.Inspect(s.files[name].tree, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 2 {
				id, ok := call.Fun.(*ast.Ident)
				room = room || ok && id.Name == "make" && o != nil && types.Identical(under(s.typeOf(call.Args[0])), under(o.Type()))
			}
			return !room
		})
	}
	_, bare := s.madeBare(o)
	return room && bare == nil
}

// madeBare is the call that makes a channel without room for a variable or field, and its file; nil where there is none.
func (s *source) madeBare(o types.Object) (file string, found *ast.CallExpr) {
	bare := func(lhs types.Object, e ast.Expr) {
		call, ok := e.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || lhs == nil || lhs != o {
			return
		}
		if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "make" {
			found = call
		}
	}
	for _, file = range s.names {
		if s.files[file].tree == nil {
			continue
		}
		ast.Inspect(s.files[file].tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, lhs := range n.Lhs {
					if len(n.Rhs) == len(n.Lhs) {
						bare(s.object(lhs), n.Rhs[i])
					}
				}
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok {
					bare(s.info.Uses[id], n.Value)
				}
			}
			return found == nil
		})
		if found != nil {
			break
		}
	}
	return file, found
}

// withoutRoom finds that a channel that was made without room is to hold what is sent: no goroutine of the package's
// receives, only functions that are called later do.
func (s *source) withoutRoom(w *waiter, takers []op) (reason, bool) {
	file, call := s.madeBare(w.op.obj)
	if call == nil || len(takers) == 0 || slices.ContainsFunc(s.funcs, func(f *function) bool { return f.started != nil }) {
		return reason{}, false
	}
	t := takers[0]
	if t.fn == nil || t.fn == w.fn {
		return reason{}, false
	}
	line := s.line(call.Pos())
	return reason{weight: 8, lesson: secUnbuffered,
		why: fmt.Sprintf("The channel was made without room, at %s: a send waits until somebody receives, and that happens only when %s is called (%s).",
			s.lineName(file, line), t.fn.label(), s.opLines(takers)),
		hint: fmt.Sprintf("Give it room for as many values as may lie in it: make(%s, n).", types.ExprString(call.Args[0])),
		at:   []verdict.Place{s.at(file, line, "made")}}, true
}

// startedLater finds that only goroutines receive which the sending function starts when the send is over.
func (s *source) startedLater(w *waiter, takers []op, all []*waiter) (reason, bool) {
	var g *function
	for _, t := range takers {
		g = t.fn.goroutine()
		if g == nil || g.outer != w.fn || w.op.node == nil || g.started.Pos() < w.op.node.End() || s.inLoop(w.op.node, w.fn) || waitingIn(all, g) != nil {
			return reason{}, false
		}
	}
	if g == nil {
		return reason{}, false
	}
	started := s.lineName(g.file, s.line(g.started.Pos()))
	var others []op
	for _, o := range s.opsOn(w.op.obj, "send") {
		if o.fn != w.fn {
			others = append(others, o)
		}
	}
	if len(others) > 0 && s.buffered(w.op.obj) {
		return reason{weight: 6, lesson: secLeaks, at: []verdict.Place{s.at(others[0].file, others[0].line, "sends")},
			why:  fmt.Sprintf("%s is full, and only goroutines that are started when this send is over receive from it (%s).", w.object("The channel"), s.opLines(takers)),
			hint: fmt.Sprintf("Every value that is put into %s has to be taken out again: ask who takes out those of %s.", w.object("the channel"), s.opLines(others))}, true
	}
	return reason{weight: 6, lesson: secUnbuffered, at: []verdict.Place{s.at(takers[0].file, takers[0].line, "receives")},
		why: fmt.Sprintf("Only the goroutine started at %s receives from %s (%s), and it is started when the send is over: without room in the channel the send waits for ever.",
			started, w.object("the channel"), s.opLines(takers)),
		hint: fmt.Sprintf("Give %s a buffer, with room for as many values as may be in it, or start the goroutine that receives before the send.", w.object("the channel"))}, true
}

// releases reports whether one of the receives is in a function.
func (s *source) releases(fn *function, takers []op) bool {
	for _, o := range takers {
		if fn != nil && o.fn == fn {
			return true
		}
	}
	return false
}
