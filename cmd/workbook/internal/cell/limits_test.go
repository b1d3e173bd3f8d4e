//go:build unix

package cell

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Programs that mean harm end at a limit, and a sentence says at which.
func TestLimits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, info, code string
		class, note      string
		only             string // GOOS
	}{
		{"hang", "timeout=300ms", "select { case <-make(chan int): case <-time.After(time.Hour): }", ClassTimeout, "stopped after 300ms: it did not end", ""},
		{"spin", "timeout=300ms", "for {\n}", ClassTimeout, "stopped after 300ms: it did not end", ""},
		{"flood", "", "for {\n\tfmt.Println(strings.Repeat(\"x\", 1000))\n}", ClassOutput, "stopped: it printed more than 1024 KiB", ""},
		{"eater", "", "var all [][]byte\nfor {\n\tall = append(all, bytes.Repeat([]byte{1}, 32<<20))\n}", ClassMemory, "stopped: it used more than 1024 MiB of memory", "linux"},
		{"forker", "", "for range 40 {\n\texec.Command(\"sleep\", \"60\").Start()\n}\ntime.Sleep(time.Hour)", ClassProcesses, "stopped: it started more than 32 processes", "linux"},
		{"explored deferred", "engine=explore", "x := 0\ngo func() { x++ }()\ndefer fmt.Println(\"last\", x)", ClassFatal, stuckNote, ""},
		{"explored hang", "engine=explore timeout=500ms", "for 1 > 0 {\n}", ClassTimeout, "stopped after 500ms: it did not end", ""},
		{"explored eater", "engine=explore", "var all [][]byte\nfor {\n\tall = append(all, bytes.Repeat([]byte{1}, 32<<20))\n}", ClassMemory, "stopped: it used more than 1024 MiB of memory", "linux"},
		{"explored recursion", "engine=explore", "func f(n int) int { return f(n+1) + 1 }\n\nfmt.Println(f(0))", ClassFatal, "stopped: the interpreter's stack grew beyond 32 MiB; a function calls itself without end", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.only != "" && runtime.GOOS != test.only {
				t.Skipf("%s cannot be measured on %s", test.class, runtime.GOOS)
			}
			l, c := one(t, test.info, test.code)
			res, err := runner(t).Run(t.Context(), l, c)
			if err != nil {
				t.Fatal(err)
			}
			if res.Class != test.class || res.Note != test.note {
				t.Errorf("Run = class %q, note %q, want %q, %q\n%s", res.Class, res.Note, test.class, test.note, res.Text())
			}
			if n := len(res.Text()); n > outputHead+outputTail+100 {
				t.Errorf("%d bytes of output kept", n)
			}
		})
	}
}

// An explored program cannot print without end, nor step without end.
func TestExploredLimits(t *testing.T) {
	t.Parallel()
	r := runner(t)
	tests := []struct{ name, code, want string }{
		{"flood", "for {\n\tfmt.Println(\"flood\")\n}", "the program prints more than 16 KiB in one schedule"},
		{"endless", "x := 0\ngo func() { x = 0 }()\nfor x < 1 {\n\tx = 0\n}", "NO END: more than 20000 steps"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l, c := one(t, "engine=explore timeout=60s", test.code)
			res, err := r.Run(t.Context(), l, c)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(res.Output, test.want) {
				t.Errorf("Run = %s %q %q, want %q in it", res.Class, res.Note, res.Output, test.want)
			}
		})
	}
}

// What a cell starts dies with it, also when the caller gives up.
func TestNothingLeft(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pid")
	code := "cmd := exec.Command(\"sleep\", \"600\")\ncmd.Start()\nos.WriteFile(" + strconv.Quote(file) + ", []byte(strconv.Itoa(cmd.Process.Pid)), 0o600)\n"
	for _, hang := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		text := code
		if hang {
			text += "time.Sleep(time.Hour)"
			go func() {
				defer cancel()
				for ctx.Err() == nil {
					if b, err := os.ReadFile(file); err == nil && len(b) > 0 {
						return
					}
					time.Sleep(10 * time.Millisecond)
				}
			}()
		}
		l, c := one(t, "", text)
		_, err := runner(t).Run(ctx, l, c)
		cancel()
		if hang != errors.Is(err, context.Canceled) {
			t.Errorf("hang %v: Run = %v", hang, err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pid, _ := strconv.Atoi(string(data))
		if !gone(pid) {
			t.Errorf("hang %v: the cell's child %d is alive", hang, pid)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}

// gone waits for a killed process to go; it may be a zombie of init for a moment.
func gone(pid int) bool {
	for range 100 {
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return true
		}
		if stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err == nil && strings.Contains(string(stat), ") Z ") {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestCapped(t *testing.T) {
	over := 0
	c := &capped{keep: outputHead, over: func() { over++ }}
	for i := range 300 {
		n, err := c.Write(slices.Repeat([]byte{byte('a' + i%26)}, 10_000))
		if n != 10_000 || err != nil {
			t.Fatal(n, err)
		}
	}
	s := c.String()
	if over != 1 || len(s) > outputHead+outputTail+50 || !strings.Contains(s, "\n… 2930368 bytes left out …\n") {
		t.Errorf("over %d times, %d bytes, %q", over, len(s), s[outputHead:outputHead+50])
	}
	if want := string(slices.Repeat([]byte{'a' + 299%26}, outputTail)); !strings.HasSuffix(s, want) {
		t.Errorf("tail = %q", s[len(s)-10:])
	}
}
