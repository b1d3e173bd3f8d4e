package explain

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// races turns the race detector's reports into findings, one for each variable.
func (s *source) races(text string) []verdict.Finding {
	type group struct {
		first *race
		pairs []string
	}
	groups := map[any]*group{}
	var order []any
	for _, r := range parseReports(text) {
		d := s.race(r)
		key := d.key()
		g := groups[key]
		if g == nil {
			g = &group{first: d}
			groups[key] = g
			order = append(order, key)
		} else if d.better(g.first) {
			g.first = d
		}
		if p := d.lines(); !slices.Contains(g.pairs, p) {
			g.pairs = append(g.pairs, p)
		}
	}
	var found []verdict.Finding
	for _, key := range order {
		g := groups[key]
		f := g.first.finding()
		slices.Sort(g.pairs)
		for _, p := range g.pairs {
			if p != g.first.lines() && len(f.Detail) < 6 {
				f.Detail = append(f.Detail, "The same race was seen between "+p+".")
			}
		}
		found = append(found, f)
	}
	return found
}

// race is one report seen in the learner's source. a is the read where one of the accesses is one.
type race struct {
	*source
	a, b *spot
}

func (s *source) race(r report) *race {
	for len(r.sides) < 2 {
		r.sides = append(r.sides, side{lost: true, goroutine: -1})
	}
	a, b := s.spot(r, r.sides[0]), s.spot(r, r.sides[1])
	s.findAtomic(a, b)
	s.findAtomic(b, a)
	if less(s, b, a) {
		a, b = b, a
	}
	s.match(a, b)
	if a.ref == nil && b.ref == nil {
		s.single(a)
		s.single(b)
	}
	return &race{s, a, b}
}

// less orders the accesses: the learner's before the test's, reads before writes, then by line.
func less(s *source, a, b *spot) bool {
	if (a.origin == fromLearner) != (b.origin == fromLearner) {
		return a.origin == fromLearner && a.write == b.write || !a.write && b.write
	}
	if a.write != b.write {
		return !a.write
	}
	return cmp.Or(cmp.Compare(s.relative(a.frame.file), s.relative(b.frame.file)), cmp.Compare(a.frame.line, b.frame.line)) < 0
}

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

// ref is the shared variable as the first of the accesses names it, nil where it could not be told.
func (r *race) ref() *ref {
	if r.a.ref != nil {
		return r.a.ref
	}
	return r.b.ref
}

// key is equal for reports of one bug: those of one variable, else those of one pair of lines.
func (r *race) key() any {
	if v := r.ref(); v != nil {
		return v.obj
	}
	return r.lines()
}

// better reports whether r tells more than another report of the same bug.
func (r *race) better(o *race) bool {
	known := func(x *race) int {
		n := 0
		for _, p := range []*spot{x.a, x.b} {
			if p.origin == fromLearner {
				n += 4
			}
			if p.ref != nil {
				n++
			}
			if p.ref != nil && (p.how == mapRead || p.how == mapWrite) {
				n++
			}
		}
		if x.a.write != x.b.write {
			n++
		}
		return n
	}
	return cmp.Or(cmp.Compare(known(r), known(o)), cmp.Compare(o.lines(), r.lines())) > 0
}

// lines names the two places: "lines 12 and 20".
func (r *race) lines() string {
	return r.a.where(r.source) + " and " + r.b.where(r.source)
}

func (p *spot) where(s *source) string {
	if p.origin != fromLearner {
		return "the test"
	}
	return s.lineName(s.relative(p.frame.file), p.frame.line)
}

// lineName is "line 12", with the file's name where the learner has several.
func (s *source) lineName(name string, line int) string {
	if len(s.files) > 1 {
		return fmt.Sprintf("%s:%d", name[strings.LastIndexByte(name, '/')+1:], line)
	}
	return fmt.Sprintf("line %d", line)
}

func (r *race) finding() verdict.Finding {
	c := r.cause()
	f := verdict.Finding{Class: verdict.Race, Message: r.sentence() + " " + c.why, Hint: c.hint, Lesson: c.lesson}
	for _, p := range []*spot{r.a, r.b} {
		if p.origin != fromLearner {
			continue
		}
		f.At = addPlace(f.At, r.place(p.frame, p.role()))
	}
	for _, p := range []*spot{r.a, r.b} {
		if p.birth == nil {
			continue
		}
		if b, i := r.learner(p.birth.stack); i >= 0 {
			f.At = addPlace(f.At, r.place(b, "started"))
		}
	}
	f.At = append(f.At, c.at...)
	f.Detail = append(r.provenance(), c.detail...)
	return f
}

// addPlace appends a place once; one that two accesses share gets both their roles.
func addPlace(at []verdict.Place, p verdict.Place) []verdict.Place {
	for i, o := range at {
		if o.File == p.File && o.Line == p.Line {
			if o.Role != p.Role && !strings.Contains(o.Role, p.Role) {
				at[i].Role += ", " + p.Role
			}
			return at
		}
	}
	return append(at, p)
}

func (p *spot) role() string {
	switch {
	case p.created:
		return "started"
	case p.write:
		return "write"
	}
	return "read"
}

// provenance says in which goroutines the accesses were made.
func (r *race) provenance() []string {
	var out []string
	for _, p := range []*spot{r.a, r.b} {
		if p.goroutine < 0 {
			continue
		}
		verb := map[bool]string{true: "write", false: "read"}[p.write]
		place := " at " + p.where(r.source)
		if p.origin != fromLearner {
			place = " in the test"
		}
		out = append(out, fmt.Sprintf("The %s%s is made by %s.", verb, place, r.who(p)))
	}
	if len(out) == 2 && out[0] == out[1] {
		out = []string{strings.Replace(out[0], " is made by a goroutine", " is made by two goroutines", 1)}
	}
	return out
}

// who describes the goroutine of an access.
func (r *race) who(p *spot) string {
	if p.birth == nil {
		if p.goroutine == mainGoroutine {
			return "the main goroutine"
		}
		return "a goroutine"
	}
	end := ""
	if p.birth.finished {
		end = ", which had ended by then"
	}
	if f, i := r.learner(p.birth.stack); i >= 0 {
		return "a goroutine started at " + r.lineName(r.relative(f.file), f.line) + end
	}
	if len(p.birth.stack) > 0 && p.birth.stack[0].calls("(*T).Run") {
		return "the test's own goroutine" + end
	}
	return "a goroutine that the test started" + end
}
