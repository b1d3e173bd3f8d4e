package explain

import (
	"go/ast"
	"go/types"
	"slices"
)

// spot finds the learner's line in one access. An atomic access shows no line of its caller's; there
// the place where its goroutine was started has to do.
func (s *source) spot(r report, sd side) *spot {
	p := &spot{side: sd}
	if b, ok := r.births[sd.goroutine]; ok {
		p.birth = &b
	}
	f, i := s.learner(sd.stack)
	test := slices.IndexFunc(sd.stack, func(f frame) bool { return s.origin(f) == fromTest })
	switch {
	case i >= 0 && (test < 0 || i < test):
		p.frame, p.index, p.origin = f, i, fromLearner
		p.how = accessKind(sd.stack[:i])
		p.fn = s.functionAt(f)
		s.completeBirth(p)
	case test >= 0:
		p.origin, p.how = fromTest, accessKind(sd.stack[:test])
		p.test, p.frame, p.called = sd.stack[test], f, i >= 0
	default:
		p.how = accessKind(sd.stack)
		s.startedAt(p)
	}
	return p
}

// completeBirth adds the learner's line where the goroutine was started, for one started by
// (*WaitGroup).Go: the detector's stack of that lacks the frame of the caller.
func (s *source) completeBirth(p *spot) {
	if p.birth == nil || len(p.birth.stack) == 0 || !p.birth.stack[0].calls("(*WaitGroup).Go") {
		return
	}
	if _, i := s.learner(p.birth.stack); i >= 0 {
		return
	}
	for i := len(p.stack) - 1; i >= 0; i-- {
		if s.origin(p.stack[i]) != fromLearner {
			continue
		}
		g := s.functionAt(p.stack[i]).goroutine()
		if g == nil {
			return
		}
		start := frame{fn: "starter", file: g.file, line: s.line(g.started.Pos())}
		if _, lit := g.outer.node.(*ast.FuncLit); lit {
			start.fn = "starter.func1"
		}
		p.birth.stack = append([]frame{start}, p.birth.stack...)
		return
	}
}

// startedAt places an access by where its goroutine was started.
func (s *source) startedAt(p *spot) {
	if p.birth == nil {
		return
	}
	f, i := s.learner(p.birth.stack)
	if i < 0 {
		p.origin = fromTest
		return
	}
	p.frame, p.origin, p.created = f, fromLearner, true
	p.fn = s.startedFunction(f)
	if p.how != atomically || p.fn == nil {
		return
	}
	for i := range s.refs { // the one atomic access in it, if there is one
		if r := &s.refs[i]; r.fn == p.fn && (r.atomic || s.atomicType(r.obj)) {
			p.frame.line, p.created = r.line, false
			return
		}
	}
}

// findAtomic places an atomic access that shows no line of the learner's: at an atomic use of the
// variable that the other access's line names.
func (s *source) findAtomic(p, other *spot) {
	if p.how != atomically || p.origin == fromLearner || other.origin != fromLearner {
		return
	}
	for _, o := range s.refsAt(other) {
		for i := range s.refs {
			r := &s.refs[i]
			if r.obj != o.obj || !r.atomic || p.write && r.mode&writes == 0 {
				continue
			}
			p.frame = frame{file: s.fileOf(r), line: r.line}
			p.origin, p.fn, p.ref = fromLearner, r.fn, r
			return
		}
	}
}

// startedFunction is the function that the go statement at a frame's line starts.
func (s *source) startedFunction(f frame) *function {
	for _, fn := range s.funcs {
		if fn.started != nil && fn.file == s.relative(f.file) && s.line(fn.started.Pos()) == f.line {
			return fn
		}
	}
	for _, n := range s.nodes(s.relative(f.file), f.line) {
		if g, ok := n.(*ast.GoStmt); ok {
			return s.declOf(g.Call.Fun)
		}
	}
	return s.functionAt(f)
}

func (s *source) atomicType(o types.Object) bool {
	if o == nil {
		return false
	}
	n, ok := o.Type().(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync/atomic"
}

// annotated reports whether the innermost frames are those of an access that package sync only
// announces to the detector: the frames between it and its caller are missing, the caller's too. Only
// WaitGroup does so, to report Add and Wait that are not ordered.
func (p *spot) annotated() bool {
	return len(p.stack) > 0 && (p.stack[0].fn == "runtime.raceread" || p.stack[0].fn == "runtime.racewrite")
}

// groupOps are the operations with which a goroutine may have made an access that package sync announced: the
// Adds of a goroutine that the learner's code started, or the Waits.
func (s *source) groupOps(p *spot) []op {
	verbs := []string{"Add", "Go"}
	if p.write {
		verbs = []string{"Wait"}
	}
	var all []op
	for _, o := range s.ops {
		if slices.Contains(verbs, o.verb) && o.fn != nil && (!p.created || o.fn == p.fn) {
			all = append(all, o)
		}
	}
	return all
}

// findGroups places accesses that package sync announced: an Add and a Wait of one WaitGroup, among those that
// the schedule x came to where there is one. Where the two could be several, they stay without a place.
func (s *source) findGroups(a, b *spot, x *exploration) {
	if !a.annotated() || !b.annotated() {
		return
	}
	a.how, b.how = waitGroup, waitGroup
	best, tie := 0, false
	var one, other op
	for _, oa := range s.groupOps(a) {
		for _, ob := range s.groupOps(b) {
			score := s.groupScore(oa, ob, x)
			if a.created {
				score += s.starterScore(a, ob)
			}
			if b.created {
				score += s.starterScore(b, oa)
			}
			if score > best {
				best, one, other, tie = score, oa, ob, false
			} else if score == best && score > 0 && s.same(oa.obj) != s.same(one.obj) {
				tie = true
			}
		}
	}
	if best > 0 && !tie {
		s.placeGroup(a, one)
		s.placeGroup(b, other)
	}
}

// groupScore says how probable it is that the race is between two operations; 0 is not at all.
func (s *source) groupScore(a, b op, x *exploration) int {
	if a.obj == nil || b.obj == nil || s.same(a.obj) != s.same(b.obj) {
		return 0
	}
	score := 1
	for _, o := range []op{a, b} {
		if x != nil && slices.ContainsFunc(x.Steps, func(st step) bool { return st.Line == o.line && s.relative(st.File) == o.file }) {
			score += 4
		}
	}
	return score
}

// starterScore prefers an operation in the function that started a goroutine.
func (s *source) starterScore(p *spot, o op) int {
	f, i := s.learner(p.birth.stack)
	if starter := s.functionAt(f); i >= 0 && starter != nil && starter.decl() == o.fn.decl() {
		return 2
	}
	return 0
}

func (s *source) placeGroup(p *spot, o op) {
	p.frame = frame{file: o.file, line: o.line}
	p.origin, p.fn, p.created = fromLearner, o.fn, false
	for i := range s.refs {
		if r := &s.refs[i]; r.obj == o.obj && r.fn == o.fn && r.line == o.line && r.mode&takes != 0 {
			p.ref = r
		}
	}
}
