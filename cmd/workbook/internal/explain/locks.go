package explain

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// held is a lock that is held at some place, as far as the source shows it.
type held struct {
	obj      types.Object // the mutex: a field or a variable
	text     string       // as written where it is locked: "c.mu"
	read     bool         // by RLock
	line     int          // where it is locked
	fn       *function
	deferred bool // its unlocking is deferred
	id       int  // the number of the lock, where the scheduler tells
}

// is reports whether h is the lock that w waits for.
func (h held) is(w *waiter) bool {
	if h.id != 0 && w.on != 0 {
		return h.id == w.on
	}
	return h.obj == w.op.obj
}

// name is the mutex's own name: "mu".
func (h held) name() string { return lockName(h.obj) }

func lockName(o types.Object) string {
	if v, ok := o.(*types.Var); ok && v.Embedded() {
		return "the embedded " + v.Name()
	}
	return o.Name()
}

// heldAt says which locks are held just before pos, by the statements of the function around it. The
// walk follows the path to pos: a branch that returns leaves no trace, one that does not must hold or
// release a lock on all ways. Locks taken by the callers are not seen.
func (s *source) heldAt(pos token.Pos) []held {
	return s.heldIn(s.functionOf(pos), pos)
}

func (s *source) heldIn(fn *function, pos token.Pos) []held {
	if fn == nil {
		return nil
	}
	var state []held
	if fn.inline {
		state = s.heldIn(fn.outer, fn.node.Pos())
	}
	w := &lockWalk{source: s, fn: fn, target: pos, depth: 2}
	return w.list(fn.body().List, state)
}

// lockWalk follows the locks through the statements of one function.
type lockWalk struct {
	source *source
	fn     *function
	target token.Pos
	depth  int  // how far calls of the learner's own functions are followed
	done   bool // the target was reached
}

func (w *lockWalk) list(list []ast.Stmt, state []held) []held {
	for _, st := range list {
		if w.done {
			break
		}
		state = w.stmt(st, state)
	}
	return state
}

func (w *lockWalk) holds(n ast.Node) bool {
	return n != nil && n.Pos() <= w.target && w.target < n.End()
}

// stmt is the state after a statement, or at the target where that is in it.
func (w *lockWalk) stmt(st ast.Stmt, state []held) []held {
	after := w.walk(st, state)
	if !w.done && w.holds(st) { // in a condition or the like
		w.done = true
		return state
	}
	return after
}

func (w *lockWalk) walk(st ast.Stmt, state []held) []held {
	switch st := st.(type) {
	case *ast.BlockStmt:
		return w.list(st.List, state)
	case *ast.LabeledStmt:
		return w.stmt(st.Stmt, state)
	case *ast.IfStmt:
		return w.ifStmt(st, state)
	case *ast.ForStmt:
		return w.loop(st.Body, state)
	case *ast.RangeStmt:
		return w.loop(st.Body, state)
	case *ast.SwitchStmt:
		return w.clauses(st.Body, state)
	case *ast.TypeSwitchStmt:
		return w.clauses(st.Body, state)
	case *ast.SelectStmt:
		return w.clauses(st.Body, state)
	}
	if w.holds(st) {
		w.done = true
		return state
	}
	return w.simple(st, state)
}

func (w *lockWalk) simple(st ast.Stmt, state []held) []held {
	switch st := st.(type) {
	case *ast.ExprStmt:
		if call, ok := ast.Unparen(st.X).(*ast.CallExpr); ok {
			return w.call(call, state)
		}
	case *ast.DeferStmt:
		return w.deferred(st.Call, state)
	}
	return state
}

// call is the state after a call: of a lock's method, of a literal, or of a function of the learner's
// that locks or unlocks.
func (w *lockWalk) call(e *ast.CallExpr, state []held) []held {
	switch fun := ast.Unparen(e.Fun).(type) {
	case *ast.FuncLit:
		return w.list(fun.Body.List, state)
	case *ast.SelectorExpr:
		switch verb := w.source.syncMethod(fun); verb {
		case "Lock", "RLock":
			return w.locked(fun, verb == "RLock", state)
		case "Unlock", "RUnlock":
			return release(state, w.source.lockOf(fun))
		}
	}
	if w.depth == 0 {
		return state
	}
	if fn := w.source.declOf(e.Fun); fn != nil && fn != w.fn {
		return w.through(fn, e, state)
	}
	return state
}

// through is the state after a call of one of the learner's functions: what it locks and does not
// unlock is held from the call on.
func (w *lockWalk) through(fn *function, e *ast.CallExpr, state []held) []held {
	inner := &lockWalk{source: w.source, fn: fn, target: token.NoPos, depth: w.depth - 1}
	var after []held
	for _, h := range inner.list(fn.body().List, state) {
		before := slices.ContainsFunc(state, func(o held) bool { return o.obj == h.obj && o.deferred })
		if h.deferred && !before {
			continue
		}
		if h.fn == fn {
			h.fn, h.line = w.fn, w.source.line(e.Pos())
		}
		after = append(after, h)
	}
	return after
}

func (w *lockWalk) locked(sel *ast.SelectorExpr, read bool, state []held) []held {
	obj := w.source.lockOf(sel)
	if obj == nil {
		return state
	}
	h := held{obj: obj, text: types.ExprString(sel.X), read: read, line: w.source.line(sel.Pos()), fn: w.fn}
	return append(slices.Clone(state), h)
}

// deferred marks what a deferred call will unlock.
func (w *lockWalk) deferred(e *ast.CallExpr, state []held) []held {
	state = slices.Clone(state)
	mark := func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !strings.HasSuffix(w.source.syncMethod(sel), "Unlock") {
			return true
		}
		for i := range state {
			if state[i].obj == w.source.lockOf(sel) {
				state[i].deferred = true
			}
		}
		return true
	}
	ast.Inspect(e, mark)
	return state
}

func (w *lockWalk) ifStmt(st *ast.IfStmt, state []held) []held {
	if st.Init != nil {
		state = w.stmt(st.Init, state)
	}
	if w.done {
		return state
	}
	then, otherwise := state, state
	if sel, not := tryLock(st.Cond); sel != nil {
		got := w.locked(sel, sel.Sel.Name == "TryRLock", state)
		if not {
			otherwise = got
		} else {
			then = got
		}
	}
	then = w.list(st.Body.List, then)
	if w.done {
		return then
	}
	if st.Else != nil {
		otherwise = w.stmt(st.Else, otherwise)
		if w.done {
			return otherwise
		}
	}
	switch {
	case ends(st.Body):
		return otherwise
	case st.Else != nil && ends(st.Else):
		return then
	}
	return both(then, otherwise)
}

func (w *lockWalk) loop(body *ast.BlockStmt, state []held) []held {
	after := w.list(body.List, state)
	if w.done {
		return after
	}
	return both(state, after)
}

func (w *lockWalk) clauses(body *ast.BlockStmt, state []held) []held {
	after, first := state, true
	for _, c := range body.List {
		var list []ast.Stmt
		switch c := c.(type) {
		case *ast.CaseClause:
			list = c.Body
		case *ast.CommClause:
			list = c.Body
			if c.Comm != nil && w.holds(c.Comm) {
				w.done = true
				return state
			}
		}
		end := w.list(list, state)
		if w.done {
			return end
		}
		if len(list) > 0 && ends(list[len(list)-1]) {
			continue
		}
		if first {
			after, first = end, false
		} else {
			after = both(after, end)
		}
	}
	return after
}

// tryLock finds the TryLock in a condition and whether it is negated.
func tryLock(cond ast.Expr) (sel *ast.SelectorExpr, not bool) {
	cond = ast.Unparen(cond)
	if u, ok := cond.(*ast.UnaryExpr); ok && u.Op == token.NOT {
		not, cond = true, ast.Unparen(u.X)
	}
	call, ok := cond.(*ast.CallExpr)
	if !ok {
		return nil, false
	}
	sel, ok = call.Fun.(*ast.SelectorExpr)
	if !ok || (sel.Sel.Name != "TryLock" && sel.Sel.Name != "TryRLock") {
		return nil, false
	}
	return sel, not
}

// ends reports whether control never goes on after the statement.
func ends(st ast.Stmt) bool {
	switch st := st.(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return st.Tok != token.FALLTHROUGH
	case *ast.BlockStmt:
		return len(st.List) > 0 && ends(st.List[len(st.List)-1])
	case *ast.IfStmt:
		return st.Else != nil && ends(st.Body) && ends(st.Else)
	case *ast.ExprStmt:
		call, ok := st.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		id, ok := call.Fun.(*ast.Ident)
		return ok && id.Name == "panic"
	}
	return false
}

// release is the state without the innermost hold of a lock.
func release(state []held, obj types.Object) []held {
	for i := len(state) - 1; i >= 0; i-- {
		if state[i].obj == obj {
			return slices.Delete(slices.Clone(state), i, i+1)
		}
	}
	return state
}

// both is what is held in either state.
func both(a, b []held) []held {
	var out []held
	for _, h := range a {
		if slices.ContainsFunc(b, func(o held) bool { return o.obj == h.obj && o.read == h.read }) {
			out = append(out, h)
		}
	}
	return out
}

// lockOf is the mutex that a method like c.mu.Lock is selected from; for a mutex that is embedded in
// c it is the embedded field.
func (s *source) lockOf(sel *ast.SelectorExpr) types.Object {
	selection := s.info.Selections[sel]
	if selection != nil && len(selection.Index()) > 1 {
		t := deref(selection.Recv())
		for _, i := range selection.Index()[:len(selection.Index())-1] {
			st, ok := under(deref(t)).(*types.Struct)
			if !ok || i >= st.NumFields() {
				break
			}
			f := st.Field(i)
			if f.Name() == "Mutex" || f.Name() == "RWMutex" || f.Name() == "Locker" {
				return f.Origin()
			}
			t = f.Type()
		}
	}
	return s.object(sel.X)
}

// declOf is the learner's function that an expression calls, or nil.
func (s *source) declOf(fun ast.Expr) *function {
	f := s.callee(fun)
	if f == nil {
		return nil
	}
	for _, fn := range s.funcs {
		if d, ok := fn.node.(*ast.FuncDecl); ok && s.info.Defs[d.Name] == f {
			return fn
		}
	}
	return nil
}
