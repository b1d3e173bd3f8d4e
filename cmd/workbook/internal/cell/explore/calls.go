package explore

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// These are the calls that Rewrite puts into a program.

// Point is a step that touches shared memory, or prints.
func Point(line, note int) {
	if s := current.Load(); s != nil {
		s.holder.line = line
		s.wait(s.holder, operation{note: note})
	}
}

// Test is Point inside an expression; it is true.
func Test(line int) bool {
	Point(line, noteRead)
	return true
}

// At says in which line the next operation is.
func At(line int) {
	if s := current.Load(); s != nil && !s.abort {
		s.holder.line = line
	}
}

// In is At inside an expression; it is true.
func In(line int) bool {
	At(line)
	return true
}

// Mark notes a statement that is no step of its own, since it can only let others go on.
func Mark(line int) {
	if s := current.Load(); s != nil && !s.abort {
		s.holder.line = line
		s.add(Step{s.holder.id, line, ""})
	}
}

// Yield lets every other goroutine that can go on do so first: a loop waits for somebody.
func Yield() {
	if s := current.Load(); s != nil {
		s.holder.yielded = true
	}
}

// Go starts a goroutine.
func Go(line int, f func()) {
	if s := current.Load(); s != nil {
		if s.abort {
			runtime.Goexit()
		}
		s.holder.line = line
		s.start(f, line)
	}
}

// Send waits until a send on ch can happen.
func Send(line int, ch any) { communicate(line, ch, true) }

// Recv waits until a receive from ch can happen.
func Recv(line int, ch any) { communicate(line, ch, false) }

func communicate(line int, ch any, send bool) {
	if s := current.Load(); s != nil {
		s.holder.line = line
		s.wait(s.holder, operation{comms: []comm{s.commOf(ch, send)}})
	}
}

// Select waits until a case can happen and returns its index, or -1 for the default.
// dirs has an s or an r for each channel, and a d at the end for a default.
func Select(line int, dirs string, chans ...any) int {
	s := current.Load()
	if s == nil {
		return -1
	}
	s.holder.line = line
	op := operation{other: strings.HasSuffix(dirs, "d"), comms: make([]comm, len(chans))}
	for i, ch := range chans {
		op.comms[i] = s.commOf(ch, dirs[i] == 's')
	}
	return s.wait(s.holder, op)
}

// Close is the step before close(ch).
func Close(line int, ch any) {
	if s := current.Load(); s != nil {
		s.holder.line = line
		s.wait(s.holder, operation{})
		if c := s.commOf(ch, true); c.ch != nil {
			c.ch.closed = true
		}
	}
}

// Cap is cap of a channel as the program made it.
func Cap(ch any) int { return max(0, reflect.ValueOf(ch).Cap()-1) }

// Gosched replaces runtime.Gosched.
func Gosched() { free() }

// free is a step at which turning to another goroutine is no preemption.
func free() {
	if s := current.Load(); s != nil {
		s.wait(s.holder, operation{free: true})
	}
}

// NumGoroutine replaces runtime.NumGoroutine.
func NumGoroutine() int {
	s := current.Load()
	if s == nil {
		return 1
	}
	s.wait(s.holder, operation{})
	return len(s.live)
}

// Output is where the program prints.
type Output struct{}

// Write implements io.Writer.
func (Output) Write(p []byte) (int, error) {
	s := current.Load()
	if s == nil || s.abort {
		return len(p), nil
	}
	if s.out.Len()+len(p) > maxOutput {
		s.err = fmt.Errorf("the program prints more than %d KiB in one schedule", maxOutput>>10)
		s.fatal("output")
	}
	return s.out.Write(p)
}

// panicText words a panic as the runtime does.
func panicText(r any) string {
	if v, ok := r.(reflect.Value); ok && v.IsValid() && v.CanInterface() {
		r = v.Interface()
	}
	text := fmt.Sprint(r)
	switch {
	case strings.Contains(text, "index out of range"):
		return "runtime error: index out of range"
	case strings.Contains(text, "on zero Value"), strings.Contains(text, "nil pointer"):
		return "runtime error: invalid memory address or nil pointer dereference"
	}
	return text
}
