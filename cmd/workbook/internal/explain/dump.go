package explain

import (
	"regexp"
	"strings"
)

// goroutine is one entry of a goroutine dump.
type goroutine struct {
	id      int
	state   string // "chan receive", without "(durable)", the bubble and the minutes
	nilChan bool
	stack   []frame
	by      int     // the goroutine that started it, 0 where the dump does not say
	start   []frame // "created by", one frame or none
}

var (
	goroutineLine = regexp.MustCompile(`^goroutine (\d+)(?: gp=\S+)?(?: m=\S+)?(?: mp=\S+)? \[([^\]]*)\]`)
	createdBy     = regexp.MustCompile(`^created by (.+?)(?: in goroutine (\d+))?$`)
)

// parseDump reads the goroutines of a runtime.Stack dump, of a crash or of an interrupted program.
func parseDump(text string) []goroutine {
	var all []goroutine
	lines := splitLines(text)
	for i := 0; i < len(lines); i++ {
		m := goroutineLine.FindStringSubmatch(strings.TrimSpace(lines[i]))
		if m == nil {
			continue
		}
		g := goroutine{id: number(m[1])}
		g.state, g.nilChan = parseState(m[2])
		stack, n := parseStack(lines[i+1:])
		g.stack = stack
		i += n
		if i+2 < len(lines) {
			if c := createdBy.FindStringSubmatch(strings.TrimSpace(lines[i+1])); c != nil {
				g.by = number(c[2])
				if f, ok := parseFrame(c[1], lines[i+2]); ok {
					f.fn = c[1] // it has no arguments, and the last parenthesis is a receiver's
					g.start = []frame{f}
				}
			}
		}
		all = append(all, g)
	}
	return all
}

// parseState reads what stands in a dump's brackets:
// "chan receive (durable), synctest bubble 1", "sync.Mutex.Lock, 2 minutes", "chan send (nil chan)".
func parseState(s string) (state string, nilChan bool) {
	state, _, _ = strings.Cut(s, ",")
	nilChan = strings.Contains(state, "(nil chan)")
	if open := strings.IndexByte(state, '('); open > 0 && !strings.HasPrefix(state, "select (no cases)") {
		state = state[:open]
	}
	return strings.TrimSpace(state), nilChan
}

// address is the first argument of the innermost call with one of the names, where the dump shows it
// for certain: the mutex, wait group or condition that the goroutine waits for.
func (g goroutine) address(names ...string) string {
	for _, f := range g.stack {
		for _, name := range names {
			if !f.calls(name) {
				continue
			}
			first, _, _ := strings.Cut(f.args, ",")
			if strings.HasPrefix(first, "0x") && !strings.HasSuffix(first, "?") {
				return first
			}
		}
	}
	return ""
}
