package harness

import (
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// goroutine is one goroutine of a dump.
type goroutine struct {
	id, parent int
	state      string // "chan receive", without what follows it in the brackets
	text       string // as the runtime printed it
}

// dump is every goroutine of the process at one instant: the runtime stops the world to take it.
type dump []goroutine

const dumpLimit = 64 << 20

// takeDump returns the goroutines of this instant; the caller's is the first. It is nil where
// there are too many to print.
func takeDump() dump {
	for size := 64 << 10; size <= dumpLimit; size *= 4 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size {
			return parseDump(string(buf[:n]))
		}
	}
	return nil
}

var (
	headline = regexp.MustCompile(`^goroutine (\d+) .*?\[([^\]]*)\]:`)
	creator  = regexp.MustCompile(`(?m)^created by .* in goroutine (\d+)$`)
)

func parseDump(text string) dump {
	var d dump
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		m := headline.FindStringSubmatch(block)
		if m == nil {
			continue
		}
		g := goroutine{state: plainState(m[2]), text: block}
		g.id, _ = strconv.Atoi(m[1])
		if c := creator.FindStringSubmatch(block); c != nil {
			g.parent, _ = strconv.Atoi(c[1])
		}
		d = append(d, g)
	}
	return d
}

// plainState strips what the runtime adds to a wait reason: ", 2 minutes", " (durable)", " (scan)".
func plainState(s string) string {
	s, _, _ = strings.Cut(s, ",")
	for _, suffix := range []string{" (scan)", " (durable)", " (leaked)"} {
		s = strings.TrimSuffix(s, suffix)
	}
	return s
}

// waiting are the states that only another goroutine can end (or a timer, where timers are used).
// A goroutine that is about to be woken is "runnable" by the time the world has stopped; sleeping,
// in a system call, waiting for the network or for the garbage collector is not here.
var waiting = map[string]bool{
	"chan receive": true, "chan send": true, "chan receive (nil chan)": true, "chan send (nil chan)": true,
	"select": true, "select (no cases)": true, "semacquire": true,
	"sync.Mutex.Lock": true, "sync.RWMutex.Lock": true, "sync.RWMutex.RLock": true,
	"sync.WaitGroup.Wait": true, "sync.Cond.Wait": true,
	"coroutine": true, "synctest.Run": true, "synctest.Wait": true,
}

// quiet reports whether every goroutine but the caller's waits for another one. If so, and if no
// timer, signal or finalizer is in use, none of them can ever go on. A goroutine that spins until
// another one comes is not waiting: on a busy machine the other one may only be late.
func (d dump) quiet() bool {
	for i, g := range d {
		if i > 0 && !waiting[g.state] {
			return false
		}
	}
	return len(d) > 0
}

// starved reports whether some goroutine but the caller's could go on if it were given a processor.
func (d dump) starved() bool {
	for i, g := range d {
		if i > 0 && (g.state == "runnable" || g.state == "running" || g.state == "preempted") {
			return true
		}
	}
	return false
}

// sameAs reports whether two dumps hold the same goroutines in the same states, the callers' apart.
func (d dump) sameAs(other dump) bool {
	if len(d) != len(other) || len(d) == 0 {
		return false
	}
	was := map[int]string{}
	for _, g := range other[1:] {
		was[g.id] = g.state
	}
	for _, g := range d[1:] {
		if was[g.id] != g.state {
			return false
		}
	}
	return true
}

const (
	maxShown = 32
	maxBytes = 48 << 10
)

// show prints the goroutines as the runtime does, those at the limits left out.
func (d dump) show() string {
	var b strings.Builder
	for i, g := range d {
		if i == maxShown || b.Len()+len(g.text) > maxBytes {
			break
		}
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(g.text)
	}
	return b.String()
}
