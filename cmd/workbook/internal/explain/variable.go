package explain

import (
	"go/ast"
	"go/types"
	"strings"
)

// spot is one access of a race, seen in the learner's source.
type spot struct {
	side
	birth   *birth
	origin  origin // of the code that made the access: fromLearner, fromTest or fromLibrary
	frame   frame  // the learner's line, where origin is fromLearner
	index   int    // of frame in the stack
	fn      *function
	how     access
	ref     *ref  // what of the line was accessed, nil where it could not be told
	move    *move // the step of a schedule that made the access, where there is one
	test    frame // the test's line, where origin is fromTest and the access shows one
	called  bool  // the test's function was called by the learner's at frame
	latest  bool  // of the two accesses
	created bool  // frame is where the goroutine was started, since the access itself shows no learner's line
}

// access is what the frames above the learner's tell of the operation.
type access int

const (
	plain      access = iota
	mapRead           // also len, range
	mapWrite          // also delete, clear
	grow              // append
	chanSend          //
	chanClose         //
	atomically        // a function or method of sync/atomic
	waitGroup         // Add or Wait, as the detector models a misuse
	inside            // a method or function of another package, called on that line
)

// accessKind reads the frames above the learner's line, innermost first.
func accessKind(above []frame) access {
	for _, f := range above {
		switch {
		case strings.HasPrefix(f.fn, "sync/atomic."), strings.HasPrefix(f.fn, "internal/runtime/atomic."):
			return atomically
		case f.calls("(*WaitGroup).Add"), f.calls("(*WaitGroup).Wait"), f.calls("(*WaitGroup).Done"), f.calls("(*WaitGroup).Go"):
			return waitGroup
		}
	}
	if len(above) == 0 {
		return plain
	}
	last := above[len(above)-1].fn
	switch {
	case hasAny(last, "runtime.mapassign", "runtime.mapdelete", "runtime.mapclear"):
		return mapWrite
	case hasAny(last, "runtime.mapaccess", "runtime.mapiter", "runtime.mapIter", "internal/runtime/maps.(*Iter)", "runtime.maplen"):
		return mapRead
	case hasAny(last, "runtime.growslice"):
		return grow
	case hasAny(last, "runtime.chansend", "runtime.selectgo", "runtime.selectnbsend", "runtime.chanrecv"):
		return chanSend
	case hasAny(last, "runtime.closechan"):
		return chanClose
	case strings.HasPrefix(last, "runtime."):
		return plain
	}
	return inside
}

func hasAny(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// pair is what two spots have in common.
type pair struct {
	a, b  *ref
	score int
}

// match finds, among what the two lines name, what they most probably both accessed.
func (s *source) match(a, b *spot) {
	var best pair
	others := s.refsAt(b)
	for _, ra := range s.refsAt(a) {
		for _, rb := range others {
			score := s.score(a, b, ra, rb)
			if score > best.score {
				best = pair{ra, rb, score}
			}
		}
	}
	if best.score > 0 {
		a.ref, b.ref = best.a, best.b
	}
}

// single chooses what one line accesses where the other one is unknown.
func (s *source) single(a *spot) {
	best := 0
	for _, r := range s.refsAt(a) {
		if score := fits(a, r); score > best && !ownLocal(r) {
			if r.kind == whole && isField(r.obj) {
				score += 2
			}
			if score > best {
				best, a.ref = score, r
			}
		}
	}
}

// maxRefs bounds how many references of one line are looked at. Nobody writes so many, but a file may be one
// line of 64 KiB.
const maxRefs = 64

// refsAt are the references on a spot's line, in its function.
func (s *source) refsAt(a *spot) []*ref {
	if a.origin != fromLearner {
		return nil
	}
	name := s.relative(a.frame.file)
	var all, own []*ref
	for i := range s.refs {
		r := &s.refs[i]
		if len(all) == maxRefs {
			break
		}
		if r.line != a.frame.line || r.fn == nil && s.fileOf(r) != name || r.fn != nil && r.fn.file != name {
			continue
		}
		all = append(all, r)
		if r.fn == a.fn {
			own = append(own, r)
		}
	}
	if len(own) > 0 {
		return own
	}
	return all
}

func (s *source) fileOf(r *ref) string {
	return s.fset.PositionFor(r.expr.Pos(), false).Filename
}

// fits says how well a reference agrees with what the report says of the access; 0 is not at all.
func fits(a *spot, r *ref) int {
	if a.created {
		return 1
	}
	score := 0
	switch {
	case a.how == atomically:
		if !r.atomic && r.mode&takes == 0 {
			return 0
		}
		score = 8
	case a.how == inside:
		score = 4
		if r.mode&takes != 0 {
			score = 6
		}
	case a.how == waitGroup:
		if r.mode&takes == 0 {
			return 0
		}
		score = 8
	case a.write && r.mode&writes != 0, !a.write && r.mode&reads != 0:
		score = 8
	case r.mode&takes != 0:
		score = 3
	default:
		return 0
	}
	if r.mode&part != 0 {
		score -= 3
	}
	return score + kindBonus(a.how, r)
}

func kindBonus(how access, r *ref) int {
	isMap := false
	switch how {
	case mapRead, mapWrite:
		isMap = true
	case grow:
		if r.grows {
			return 4
		}
	case chanSend, chanClose:
		if _, ok := under(r.typ).(*types.Chan); ok {
			return 6
		}
		return -4
	}
	if isMap && r.kind == element {
		return 5
	}
	return 0
}

// score says how probable it is that the two references are the two accesses.
func (s *source) score(a, b *spot, ra, rb *ref) int {
	fa, fb := fits(a, ra), fits(b, rb)
	if fa == 0 || fb == 0 {
		return 0
	}
	score := fa + fb
	switch {
	case ra.obj == rb.obj:
		score += 20
		if ra.kind == rb.kind {
			score += 6
		}
		if ownLocal(ra) && ownLocal(rb) {
			return 0
		}
	case s.contains(ra, rb), s.contains(rb, ra):
		score += 8
	case ra.kind == rb.kind && (ra.kind != whole || isChan(ra.typ)) && ra.typ != nil && rb.typ != nil && types.Identical(ra.typ, rb.typ):
		score += 4
	case ra.kind+rb.kind == pointee && ra.kind != rb.kind && ra.typ != nil && rb.typ != nil && types.Identical(ra.typ, rb.typ):
		score += 2 // *p here, the variable that p points to there
	default:
		return 0
	}
	return score
}

// contains reports whether a is a whole struct that has the field b.
func (s *source) contains(a, b *ref) bool {
	if !isField(b.obj) || a.mode&part != 0 || a.kind == element {
		return false
	}
	n, ok := a.typ.(*types.Named)
	return ok && s.owner[b.obj] == n.Obj().Name()
}

func isField(o types.Object) bool {
	v, ok := o.(*types.Var)
	return ok && v.IsField()
}

// ownLocal reports whether the reference is to a variable that only its own function's call can see.
func ownLocal(r *ref) bool {
	v, ok := r.obj.(*types.Var)
	if !ok || v.IsField() || r.kind != whole || r.fn == nil {
		return false
	}
	return r.fn.node.Pos() <= v.Pos() && v.Pos() < r.fn.node.End()
}

// name is the reference as the learner wrote it, without an index: "c.n", "m", "*p".
func (r *ref) name() string {
	switch e := r.expr.(type) {
	case *ast.IndexExpr:
		return types.ExprString(e.X)
	case *ast.StarExpr:
		return types.ExprString(e)
	}
	return types.ExprString(r.expr)
}

// describe says what kind of variable it is: "int64, field of Counter".
func (s *source) describe(o types.Object) string {
	v, ok := o.(*types.Var)
	if !ok {
		return ""
	}
	var words []string
	t := s.typeText(v.Type())
	if t == "" || strings.Contains(t, "invalid type") {
		t = s.declared[v]
	}
	if t != "" {
		words = append(words, t)
	}
	switch {
	case v.IsField() && s.owner[v] != "":
		words = append(words, "field of "+s.owner[v])
	case v.IsField():
		words = append(words, "field")
	case v.Pkg() != nil && v.Parent() == v.Pkg().Scope():
		words = append(words, "package variable")
	default:
		if fn := s.functionOf(v.Pos()); fn != nil && fn.decl() != nil {
			words = append(words, "variable of "+fn.decl().Name.Name)
		}
	}
	return strings.Join(words, ", ")
}

func isChan(t types.Type) bool {
	_, ok := under(t).(*types.Chan)
	return ok
}
