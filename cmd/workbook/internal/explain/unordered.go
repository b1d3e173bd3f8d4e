package explain

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"workbook/cmd/workbook/internal/verdict"
)

// handedOut explains a race with the test's own access: the learner's function gave the test the very
// slice, map or pointer that it goes on using.
func (r *race) handedOut() (cause, bool) {
	v := r.ref()
	if r.b.origin == fromLearner && r.a.origin == fromLearner {
		return cause{}, false
	}
	outs := r.returned(v)
	if len(outs) == 0 {
		return cause{}, false
	}
	o := outs[0]
	if isChannel(o.typ) { // which is there to be shared
		return cause{}, false
	}
	if v != nil && r.startedIn(o.fn) {
		return cause{}, false // it is not through: whoever gets a copy gets one of what is not complete
	}
	return cause{
		why: fmt.Sprintf("%s returns %s %s at %s, not a copy: whoever gets it shares the memory without the lock.",
			o.fn.label(), o.text, o.itself(), r.lineName(o.fn.file, o.line)),
		hint:   r.copyHint(o),
		lesson: secConfine,
		at:     []verdict.Place{r.at(o.fn.file, o.line, "handed out")},
	}, true
}

// startedIn reports whether the learner's access is made in a goroutine that a function has started for itself alone:
// the variable is its own, not one that outlives the call.
func (r *race) startedIn(fn *function) bool {
	v, ok := r.ref().obj.(*types.Var)
	if !ok || v.IsField() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
		return false
	}
	for _, p := range []*spot{r.a, r.b} {
		if p.origin != fromLearner {
			continue
		}
		if start, i := r.startedByLearner(p); i >= 0 && r.functionAt(start).decl() == fn.decl() {
			return true
		}
	}
	return false
}

// copyHint says how to hand out what a return statement gives away: a copy, of a pointer a value that nobody changes.
func (r *race) copyHint(o output) string {
	switch under(o.typ).(type) {
	case *types.Slice:
		return r.first(fmt.Sprintf("Return a copy of %s, made under the lock with slices.Clone.", o.text),
			fmt.Sprintf("Return a copy of %s, made while nobody can change it: append(%s[:0:0], %s...).", o.text, o.text, o.text))
	case *types.Map:
		return r.first(fmt.Sprintf("Return a copy of %s, made under the lock with maps.Clone.", o.text),
			fmt.Sprintf("Return a copy of %s, made key by key while nobody can change it.", o.text))
	}
	return r.first(fmt.Sprintf("Never change what %s has returned: put every new value into memory of its own, and that in the place of the old one, with an atomic.Pointer or under the lock.", o.fn.label()),
		fmt.Sprintf("Never change what %s has returned: put every new value into memory of its own, and that in the place of the old one, under the lock.", o.fn.label()),
		fmt.Sprintf("Never change what %s has returned: put every new value into memory of its own, and that in the place of the old one, with an atomic.Pointer.", o.fn.label()),
		fmt.Sprintf("Never change what %s has returned: return a copy.", o.fn.label()))
}

// output is a return statement that hands out shared memory.
type output struct {
	fn   *function
	text string
	line int
	of   string // what text shares its memory with, where it is not that itself
	typ  types.Type
}

func (o output) itself() string {
	if o.of == "" {
		return "itself"
	}
	return "(" + o.of + ") itself"
}

// returned finds the return statements that hand out a variable's memory; for an unknown variable
// those that hand out a slice, map or pointer that a field or package variable holds.
func (s *source) returned(v *ref) []output {
	var outs []output
	for _, fn := range s.funcs {
		if fn.decl() == nil || fn.outer != nil {
			continue
		}
		ast.Inspect(fn.body(), func(n ast.Node) bool {
			if _, lit := n.(*ast.FuncLit); lit {
				return false
			}
			ret, ok := n.(*ast.ReturnStmt)
			if !ok {
				return true
			}
			for _, e := range ret.Results {
				o, ok := s.object(s.sharing(fn, e)).(*types.Var)
				if !ok || !refersTo(s.typeOf(e)) || isCall(e) {
					continue
				}
				shared := o.IsField() || o.Pkg() != nil && o.Parent() == o.Pkg().Scope()
				if v == nil && shared || v != nil && o == v.obj {
					out := output{fn: fn, text: types.ExprString(e), line: s.line(ret.Pos()), typ: s.typeOf(e)}
					if from := types.ExprString(s.sharing(fn, e)); from != out.text {
						out.of = from
					}
					outs = append(outs, out)
				}
			}
			return true
		})
	}
	return outs
}

// sharing is the expression whose memory e has: that which a variable of the function was made from, where e is one
// that was made without a copy.
func (s *source) sharing(fn *function, e ast.Expr) ast.Expr {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok || s.variable(id) == nil {
		return e
	}
	from := e
	ast.Inspect(fn.body(), func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != len(a.Rhs) {
			return true
		}
		for i, l := range a.Lhs {
			if x, ok := l.(*ast.Ident); ok && s.variable(x) == s.variable(id) && refersTo(s.typeOf(a.Rhs[i])) && !isCall(a.Rhs[i]) {
				from = a.Rhs[i]
			}
		}
		return true
	})
	return from
}

func isCall(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok
}

// refersTo reports whether a copy of a value of the type still shares memory.
func refersTo(t types.Type) bool {
	switch under(t).(type) {
	case *types.Slice, *types.Map, *types.Pointer, *types.Chan:
		return true
	}
	return false
}

// notAwaited explains a race between a goroutine and the function that started it, or its caller.
func (r *race) notAwaited() (cause, bool) {
	child, other := r.b, r.a
	start, ok := r.startedBefore(child, other)
	if !ok {
		child, other = r.a, r.b
		if start, ok = r.startedBefore(child, other); !ok {
			return cause{}, false
		}
	}
	if add, ok := r.addedInside(start); ok {
		return r.addTooLate(add, start, nil), true
	}
	line := r.lineName(r.relative(start.file), start.line)
	c := cause{lesson: secWaiting}
	switch {
	case other.origin != fromLearner:
		c.why = fmt.Sprintf("The goroutine started at %s still runs when your function has returned, and nothing makes the caller wait for it.", line)
	case child.birth.finished:
		c.why = fmt.Sprintf("The goroutine started at %s had ended by then, but that alone orders nothing: %s has to wait for it before %s.",
			line, r.label(other), other.where(r.source))
	default:
		c.why = fmt.Sprintf("Nothing makes %s wait for the goroutine started at %s before %s.", r.label(other), line, other.where(r.source))
	}
	c.hint = r.first("Wait for the goroutine with a WaitGroup or a channel before its result is used.",
		"Wait for the goroutine, by a channel that it closes at its end, before its result is used.")
	switch {
	case r.doneTooEarly(child, &c):
	case !other.write || other.origin != fromLearner:
	case !child.write:
		c.hint = "Give the goroutine a copy of its own, as an argument or in a variable declared for it, or let it end before the variable is written again."
	case r.namedResult(other):
		c.hint = fmt.Sprintf("%s is a named result, which every return writes: give the goroutine a variable of its own, or a channel with room for its value.", r.variableName())
	default:
		c.hint = "Both write one variable: give the goroutine one of its own, declared with := or var inside it or for it alone, and bring the two together after the wait."
	}
	if at, ok := r.sleep(start); ok {
		c.hint = r.first(fmt.Sprintf("The sleep at %s makes it likely, never certain, and orders nothing: use a WaitGroup or a channel.", at),
			fmt.Sprintf("The sleep at %s makes it likely, never certain, and orders nothing: wait on a channel.", at))
		c.lesson = secSleep
	}
	return c, true
}

// startedBefore says where the goroutine of child was started, if that was by the function that makes
// the other access, or by one that has returned to the test.
func (r *race) startedBefore(child, other *spot) (frame, bool) {
	if child.birth == nil || child.origin != fromLearner {
		return frame{}, false
	}
	start, i := r.learner(child.birth.stack)
	if i < 0 {
		return frame{}, false
	}
	if other.birth != nil {
		if o, j := r.learner(other.birth.stack); j >= 0 && o.file == start.file && o.line == start.line {
			return frame{}, false // two of the same kind
		}
	}
	if other.origin != fromLearner {
		return start, true
	}
	starter := r.functionAt(start)
	for _, f := range other.stack {
		if fn := r.functionAt(f); r.origin(f) == fromLearner && starter != nil &&
			(fn == starter || fn.decl() == starter.decl() && starter.goroutine() == nil && fn.goroutine() == nil) {
			return start, true
		}
	}
	return frame{}, false
}

// sleep finds a time.Sleep in the function that started the goroutine.
func (r *race) sleep(start frame) (string, bool) {
	fn := r.functionAt(start)
	if fn == nil {
		return "", false
	}
	where := ""
	ast.Inspect(fn.body(), func(n ast.Node) bool {
		if _, lit := n.(*ast.FuncLit); lit {
			return false
		}
		if call, ok := n.(*ast.CallExpr); ok && types.ExprString(call.Fun) == "time.Sleep" {
			where = r.lineName(fn.file, r.line(call.Pos()))
		}
		return true
	})
	return where, where != ""
}

// guardedElsewhere explains a race where a lock guards the variable, but at neither of the two lines.
func (r *race) guardedElsewhere() (cause, bool) {
	v := r.ref()
	if v == nil || len(r.files) > 1 {
		return cause{}, false
	}
	var lock types.Object
	for i := range r.refs {
		if x := &r.refs[i]; x.obj == v.obj {
			for _, h := range r.heldAt(x.expr.Pos()) {
				lock = h.obj
			}
		}
	}
	if lock == nil {
		return cause{}, false
	}
	lines := []int{r.a.frame.line, r.b.frame.line}
	slices.Sort(lines)
	guarded := r.guardedLines(lock)
	lines = slices.DeleteFunc(slices.Compact(lines), func(l int) bool { return l == 0 || slices.Contains(guarded, l) })
	if len(lines) == 0 {
		return cause{}, false
	}
	return cause{
		why:    fmt.Sprintf("%s guards %s at %s, but not at %s.", capital(lockName(lock)), v.name(), lineList(guarded), lineList(lines)),
		hint:   fmt.Sprintf("Hold %s at every access of %s, reads too.", lockName(lock), v.name()),
		lesson: secGuards,
	}, true
}

// unguarded is the cause where none of the more particular ones is.
func (r *race) unguarded() cause {
	c := cause{lesson: secRaces}
	la, lb := r.a.where(r.source), r.b.where(r.source)
	if r.b.origin != fromLearner {
		c.why = fmt.Sprintf("Nothing orders %s and the test's access: no lock is held at %s.", la, la)
	} else if r.a.origin != fromLearner {
		c.why = fmt.Sprintf("Nothing orders %s and the test's access: no lock is held at %s.", lb, lb)
	} else if la == lb {
		c.why = fmt.Sprintf("Nothing orders the two: several goroutines run %s at the same time and no lock is held there.", la)
	} else {
		c.why = fmt.Sprintf("Nothing orders %s before %s or after it: no lock is held at either.", la, lb)
	}
	v := r.ref()
	c.hint = r.first("Find what the two lines share, and guard every access to it with one mutex.", general[verdict.Race][1], general[verdict.Race][2])
	if v == nil {
		return c
	}
	c.hint = r.guard(v.name(), map[bool]types.Type{true: v.typ}[v.kind == whole])
	switch {
	case r.scratch(v):
		c.hint = fmt.Sprintf("Nothing outside of %s uses %s: declare it in the function, and every call has its own.", r.a.fn.declName(), v.name())
	case r.setUpOnce(v):
		c.hint = fmt.Sprintf("Where %s is set up once and then only read, set it up in the function given to a sync.Once, and let everybody call Do before reading. Else guard every access with one mutex.", v.name())
		c.lesson = secOnce
	case r.a.how == inside || r.b.how == inside:
		c.hint = r.first(fmt.Sprintf("%s is not safe for use by several goroutines at once: guard each call with one mutex.", v.name()),
			fmt.Sprintf("%s is not safe for use by several goroutines at once: let one of them own it.", v.name()))
	case isMap(v.obj.Type()):
		c.hint = r.first(fmt.Sprintf("Guard %s with a mutex. Different keys do not help: a map is one variable.", v.name()), c.hint)
		c.lesson = secMaps
	case r.oneArray(v):
		c.hint = fmt.Sprintf("append writes into the room behind %s, and two values share that room: give each a slice of its own (make, and copy what it begins with) before anything is appended.", v.name())
	case r.appends(r.a) || r.appends(r.b):
		c.hint = r.first(fmt.Sprintf("append reads and writes %s as a whole: guard it with a mutex, or give each goroutine an index of its own in a slice made before.", v.name()),
			fmt.Sprintf("append reads and writes %s as a whole: give each goroutine an index of its own in a slice made before.", v.name()))
	case r.sharedError(v):
		c.hint = fmt.Sprintf("The goroutines assign to one %s of the function around them; declare one inside each goroutine with :=, or send the errors to a channel.", v.name())
	case r.atomicType(v.obj):
		c.hint = fmt.Sprintf("Use %s only through its methods: copying it or assigning to it is a plain access.", v.name())
	}
	return c
}

// appends reports whether an access's line appends to the variable.
func (r *race) appends(p *spot) bool {
	if p.how == grow || p.ref == nil {
		return p.how == grow
	}
	return slices.ContainsFunc(r.refsAt(p), func(x *ref) bool { return x.grows && x.obj == p.ref.obj })
}

// oneArray reports whether two goroutines append to a field, and meet in the elements: not in the field itself, which
// each would read first.
func (r *race) oneArray(v *ref) bool {
	in := func(p *spot) bool {
		return p.origin == fromLearner && p.write && p.how != grow && p.ref != nil && p.ref.obj == v.obj && r.appends(p)
	}
	return isField(v.obj) && in(r.a) && in(r.b)
}

func isMap(t types.Type) bool {
	_, ok := under(t).(*types.Map)
	return ok
}

// sharedError reports whether the variable is an error of the function around the goroutines.
func (r *race) sharedError(v *ref) bool {
	return !isField(v.obj) && r.typeText(v.obj.Type()) == "error"
}
