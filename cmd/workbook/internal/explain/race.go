package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/verdict"
)

// raceGroup is the reports of one bug.
type raceGroup struct {
	best  *race
	from  verdict.Finding // the one that best was read from
	pairs []string
}

// races turns the race detector's reports in the findings of class race into findings, one for each
// variable, whichever tests the reports come from.
func (s *source) races(bare []verdict.Finding, records []run.Record) []verdict.Finding {
	groups := map[any]*raceGroup{}
	var order []any
	for _, f := range bare {
		if f.Class != verdict.Race {
			continue
		}
		x := s.explorationOf(f)
		if x != nil {
			f.Raw = x.RaceText
		}
		for _, r := range parseReports(evidence(f, records)) {
			d := s.race(r, x)
			if x != nil {
				s.scheduleRace(d, x, &f)
			}
			key := d.key()
			if groups[key] == nil {
				groups[key] = &raceGroup{best: d, from: f}
				order = append(order, key)
			}
			groups[key].add(d, f)
		}
	}
	var found []verdict.Finding
	for _, key := range order {
		found = append(found, groups[key].finding())
	}
	return found
}

func (g *raceGroup) add(d *race, f verdict.Finding) {
	if d.better(g.best) {
		g.best = d
		if f.Schedule != "" || g.from.Schedule == "" {
			g.from = f
		}
	}
	if g.from.Schedule == "" && f.Schedule != "" {
		g.from = f
	}
	if p := d.lines(); !slices.Contains(g.pairs, p) {
		g.pairs = append(g.pairs, p)
	}
}

func (g *raceGroup) finding() verdict.Finding {
	f := g.best.finding()
	f.Test, f.Raw, f.Schedule, f.Timeline = g.from.Test, g.from.Raw, g.from.Schedule, g.from.Timeline
	f.Detail = append(f.Detail, g.from.Detail...)
	slices.Sort(g.pairs)
	for _, p := range g.pairs {
		if p != g.best.lines() && len(f.Detail) < 6 {
			f.Detail = append(f.Detail, "The same race was seen between "+p+".")
		}
	}
	return f
}

// race is one report seen in the learner's source. a is the read where one of the accesses is one.
type race struct {
	*source
	a, b *spot

	earlier, later *around // the accesses, where both are the test's and its schedule is known
}

// race reads a report, of the schedule x where that is not nil.
func (s *source) race(r report, x *exploration) *race {
	for len(r.sides) < 2 {
		r.sides = append(r.sides, side{lost: true, goroutine: -1})
	}
	a, b := s.spot(r, r.sides[0]), s.spot(r, r.sides[1])
	a.latest = true
	s.findGroups(a, b, x)
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
	return &race{source: s, a: a, b: b}
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
	for _, p := range c.at {
		f.At = addPlace(f.At, p)
	}
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
	case p.how == waitGroup && p.write:
		return "waits"
	case p.how == waitGroup:
		return "adds"
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
		if p.how == waitGroup {
			verb = map[bool]string{true: "call of Wait", false: "call of Add"}[p.write]
		}
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
	if p.move != nil && p.move.G == 1 {
		return "the test's own goroutine"
	}
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
