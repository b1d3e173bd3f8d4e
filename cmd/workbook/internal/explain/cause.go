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

// cause is what is missing between two accesses.
type cause struct {
	why    string // a sentence, the second of the message
	hint   string
	lesson string
	at     []verdict.Place
	detail []string
}

// cause finds the most particular reason for a race.
func (r *race) cause() cause {
	for _, try := range []func() (cause, bool){
		r.renewedInUse, r.ownOnce, r.receiverCopies, r.waitGroupMisuse, r.closeRace, r.mixedAtomic, r.writeUnderRLock, r.copiedLock,
		r.calledWithoutOrder, r.handedOver, r.otherLock, r.oneSideLocked, r.handedOut, r.notOrdered, r.notAwaited, r.guardedElsewhere,
	} {
		if c, ok := try(); ok {
			return c
		}
	}
	return r.unguarded()
}

func (r *race) waitGroupMisuse() (cause, bool) {
	if r.a.how != waitGroup && r.b.how != waitGroup {
		return cause{}, false
	}
	if v := r.ref(); v != nil && r.ownOfPackage(v) {
		return cause{
			why:  fmt.Sprintf("%s belongs to the package, so all calls of %s count with the same one, and one waits while another adds to it.", v.name(), r.onlyUser(v).Name.Name),
			hint: fmt.Sprintf("Nothing outside of %s uses %s: declare it in the function, and every call has its own.", r.onlyUser(v).Name.Name, v.name()), lesson: secWaiting,
		}, true
	}
	return cause{
		why:    "Add is not ordered before Wait: the counter may still be 0 when Wait looks, and Wait then returns at once.",
		hint:   "Call Add before the go statement, in the goroutine that calls Wait, or use wg.Go.",
		lesson: secWaiting,
	}, true
}

func (r *race) closeRace() (cause, bool) {
	if r.a.how != chanClose && r.b.how != chanClose {
		return cause{}, false
	}
	return cause{
		why:    "Nothing orders the send before the close, and a send that comes after it panics.",
		hint:   "Let the sending side close the channel, and only after its last send: wait for all senders first.",
		lesson: secClosing,
	}, true
}

func (r *race) mixedAtomic() (cause, bool) {
	if (r.a.how == atomically) == (r.b.how == atomically) {
		return cause{}, false
	}
	atom, bare := r.a, r.b
	if r.b.how == atomically {
		atom, bare = r.b, r.a
	}
	if atom.origin != fromLearner || bare.origin != fromLearner {
		return cause{}, false
	}
	does := "reads"
	if bare.write {
		does = "writes"
	}
	return cause{
		why: fmt.Sprintf("%s is atomic, but %s %s the variable plainly: an atomic operation orders nothing for an access that is not atomic.",
			capital(atom.where(r.source)), bare.where(r.source), does),
		hint:   fmt.Sprintf("Make every access atomic, %s too; with the type atomic.Int64 or the like no access can be plain.", bare.where(r.source)),
		lesson: secMixed,
	}, true
}

// heldOn says which locks are held at an access: by its own function and by the learner's functions
// that called it.
func (r *race) heldOn(p *spot) []held {
	if p.origin != fromLearner || p.created {
		return nil
	}
	if p.move != nil {
		return r.exactHeld(p.move.Locks)
	}
	var all []held
	if p.ref != nil {
		all = r.heldAt(p.ref.expr.Pos())
	} else if pos := r.posAt(p.frame, ""); pos.IsValid() {
		all = r.heldAt(pos)
	}
	return append(all, r.heldByCallers(p.stack, p.index)...)
}

// heldByCallers is what the learner's functions above stack[i] hold while they call it.
func (s *source) heldByCallers(stack []frame, i int) []held {
	var all []held
	for j := i + 1; j < len(stack); j++ {
		if s.origin(stack[j]) != fromLearner {
			continue
		}
		if pos := s.posAt(stack[j], stack[j-1].base()); pos.IsValid() {
			all = append(all, s.heldAt(pos)...)
		}
	}
	return all
}

// posAt is the position on a frame's line of the call of a function, or of the line's first statement.
func (s *source) posAt(f frame, callee string) token.Pos {
	name := callee[strings.LastIndexByte(callee, '.')+1:]
	first := token.NoPos
	for _, n := range s.nodes(s.relative(f.file), f.line) {
		if _, ok := n.(ast.Stmt); ok && !first.IsValid() {
			first = n.Pos()
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || name == "" {
			continue
		}
		if fn := s.callee(call.Fun); fn != nil && fn.Name() == name {
			return call.Pos()
		}
	}
	return first
}

func (r *race) writeUnderRLock() (cause, bool) {
	for _, p := range []*spot{r.a, r.b} {
		if !p.write {
			continue
		}
		for _, h := range r.heldOn(p) {
			if !h.read {
				continue
			}
			return cause{
				why: fmt.Sprintf("%s is written at %s with %s held only for reading: RLock at %s lets other readers in at the same time.",
					r.variableName(), p.where(r.source), h.text, r.lockLine(h)),
				hint:   fmt.Sprintf("Take %s.Lock() instead of RLock() wherever you write.", h.text),
				lesson: secRWMutex,
			}, true
		}
	}
	return cause{}, false
}

func (r *race) variableName() string {
	if v := r.ref(); v != nil {
		return v.name()
	}
	return "The memory"
}

func (r *race) lockLine(h held) string {
	if h.fn == nil {
		return fmt.Sprintf("line %d", h.line)
	}
	return r.lineName(h.fn.file, h.line)
}

// copiedLock finds one and the same mutex held on both sides, which cannot be one and the same then.
func (r *race) copiedLock() (cause, bool) {
	for _, h := range r.heldOn(r.a) {
		for _, o := range r.heldOn(r.b) {
			if h.obj != o.obj || h.read && o.read {
				continue
			}
			why := fmt.Sprintf("Both hold %s, but not the same one: it belongs to two different values.", h.name())
			hint := "Lock the mutex that lies beside the data, and never copy a struct that holds one."
			if d := h.fn; r.declaredIn(h.obj, d) {
				why = fmt.Sprintf("%s is declared inside %s (%s), so every call locks one of its own, and nobody else.", h.name(), d.label(), r.lineName(d.file, r.line(h.obj.Pos())))
				hint = fmt.Sprintf("Declare %s outside of %s, beside %s, so that all calls lock the same one.", h.name(), d.label(), r.variableName())
			}
			for _, x := range []held{h, o} {
				if recv := r.valueReceiver(x); recv != "" {
					why = fmt.Sprintf("%s has a value receiver, so every call locks %s of a copy of its own, and nobody else.", recv, h.text)
					hint = fmt.Sprintf("Give %s a pointer receiver. go vet reports such a copied lock.", recv)
				}
			}
			return cause{why: why, hint: hint, lesson: secCopies}, true
		}
	}
	return cause{}, false
}

// declaredIn reports whether a function, which is not one around it, declares a variable in its body.
func (s *source) declaredIn(o types.Object, fn *function) bool {
	v, ok := o.(*types.Var)
	if !ok || v.IsField() || fn == nil || s.functionOf(v.Pos()) != fn || v.Pos() < fn.body().Pos() {
		return false
	}
	_, pointer := v.Type().(*types.Pointer)
	return !pointer
}

// ownOnce explains a race in what a Once runs that the function around its Do declares.
func (r *race) ownOnce() (cause, bool) {
	for _, o := range r.ops {
		if o.verb != "Do" || !r.declaredIn(o.obj, o.fn) || !r.reaches(r.a, o.fn) && !r.reaches(r.b, o.fn) {
			continue
		}
		name, declared := types.ExprString(o.expr), r.lineName(o.file, r.line(o.obj.Pos()))
		return cause{
			why:    fmt.Sprintf("%s is declared inside %s (%s): every call has a Once of its own, whose Do calls the function anew.", name, o.fn.label(), declared),
			hint:   fmt.Sprintf("Declare %s beside what it sets up, outside of %s, so that all calls use the same one.", name, o.fn.label()),
			lesson: secOnce, at: []verdict.Place{r.at(o.file, r.line(o.obj.Pos()), "declared")},
		}, true
	}
	return cause{}, false
}

// reaches reports whether an access was made in a function that another one calls, directly or not, or in a literal in it.
func (r *race) reaches(p *spot, fn *function) bool {
	if p.origin != fromLearner || p.fn == nil || fn.decl() == nil || p.fn == fn {
		return false
	}
	return r.reachable(fn.decl())[p.fn.decl()]
}

// valueReceiver names the method with a value receiver that locks a mutex in it, or is "".
func (s *source) valueReceiver(h held) string {
	d := h.fn.decl()
	if d == nil || d.Recv == nil || len(d.Recv.List) == 0 || len(d.Recv.List[0].Names) == 0 || !isField(h.obj) {
		return ""
	}
	recv := d.Recv.List[0]
	if _, ptr := recv.Type.(*ast.StarExpr); ptr || !strings.HasPrefix(h.text+".", recv.Names[0].Name+".") {
		return ""
	}
	if _, ptr := under(h.obj.Type()).(*types.Pointer); ptr {
		return ""
	}
	return d.Name.Name
}

func (r *race) otherLock() (cause, bool) {
	a, b := r.heldOn(r.a), r.heldOn(r.b)
	if len(a) == 0 || len(b) == 0 || a[0].read && b[0].read && a[0].obj == b[0].obj {
		return cause{}, false
	}
	return cause{
		why: fmt.Sprintf("The two hold different locks: %s at %s, %s at %s. Two locks do not exclude each other.",
			a[0].text, r.a.where(r.source), b[0].text, r.b.where(r.source)),
		hint:   fmt.Sprintf("Choose one lock for %s and hold that one at every access.", r.variableName()),
		lesson: secGuards,
	}, true
}

func (r *race) oneSideLocked() (cause, bool) {
	a, b := r.heldOn(r.a), r.heldOn(r.b)
	locked, bare, locks := r.a, r.b, a
	if len(b) > 0 {
		locked, bare, locks = r.b, r.a, b
	}
	if len(a) > 0 == (len(b) > 0) || bare.origin != fromLearner {
		return cause{}, false
	}
	h := locks[0]
	guarded := r.guardedLines(h.obj)
	if len(guarded) == 0 {
		guarded = []int{locked.frame.line}
	}
	return cause{
		why: fmt.Sprintf("%s guards %s at %s, not at %s.", capital(h.name()), r.variableName(), lineList(guarded), bare.where(r.source)),
		hint: fmt.Sprintf("A lock protects a variable only if every access holds it, reads too: hold %s at %s as well.",
			h.name(), bare.where(r.source)),
		lesson: secGuards,
	}, true
}

// guardedLines are the lines where the race's variable is accessed with a lock held.
func (r *race) guardedLines(lock types.Object) []int {
	v := r.ref()
	if v == nil || len(r.files) > 1 {
		return nil
	}
	var lines []int
	for i := range r.refs {
		x := &r.refs[i]
		if x.obj != v.obj || slices.Contains(lines, x.line) {
			continue
		}
		if slices.ContainsFunc(r.heldAt(x.expr.Pos()), func(h held) bool { return h.obj == lock }) {
			lines = append(lines, x.line)
		}
	}
	slices.Sort(lines)
	return lines
}

// lineList is "line 8" or "lines 8, 12 and 14".
func lineList(lines []int) string {
	var words []string
	for _, l := range lines {
		words = append(words, fmt.Sprint(l))
	}
	if len(words) == 1 {
		return "line " + words[0]
	}
	return "lines " + and(words)
}

// and joins words as a sentence does.
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
