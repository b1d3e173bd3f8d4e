package explain

import (
	"fmt"
	"go/types"
	"strings"
)

// sentence is the first sentence of a race's message:
// "Balance reads a.balance while Deposit writes it: a data race on balance (int, field of Account)."
func (r *race) sentence() string {
	v := r.ref()
	var s string
	switch {
	case r.testsOwn():
		s = r.testsClause()
	case v == nil:
		s = fmt.Sprintf("%s accesses memory that %s accesses too: a data race between %s",
			r.label(r.a), r.label(r.b), r.lines())
	default:
		s = r.clause(v) + r.subject(v)
	}
	return capital(s) + "."
}

func (r *race) subject(v *ref) string {
	behind := ""
	obj := v.obj
	if to := r.targets[obj]; to != nil && v.kind == pointee {
		obj, behind = to, ", which "+v.obj.Name()+" points to"
	}
	if f, ok := obj.(*types.Func); ok {
		return ": a data race on what " + f.Name() + " returns"
	}
	if v.kind == pointee && behind == "" {
		s := ": a data race on what " + obj.Name() + " points to"
		if t := r.typeText(deref(obj.Type())); t != "" {
			s += " (" + t + ")"
		}
		return s
	}
	s := ": a data race on " + obj.Name()
	if d := r.describe(obj); d != "" {
		s += " (" + d + ")"
	}
	return s + behind
}

// clause says who does what with the variable.
func (r *race) clause(v *ref) string {
	a, b := r.label(r.a), r.label(r.b)
	if a != b || r.a.origin != fromLearner {
		return fmt.Sprintf("%s %s while %s %s", a, r.verb(r.a, v.name()), b, r.again(v))
	}
	one, two := "one call of "+a, "another call of "+a
	if g := strings.TrimPrefix(a, "the "); g != a {
		one, two = "one "+g, "another "+g
	}
	if r.a.frame.line == r.b.frame.line && r.verb(r.a, "it") == r.verb(r.b, "it") {
		return fmt.Sprintf("%s %s while %s does the same", one, r.verb(r.a, v.name()), two)
	}
	return fmt.Sprintf("%s %s while %s %s", one, r.verb(r.a, v.name()), two, r.again(v))
}

// again is what the second access does: with "it", unless its line names the variable in another way
// that is worth seeing.
func (r *race) again(v *ref) string {
	if r.b.ref != nil && r.b.ref.obj != v.obj {
		return r.verb(r.b, r.b.ref.name())
	}
	return r.verb(r.b, "it")
}

func (r *race) label(p *spot) string {
	if p.origin != fromLearner {
		return "the test"
	}
	if p.fn == nil {
		return r.lineName(r.relative(p.frame.file), p.frame.line)
	}
	return p.fn.label()
}

// verb is what an access does to the named variable.
func (r *race) verb(p *spot, name string) string {
	if p.origin != fromLearner && p.how == inside {
		p = &spot{side: p.side}
	}
	switch p.how {
	case mapRead:
		return "reads " + mapName(name)
	case mapWrite:
		return "writes to " + mapName(name)
	case grow:
		return "appends to " + name
	case chanSend:
		return "sends on " + name
	case chanClose:
		return "closes " + name
	case waitGroup:
		if p.write {
			return "calls Wait on " + name
		}
		return "calls Add on " + name
	case inside:
		if p.ref != nil && p.ref.mode&takes != 0 && name != "it" {
			return "calls " + name + "." + method(p.stack[:p.index])
		}
		return "calls " + method(p.stack[:p.index]) + " with " + name
	}
	if r.appends(p) {
		return "appends to " + name
	}
	verb := "reads "
	if p.write {
		verb = "writes "
	}
	if p.ref != nil && p.ref.kind == element && isMap(p.ref.obj.Type()) {
		return verb + mapName(name)
	}
	if p.ref != nil && p.ref.kind == element && name != "it" {
		verb += "an element of "
	}
	if p.how == atomically {
		return verb + name + " atomically"
	}
	return verb + name
}

func mapName(name string) string {
	if name == "it" {
		return name
	}
	return "the map " + name
}

// method is the outermost of the calls below the learner's line: "WriteString".
func method(above []frame) string {
	if len(above) == 0 {
		return "a method"
	}
	fn := above[len(above)-1].base()
	return fn[strings.LastIndexByte(fn, '.')+1:]
}

// capital begins a sentence with a capital letter, unless it begins with a name of the learner's.
func capital(s string) string {
	if hasAny(s, "the ", "a ", "one ", "two ", "what ", "line ", "lines ", "nothing ", "neither ", "nobody ", "goroutine ") {
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return s
}
