package harness

import (
	"runtime"
	"strings"
)

// A word on cost, which is correctness here. The race detector keeps a bounded history of what the
// goroutines did, and drops a report silently when the history of an older access is gone. Harness
// code that is instrumented and reads dumps byte by byte would push the submission's accesses out
// of it. So what follows is //go:norace, calls nothing of the standard library, and allocates
// little.

// goroutine is one goroutine of a dump.
type goroutine struct {
	id, parent int
	state      string // one of waiting, busy or resting
	ours       bool   // the testing package's or the harness's
	at, end    int    // its text in the dump
}

// The states of a goroutine.
const (
	waiting = "waiting" // for another goroutine
	busy    = "busy"    // could go on if it had a processor
	resting = "resting" // for something else: it sleeps, or is in a system call
)

// dump is every goroutine of the process at one instant: the runtime stops the world to take it.
// The caller's goroutine is the first.
type dump struct {
	text []byte
	all  []goroutine
}

// snapshot takes dumps into a buffer that it keeps.
type snapshot struct{ buf []byte }

const dumpLimit = 64 << 20

// take returns the goroutines of this instant; none, where there are too many to print. The text is
// good until the next call.
//
//go:norace
func (s *snapshot) take() dump {
	if s.buf == nil {
		s.buf = make([]byte, 64<<10)
	}
	for {
		n := runtime.Stack(s.buf, true)
		if n < len(s.buf) {
			return dump{s.buf[:n], parse(s.buf[:n])}
		}
		if 4*n > dumpLimit {
			return dump{}
		}
		s.buf = make([]byte, 4*n)
	}
}

// parse finds the goroutines in what runtime.Stack prints.
//
//go:norace
func parse(text []byte) []goroutine {
	count := 0
	for at := 0; at < len(text); at = after(text, at) {
		count++
	}
	all := make([]goroutine, 0, count)
	for at := 0; at < len(text); at = after(text, at) {
		g := goroutine{at: at, end: after(text, at)}
		if head(text[:g.end], &g) {
			all = append(all, g)
		}
	}
	return all
}

// after returns where the block that begins at at ends: behind the empty line.
//
//go:norace
func after(text []byte, at int) int {
	for i := at; i+1 < len(text); i++ {
		if text[i] == '\n' && text[i+1] == '\n' {
			return i + 2
		}
	}
	return len(text)
}

// head reads "goroutine 7 [chan receive, 2 minutes]:" and who created the goroutine. The text ends
// with the goroutine's.
//
//go:norace
func head(text []byte, g *goroutine) bool {
	const prefix = "goroutine "
	if find(text, g.at, prefix) != g.at {
		return false
	}
	var i int
	g.id, i = number(text, g.at+len(prefix))
	for i < len(text) && text[i] != '[' && text[i] != '\n' {
		i++
	}
	if i == len(text) || text[i] != '[' {
		return false
	}
	end := i + 1
	for end < len(text) && text[end] != ',' && text[end] != ']' && text[end] != '\n' {
		end++
	}
	g.state = stateOf(text[i+1 : end])
	if c := find(text, end, "\ncreated by "); c >= 0 {
		if c = find(text, c, " in goroutine "); c >= 0 {
			g.parent, _ = number(text, c+len(" in goroutine "))
		}
	}
	g.ours = find(text, end, "\ntesting.(*M).Run(") >= 0 || find(text, end, "/harness.Run(") >= 0 || find(text, end, "/harness.(*watch).") >= 0
	return true
}

// stateOf classifies what the runtime prints in brackets. A goroutine that is about to be woken is
// "runnable" by the time the world has stopped, so of those that wait none goes on unless another
// goroutine wakes it, or a timer, a signal or a finalizer. Suffixes come off first: "(durable)" and
// "(scan)" change nothing.
//
//go:norace
func stateOf(s []byte) string {
	for n := len(s); n > 0 && s[n-1] == ')'; n = len(s) {
		open := n - 1
		for open > 0 && s[open] != '(' {
			open--
		}
		switch string(s[open:]) {
		case "(durable)", "(scan)", "(leaked)":
			s = s[:max(open-1, 0)]
			continue
		}
		break
	}
	switch string(s) {
	case "chan receive", "chan send", "chan receive (nil chan)", "chan send (nil chan)", "select", "select (no cases)",
		"semacquire", "sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.RWMutex.RLock", "sync.WaitGroup.Wait", "sync.Cond.Wait",
		"coroutine", "synctest.Run", "synctest.Wait":
		return waiting
	case "running", "runnable", "preempted":
		return busy
	}
	return resting
}

// find returns where pattern first occurs in text from at on, -1 where it does not.
//
//go:norace
func find(text []byte, at int, pattern string) int {
	for ; at+len(pattern) <= len(text); at++ {
		if text[at] == pattern[0] && string(text[at:at+len(pattern)]) == pattern {
			return at
		}
	}
	return -1
}

// number reads a decimal number and returns where it ends.
//
//go:norace
func number(text []byte, at int) (n, end int) {
	for ; at < len(text) && '0' <= text[at] && text[at] <= '9' && n < 1<<40; at++ {
		n = 10*n + int(text[at]-'0')
	}
	return n, at
}

// quiet reports whether every goroutine but the caller's waits for another one. If so, and if no
// timer, signal or finalizer is in use, none of them can ever go on. A goroutine that spins until
// another one comes is not waiting: on a busy machine the other one may only be late.
//
//go:norace
func (d dump) quiet() bool {
	for i, g := range d.all {
		if i > 0 && g.state != waiting {
			return false
		}
	}
	return len(d.all) > 0
}

// starved reports whether some goroutine but the caller's could go on if it were given a processor.
//
//go:norace
func (d dump) starved() bool {
	for i, g := range d.all {
		if i > 0 && g.state == busy {
			return true
		}
	}
	return false
}

// sameAs reports whether two dumps hold the same goroutines in the same states, the callers' apart.
//
//go:norace
func (d dump) sameAs(other dump) bool {
	if len(d.all) != len(other.all) || len(d.all) == 0 {
		return false
	}
	for i, g := range d.all {
		if o := other.all[i]; i > 0 && (g.id != o.id || g.state != o.state) {
			return false
		}
	}
	return true
}

const (
	maxShown = 32
	maxBytes = 48 << 10
)

// show prints goroutines of the dump as the runtime does, those at the limits left out.
func (d dump) show(some []goroutine) string {
	var b strings.Builder
	for i, g := range some {
		if i == maxShown || b.Len()+g.end-g.at > maxBytes {
			break
		}
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(strings.TrimRight(string(d.text[g.at:g.end]), "\n"))
	}
	return b.String()
}
