package sched

import (
	"fmt"
	"reflect"
	"strconv"
	"time"
	"unsafe"
)

// maxTrace bounds the steps that a report shows; a longer schedule is shown by its first ones.
const maxTrace = 3000

// trace records the steps of one schedule.
type trace struct {
	n       int
	recs    []record
	journal *journal
}

type record struct {
	g        int32
	site     int32
	waits    uint8
	switched bool
	jump     bool
	ends     bool
	inside   bool
	locks    *hold // copied
	value    string
	calls    *entry
}

// entry is a call that a goroutine has entered.
type entry struct {
	next *entry // the one before
	text string
}

func newTrace(j *journal) *trace { return &trace{recs: make([]record, maxTrace), journal: j} }

// step records that g goes on. The lock is held.
//
//go:norace
func (t *trace) step(s *scheduler, g *gor) {
	prev := int32(0)
	couldStay := false
	if t.n > 0 {
		prev = t.recs[t.n-1].g
		if prev > 0 && prev != g.num {
			couldStay = s.gs[prev-1].state == parked
		}
	}
	if t.n == len(t.recs) || g.site <= 0 {
		g.rec = -1
		return
	}
	g.rec = t.n
	r := &t.recs[t.n]
	r.g, r.site = g.num, g.site
	r.switched = couldStay
	if g.part != nil {
		r.ends, r.inside = g.part.ends, g.part.inside
	}
	for h := g.held; h != nil; h = h.next {
		r.locks = &hold{next: r.locks, obj: h.obj, site: h.site, read: h.read}
	}
	r.calls, g.calls = g.calls, nil
	t.n++
	t.journal.step(r)
}

//go:norace
func (t *trace) jumped(s *scheduler) {
	if t.n < len(t.recs) {
		t.recs[t.n].jump = true
		t.n++
	}
}

// blocked notes that what g has just done made it wait.
//
//go:norace
func (t *trace) blocked(g *gor) {
	if g.rec >= 0 && g.rec < t.n && t.recs[g.rec].g == g.num {
		t.recs[g.rec].waits = g.waits
	}
}

// enter notes a call that the running goroutine has entered: its next step will tell.
//
//go:norace
func enter(name string, args []any) {
	s := active
	text := name + "("
	for i, a := range args {
		if i > 0 {
			text += ", "
		}
		text += argumentText(a)
	}
	e := &entry{text: text + ")"}
	raceDisable()
	if g := s.self(); g != nil {
		s.lk.lock()
		e.next, g.calls = g.calls, e
		s.lk.unlock()
	}
	raceEnable()
}

// argumentText is a short value, else "…": what a pointer points to is not looked at.
func argumentText(v any) string {
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Invalid:
		return "nil"
	case reflect.String:
		if r.Len() <= maxValue/2 {
			return strconv.Quote(r.String())
		}
	default:
		if text := numberText(r); text != "" {
			return text
		}
	}
	return "…"
}

// numberText is a number or a truth value, else "". It calls no method of the value's, which is the learner's, and
// not package fmt, which would use memory again of which the race detector may not see that it is in order.
func numberText(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if v.Type() == reflect.TypeFor[time.Duration]() {
			return time.Duration(v.Int()).String()
		}
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		return strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
	}
	return ""
}

// note gives the running goroutine's latest step a value, only if it is the one at the site from where that is
// not 0. Only the value's copy is looked at here, and that
// shallowly: following a pointer would be a read that the program does not make.
//
//go:norace
//go:noinline
func note(from int32, v any) {
	s := active
	text := valueText(v)
	raceDisable()
	if g := s.self(); g != nil && g.rec >= 0 && g.rec < s.trace.n && s.trace.recs[g.rec].g == g.num && (from == 0 || from == s.trace.recs[g.rec].site) {
		s.lk.lock()
		s.trace.recs[g.rec].value = text
		s.lk.unlock()
		s.trace.journal.value(text)
	}
	raceEnable()
}

// maxValue is the length that a value is cut to.
const maxValue = 32

func valueText(v any) string {
	text := shallow(reflect.ValueOf(v), 0)
	if r := []rune(text); len(r) > maxValue {
		text = string(r[:maxValue-1]) + "…"
	}
	return text
}

func shallow(v reflect.Value, depth int) string {
	switch v.Kind() {
	case reflect.Invalid:
		return "nil"
	case reflect.String:
		return strconv.Quote(v.String())
	case reflect.Struct:
		return shallowStruct(v, depth)
	case reflect.Slice:
		if v.IsNil() {
			return "nil"
		}
		return strconv.Itoa(v.Len()) + " elements"
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Interface:
		if v.IsNil() {
			return "nil"
		}
		return "a " + v.Type().String()
	}
	if text := numberText(v); text != "" {
		return text
	}
	return v.Type().String()
}

func shallowStruct(v reflect.Value, depth int) string {
	if depth > 0 || v.NumField() > 4 {
		return v.Type().String()
	}
	text := "{"
	for i := range v.NumField() {
		if i > 0 {
			text += " "
		}
		text += shallow(v.Field(i), depth+1)
	}
	return text + "}"
}

// panicText words a panic's value as the runtime prints it.
func panicText(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	case string:
		return v
	}
	switch reflect.ValueOf(v).Kind() {
	case reflect.Struct, reflect.Pointer, reflect.Map, reflect.Slice, reflect.Array, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return fmt.Sprintf("(%T) %v", v, v)
	}
	if t := reflect.TypeOf(v); t != nil && t.PkgPath() != "" {
		return fmt.Sprintf("%T(%v)", v, v)
	}
	return fmt.Sprint(v)
}

//go:norace
func ptr[T any](p *T) unsafe.Pointer { return unsafe.Pointer(p) }
