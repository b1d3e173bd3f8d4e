package sched

import (
	"io"
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

// Parent is a test that may have subtests.
type Parent struct{ t *testing.T }

// Sub stands before a test whose method Run or Parallel is called.
func Sub(t *testing.T) Parent { return Parent{t} }

// Run is that of *testing.T. In a schedule, where package testing refuses t.Run (a bubble's test may have no
// subtests), the subtest is a test of its own with its own name, cleanups, failure and end; its goroutine
// is one of the schedule, and what it logs goes to its parent's log.
//
// A subtest that calls t.Parallel makes the schedule say nothing: it would run before its parent's end,
// and not after it.
func (p Parent) Run(name string, f func(*testing.T)) bool {
	s, t := active, p.t
	if s == nil {
		return t.Run(name, f)
	}
	t.Helper()
	site := s.here()
	var sub *testing.T
	run := func(in *testing.T) {
		sub = in
		hush(in)
		Start(site)
		in.Cleanup(func() { // the first, and so the last to run
			end()
			if text := strings.TrimSpace(outputOf(in).read()); text != "" {
				t.Logf("%s: %s", in.Name(), text)
			}
		})
		defer caught()
		f(in)
	}
	ok := testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: t.Name() + "/" + name, F: run}})
	if sub != nil && isParallel(sub) {
		s.setParallel()
	}
	if !ok {
		t.Fail()
	}
	return ok
}

// Parallel is that of *testing.T. In a schedule no other test runs, so that the test itself has nobody to
// wait for; a subtest would have to wait for its parent's end, which makes the schedule say nothing.
func (p Parent) Parallel() {
	s := active
	switch {
	case s == nil:
		p.t.Parallel()
	case !s.isTest(p.t):
		s.setParallel()
	}
}

//go:norace
func (s *scheduler) isTest(t *testing.T) bool { return s.t == t }

// end records that the running goroutine's part in the schedule is over.
func end() {
	if active != nil {
		endGoroutine()
	}
}

// caught makes a panic of the running goroutine a finding of the schedule. It is deferred.
func caught() {
	s := active
	if s == nil {
		return
	}
	if v := recover(); v != nil {
		s.panicked(v)
	}
}

// here is the point that the running goroutine has left last.
//
//go:norace
func (s *scheduler) here() int32 {
	raceDisable()
	defer raceEnable()
	if g := s.self(); g != nil {
		return g.site
	}
	return 0
}

//go:norace
func (s *scheduler) setParallel() { s.parallel = true }

// isParallel reads package testing's own note; false where this version has none.
//
//go:norace
func isParallel(t *testing.T) bool {
	f := reflect.ValueOf(t).Elem().FieldByName("isParallel")
	return f.IsValid() && f.Kind() == reflect.Bool && f.Bool()
}

// hush drops what package testing prints about a subtest: its parent is one that RunTests has made, which
// prints to standard output.
//
//go:norace
func hush(t *testing.T) {
	parent := reflect.ValueOf(t).Elem().FieldByName("parent")
	if !parent.IsValid() || parent.Kind() != reflect.Pointer || parent.IsNil() {
		return
	}
	if w := parent.Elem().FieldByName("w"); w.IsValid() && w.Type() == reflect.TypeFor[io.Writer]() {
		*(*io.Writer)(unsafe.Pointer(w.UnsafeAddr())) = io.Discard
	}
}
