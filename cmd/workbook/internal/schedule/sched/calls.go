package sched

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// What else an interpreted program calls, besides Spawn and what stands before its channel operations.

// At says where in the source the goroutine has come to.
func At(site int32) {
	if s := active; s != nil && s.in != nil && !s.aborted {
		s.self().site = site
	}
}

// In is At as a condition that holds.
func In(site int32) bool {
	At(site)
	return true
}

// Mark notes, for the timeline, an operation that is no scheduling point, since it can only let others go on.
func Mark(site int32) {
	s := active
	if s == nil || s.in == nil || s.aborted {
		return
	}
	g := s.self()
	g.site = site
	if s.tracing {
		s.trace.step(s, g)
	}
}

// Yield lets every other goroutine that can go on do so first: a loop waits for somebody.
func Yield() {
	if s := active; s != nil && s.in != nil {
		s.self().yielded = true
	}
}

// NumGoroutine is runtime.NumGoroutine.
func NumGoroutine() int {
	s := active
	if s == nil || s.in == nil {
		return runtime.NumGoroutine()
	}
	step()
	return s.alive()
}

// Stand is a scheduling point of an interpreted program at the site that At has named.
func Stand() { step() }

// Output is where an interpreted program prints.
type Output struct{}

// Write implements io.Writer.
func (Output) Write(p []byte) (int, error) {
	s := active
	if s == nil || s.in == nil || s.aborted {
		return len(p), nil
	}
	if s.in.out.Len()+len(p) > maxOutput {
		s.giveUp(fmt.Sprintf("the program prints more than %d KiB in one schedule", maxOutput>>10))
	}
	return s.in.out.Write(p)
}

// interpretedPanic words a panic as the runtime does; an interpreter's own may read otherwise.
func interpretedPanic(v any) string {
	if r, ok := v.(reflect.Value); ok && r.IsValid() && r.CanInterface() {
		v = r.Interface()
	}
	text := fmt.Sprint(v)
	switch {
	case strings.Contains(text, "index out of range"):
		return "runtime error: index out of range"
	case strings.Contains(text, "on zero Value"), strings.Contains(text, "nil pointer"):
		return "runtime error: invalid memory address or nil pointer dereference"
	}
	return text
}
