// Package sched is the runtime of the controlled scheduler that rewritten programs are linked with.
//
// The rewriter (package schedule) inserts calls of P, V, W and Start, and replaces package sync by
// the types of the same names here. In free mode they cost next to nothing and behave as the real
// ones. Run explores: it runs one test function again and again, each time in a testing/synctest
// bubble and with one goroutine at a time, and lets a strategy choose who goes on at every point.
//
// A program whose rewriter leaves nothing that can block to Go needs neither bubble nor
// loop, and every order of its steps can be listed: Enumerate does that for the cells of lessons, which an
// interpreter executes. Points, shims, choices, plans and traces are the same; see interpreted.go.
//
// Rules of the code that runs in the learner's goroutines (points, shims, the scheduler's loop):
//   - It is //go:norace and stands between runtime.RaceDisable and RaceEnable, so that the race
//     detector sees the program's own happens-before edges and none of ours.
//   - It uses no append, map, copy or string building: the runtime reports those to the race
//     detector even from a norace function. Nor does it call instrumented code on shared memory
//     (math/rand, for one).
//   - A schedule's state lives in one scheduler, which is dropped with its bubble: channels made in
//     a bubble may not be used outside of it.
//
// Needs Go 1.25 (testing/synctest); only public API is used, except for the goroutine's identity,
// which is read from the g register on amd64 and arm64 and parsed from runtime.Stack elsewhere.
package sched

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// Site is a place in the source where the rewriter put a scheduling point.
type Site struct {
	File  string `json:"file"`            // as the learner knows it, slash-separated
	Line  int32  `json:"line"`            //
	Op    string `json:"op"`              // read write rw lock unlock rlock runlock send recv select close go wait atomic call …
	Text  string `json:"text"`            // trimmed source of the statement
	Var   string `json:"var,omitempty"`   // "a.balance", "mu"
	Part  string `json:"part,omitempty"`  // of a statement that goes on: the expression that was computed last
	Guard string `json:"guard,omitempty"` // the lock that the source suggests for Var

	// Quiet promises that what the goroutine does between this point and its next one can start or
	// wake another goroutine by no means but the shims of this package. False is always safe.
	Quiet bool `json:"quiet,omitempty"`

	_ [0]func() // nobody compares sites, so that no table of them needs code that does
}

// registry holds what generated files and the command line of the process fix before the first
// schedule. It is the one place of the package, with active, that a package variable is needed for:
// inserted code has no receiver.
type registry struct {
	mu      sync.Mutex // guards what follows until the first Run; constant after that
	sites   []Site
	resets  []func()
	early   []string // test functions in which timers may fire early
	started bool     // init functions have run outside of a schedule
	reset   bool     // the packages were given their initial state, at least once
}

var (
	table  registry
	active *scheduler // the schedule that is running, nil in free mode; set only while no rewritten code runs
)

// Sites registers the sites first, first+1, …; numbers are unique in the program and start from 1.
func Sites(first int32, sites []Site) {
	table.mu.Lock()
	defer table.mu.Unlock()
	if need := int(first) + len(sites); need > len(table.sites) {
		table.sites = append(table.sites, make([]Site, need-len(table.sites))...)
	}
	copy(table.sites[first:], sites)
}

// Early registers a test function in which timers may fire while goroutines still have something to do: Run then
// explores it as with Job.Jumps.
func Early(test string) {
	table.mu.Lock()
	defer table.mu.Unlock()
	table.early = append(table.early, test)
}

// firesEarly reports whether a test was registered by Early, under its name or as a grader has renamed it.
func firesEarly(test string) bool {
	return slices.Contains(table.early, test) || slices.Contains(table.early, "hidden"+test)
}

// site returns the site's record, the zero Site for a number that is not registered.
//
//go:norace
func site(n int32) *Site {
	if n > 0 && int(n) < len(table.sites) {
		return &table.sites[n]
	}
	return &noSite
}

var noSite Site

// P is a scheduling point before the operation of a statement.
//
//go:norace
func P(site int32) {
	if s := active; s != nil {
		s.point(site)
	}
}

// B is P as a condition that holds.
//
//go:norace
func B(site int32) bool {
	if s := active; s != nil {
		s.point(site)
	}
	return true
}

// V, N and W are generic, so every package that calls them compiles them again, with every type that
// they mention and the methods of that. They mention none.

// V is a scheduling point inside an expression: after the operation whose result it returns, which is
// noted for the step that ends, before the one that site describes.
//
//go:norace
func V[T any](site int32, v T) T {
	if tracing() {
		note(0, v)
	}
	P(site)
	return v
}

// U is V for the result of a call that may have points of its own: only where it came to none is the result
// what the running step has read. That step stands at the point before site.
//
//go:norace
func U[T any](site int32, v T) T {
	if tracing() {
		note(site-1, v)
	}
	P(site)
	return v
}

// N notes, for the timeline, the value that the running step has read, and returns it.
//
//go:norace
func N[T any](site int32, v T) T {
	if tracing() {
		note(0, v)
	}
	return v
}

// W notes, for the timeline, the value that a statement has just written.
//
//go:norace
func W[T any](site int32, p *T) {
	if tracing() && p != nil {
		note(0, *p)
	}
}

// T reports whether A has anything to do: the arguments of A are not free.
//
//go:norace
func T() bool { return tracing() }

// A notes, for the timeline, that the running goroutine has called a function with arguments.
//
//go:norace
//go:noinline
func A(name string, args ...any) {
	if tracing() {
		enter(name, args)
	}
}

// tracing reports whether the running schedule is one that will be shown.
//
//go:norace
//go:noinline
func tracing() bool { return active != nil && active.tracing }

// Gosched is runtime.Gosched: the goroutine goes to the back of the queue.
//
//go:norace
func Gosched() {
	if s := active; s != nil {
		s.yield()
		return
	}
	realGosched()
}

// Locker is sync.Locker.
type Locker = sync.Locker

// SynctestTest is synctest.Test; in a schedule it is a call of f, since a bubble cannot hold a
// bubble and the schedule's own has the fake clock.
func SynctestTest(t *testing.T, f func(*testing.T)) {
	if active != nil {
		f(t)
		return
	}
	synctest.Test(t, f)
}

// word is a 32-bit spin lock. It is held for nanoseconds, but its holder may be preempted and with
// one processor the others must make way.
type word struct{ v atomic.Uint32 }

//go:norace
func (w *word) lock() {
	for !w.v.CompareAndSwap(0, 1) {
		realGosched()
	}
}

//go:norace
func (w *word) unlock() { w.v.Store(0) }
