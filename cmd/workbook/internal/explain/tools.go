package explain

import (
	"fmt"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// tools are the words by which a hint proposes something that a task may not allow, each with a name of the package
// that it takes. A lock made of a channel is called a channel.
var tools = []struct {
	word      *regexp.Regexp
	pkg, name string
}{
	{rx(`(?i)\bmutex|\b(r?un)?r?lock(s|ed)?\b`), "sync", "Mutex"},
	{rx(`WaitGroup|\bwg\b`), "sync", "WaitGroup"},
	{rx(`\bsync\.Once\b`), "sync", "Once"},
	{rx(`\bOnceFunc\b`), "sync", "OnceFunc"},
	{rx(`\bOnceValues?\b`), "sync", "OnceValue"},
	{rx(`sync\.Map|LoadOrStore|LoadAndDelete`), "sync", "Map"},
	{rx(`(?i)\bcond\b|\bSignal\b|\bBroadcast\b`), "sync", "Cond"},
	{rx(`(?i)\batomic|CompareAndSwap|\bSwap\b`), "sync/atomic", "Int64"},
	{rx(`\bslices\.[A-Z]`), "slices", "Clone"},
	{rx(`\bmaps\.[A-Z]`), "maps", "Clone"},
	{rx(`(?i)\bcontext\b`), "context", "Context"},
	{rx(`\btime\.[A-Z]`), "time", "Sleep"},
	{rx(`\bruntime\.[A-Z]`), "runtime", "Gosched"},
	{rx(`\berrors\.[A-Z]`), "errors", "New"},
	{rx(`\bfmt\.[A-Z]`), "fmt", "Errorf"},
}

// permits reports whether a hint proposes nothing but what the task allows.
func (s *source) permits(hint string) bool {
	for _, t := range tools {
		if !s.allows(t.pkg, t.name) && t.word.MatchString(hint) {
			return false
		}
	}
	return true
}

// first is the first hint that proposes nothing but what the task allows, else the last one.
func (s *source) first(hints ...string) string {
	if i := slices.IndexFunc(hints, s.permits); i >= 0 {
		return hints[i]
	}
	return hints[len(hints)-1]
}

// general are hints of a class that need less than its own does; the last needs nothing. Those of the other classes
// need nothing themselves.
var general = map[verdict.Class][]string{
	verdict.Race: {
		"Find what both goroutines use, and let one lock or one owner order every access to it.",
		"Find what both goroutines use, and make it one atomic value, or let one goroutine own it.",
		"Find what both goroutines use, and let one of them own it: the others ask that one over a channel.",
	},
	verdict.NotConcurrent: {"Look for a wait directly after the start of each goroutine, or for work that the caller does itself."},
}

// keepHint leaves a finding without a hint that proposes what the task does not allow: it gets one of its class instead.
func (s *source) keepHint(f *verdict.Finding) {
	if f.Class != verdict.Policy && !s.permits(f.Hint) {
		f.Hint = s.first(append([]string{Teach(f.Class).Hint}, general[f.Class]...)...)
	}
}

// or joins ways of which any will do: "a, b, or c".
func or(ways []string) string {
	n := len(ways) - 1
	if n < 1 {
		return strings.Join(ways, "")
	}
	return strings.Join(ways[:n], ", ") + ", or " + ways[n]
}

// guard says how to order all accesses to a variable with what the task allows.
func (s *source) guard(name string, t types.Type) string {
	var ways []string
	if s.allows("sync", "Mutex") {
		ways = append(ways, fmt.Sprintf("guard every access to %s with one mutex", name))
	}
	if s.allows("sync/atomic", "Int64") {
		if kind := atomicFor(t); kind != "" {
			ways = append(ways, fmt.Sprintf("make %s an %s", name, kind))
		} else if len(ways) == 0 {
			ways = append(ways, fmt.Sprintf("never change %s where others see it: keep it behind an atomic.Pointer, change a copy, and put that in its place", name))
		}
	}
	it := "it"
	if len(ways) == 0 {
		it = name
	}
	text := or(append(ways, fmt.Sprintf("let one goroutine own %s, to which the others send", it)))
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// atomicFor is the type of package atomic that holds a value of a type, "" where there is none.
func atomicFor(t types.Type) string {
	switch u := under(t).(type) {
	case *types.Pointer:
		return "atomic.Pointer"
	case *types.Basic:
		switch u.Kind() {
		case types.Bool:
			return "atomic.Bool"
		case types.Uint32, types.Uint16, types.Uint8:
			return "atomic.Uint32"
		case types.Int32, types.Int16, types.Int8:
			return "atomic.Int32"
		case types.Int, types.Int64:
			return "atomic.Int64"
		case types.Uint, types.Uint64, types.Uintptr:
			return "atomic.Uint64"
		}
	}
	return ""
}
