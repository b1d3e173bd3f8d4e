package sched

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// watch notices a schedule that makes no step in real time: some goroutine blocks in a way that a
// bubble does not know to be over only by the act of another goroutine in it (network, exec, a lock
// of the standard library held during a callback), or computes without coming to a point.
type watch struct {
	limit time.Duration
	s     *scheduler
	step  int
	since time.Time
}

// busyFactor is how much longer a goroutine may compute than block: a loaded machine is slow.
const busyFactor = 5

// look is called from time to time, and returns why the schedule cannot go on.
func (w *watch) look(s *scheduler) string {
	step := progress(s)
	if s != w.s || step != w.step || w.since.IsZero() {
		w.s, w.step, w.since = s, step, time.Now()
		return ""
	}
	if time.Since(w.since) < w.limit {
		return ""
	}
	why, busy := stuck()
	if busy && time.Since(w.since) < busyFactor*w.limit {
		return ""
	}
	return why
}

//go:norace
func progress(s *scheduler) int {
	if s == nil {
		return 0
	}
	return s.step
}

// stuck says which goroutine of the newest bubble keeps it from being quiescent.
func stuck() (why string, busy bool) {
	var computing string
	for _, g := range bubbleGoroutines(allStacks()) {
		if g.durable {
			continue
		}
		where := g.userCall()
		switch g.state {
		case "running", "runnable":
			computing = fmt.Sprintf("a goroutine computes without a scheduling point: %s", where)
		default:
			return fmt.Sprintf("a goroutine blocks outside of the scheduler's reach (%s): %s", g.state, where), false
		}
	}
	if computing != "" {
		return computing, true
	}
	return "no goroutine has come to a scheduling point", true
}

// stackOf is a goroutine's part of a stack dump.
type stackOf struct {
	id      int
	state   string
	durable bool
	bubble  int
	text    string
}

func allStacks() string {
	for size := 1 << 18; ; size *= 2 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size || size >= 1<<25 {
			return string(buf[:n])
		}
	}
}

func ownStack() string {
	buf := make([]byte, 1<<14)
	return string(buf[:runtime.Stack(buf, false)])
}

// bubbleGoroutines are the goroutines of the dump's newest bubble.
// A head reads "goroutine 7 [chan receive (durable), 2 minutes, synctest bubble 3]:".
func bubbleGoroutines(dump string) []stackOf {
	var all []stackOf
	newest := 0
	for block := range strings.SplitSeq(dump, "\n\n") {
		g, ok := parseStack(block)
		if !ok || g.bubble < newest {
			continue
		}
		if g.bubble > newest {
			newest, all = g.bubble, nil
		}
		all = append(all, g)
	}
	return all
}

func parseStack(block string) (stackOf, bool) {
	head, _, _ := strings.Cut(block, "\n")
	rest, ok := strings.CutPrefix(head, "goroutine ")
	number, rest, ok2 := strings.Cut(rest, " ")
	_, rest, ok3 := strings.Cut(rest, "[")
	state, _, ok4 := strings.Cut(rest, "]:")
	if !ok || !ok2 || !ok3 || !ok4 {
		return stackOf{}, false
	}
	g := stackOf{text: block}
	g.id, _ = strconv.Atoi(number)
	parts := strings.Split(state, ", ")
	g.state, g.durable = strings.CutSuffix(parts[0], " (durable)")
	for _, part := range parts {
		if n, ok := strings.CutPrefix(part, "synctest bubble "); ok {
			g.bubble, _ = strconv.Atoi(n)
		}
	}
	return g, g.bubble > 0
}

// userCall is the innermost call that is not the runtime's or this package's, with its place.
func (g stackOf) userCall() string {
	lines := strings.Split(g.text, "\n")
	for i := 1; i+1 < len(lines); i += 2 {
		name, _, _ := strings.Cut(lines[i], "(0x")
		name = strings.TrimSuffix(name, "(...)")
		file, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +0x")
		if !ownFrame(name) {
			return name + " at " + file
		}
	}
	return "goroutine " + strconv.Itoa(g.id)
}

func ownFrame(name string) bool {
	for _, prefix := range []string{"runtime.", "internal/", "sync.", "reflect.", ownPackage + "."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// ownPackage is the import path that this package was built under.
var ownPackage = func() string {
	pc, _, _, _ := runtime.Caller(0)
	name := runtime.FuncForPC(pc).Name()
	slash := strings.LastIndexByte(name, '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	return name[:slash+dot]
}()

// bubbleDump is the stacks of the newest bubble's goroutines as they would be without this package:
// its frames are left out, and what a goroutine waits for is named as the runtime names it.
func bubbleDump() string {
	var keep []string
	for _, g := range bubbleGoroutines(allStacks()) {
		if text := g.withoutOwnFrames(); text != "" {
			keep = append(keep, text)
		}
	}
	return strings.Join(keep, "\n\n")
}

// ownWaits are the runtime's names for waiting in the methods of the shims.
var ownWaits = [...][2]string{
	{".(*Mutex).Lock(", "sync.Mutex.Lock"},
	{".(*RWMutex).Lock(", "sync.RWMutex.Lock"},
	{".(*RWMutex).RLock(", "sync.RWMutex.RLock"},
	{".(*WaitGroup).Wait(", "sync.WaitGroup.Wait"},
	{".(*Cond).Wait(", "sync.Cond.Wait"},
	{".Select(", "select"},
}

// withoutOwnFrames is "" for a goroutine of the scheduler or of package testing.
func (g stackOf) withoutOwnFrames() string {
	lines := strings.Split(strings.TrimSpace(g.text), "\n")
	head := lines[0]
	var keep []string
	users := false
	for i := 1; i < len(lines); i++ {
		line := lines[i]
		own := strings.HasPrefix(line, ownPackage+".")
		if own || strings.HasPrefix(line, "created by "+ownPackage+".") {
			head = renamed(head, g.state, line)
			i++
			continue
		}
		if !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "created by ") && !strings.HasPrefix(line, "testing") && !strings.HasPrefix(line, "reflect.") {
			users = true
		}
		keep = append(keep, line)
	}
	if !users {
		return ""
	}
	return head + "\n" + strings.Join(keep, "\n")
}

func renamed(head, state, frame string) string {
	for _, w := range ownWaits {
		if strings.HasPrefix(frame, ownPackage+w[0]) {
			return strings.Replace(head, "["+state, "["+w[1], 1)
		}
	}
	return head
}
