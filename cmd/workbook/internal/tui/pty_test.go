//go:build unix

package tui

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

// terminal is a pseudo-terminal with a pager on it.
type terminal struct {
	t       *testing.T
	master  *os.File
	tty     *os.File
	before  string // the terminal's settings
	done    chan struct{}
	result  Result
	err     error
	reading sync.WaitGroup

	mu  sync.Mutex // guards out
	out bytes.Buffer
}

// start runs the pager in a pseudo-terminal of 80 × 24.
func start(ctx context.Context, t *testing.T, p Pager) *terminal {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	x := &terminal{t: t, master: master, tty: tty, done: make(chan struct{})}
	x.resize(80, 24)
	x.before = x.settings()
	p.Lesson, p.In, p.Out, p.Environ = lesson(t), tty, tty, []string{"TERM=xterm-256color", "LANG=C.UTF-8"}
	x.reading.Go(x.read)
	go func() {
		defer close(x.done)
		x.result, x.err = p.Run(ctx)
	}()
	t.Cleanup(func() {
		_ = tty.Close()
		_ = master.Close()
		x.reading.Wait()
	})
	return x
}

// read collects what the pager writes.
func (x *terminal) read() {
	buffer := make([]byte, 4096)
	for {
		n, err := x.master.Read(buffer)
		x.mu.Lock()
		x.out.Write(buffer[:n])
		x.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (x *terminal) output() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.out.String()
}

// settings returns the terminal's settings as stty words them.
func (x *terminal) settings() string {
	stty := exec.Command("stty", "-g")
	stty.Stdin = x.tty
	text, err := stty.Output()
	if err != nil {
		x.t.Skipf("no stty: %v", err)
	}
	return string(text)
}

func (x *terminal) resize(columns, rows uint16) {
	if err := pty.Setsize(x.master, &pty.Winsize{Cols: columns, Rows: rows}); err != nil {
		x.t.Fatal(err)
	}
}

func (x *terminal) typed(keys string) {
	if _, err := x.master.WriteString(keys); err != nil {
		x.t.Fatal(err)
	}
}

// await waits until the output from the given offset on has the text, and returns the offset of its end.
func (x *terminal) await(from int, text string) int {
	x.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		out := x.output()
		if i := strings.Index(out[min(from, len(out)):], text); i >= 0 {
			return from + i + len(text)
		}
		time.Sleep(5 * time.Millisecond)
	}
	x.t.Fatalf("the terminal never shows %q; it shows\n%q", text, x.output())
	return 0
}

// ended waits for the pager and checks that the terminal is as it was.
func (x *terminal) ended() {
	x.t.Helper()
	select {
	case <-x.done:
	case <-time.After(20 * time.Second):
		x.t.Fatalf("the pager does not end; it shows\n%q", x.output())
	}
	x.await(0, "\x1b[?1049l") // the alternate screen is left
	x.await(0, "\x1b[?25h")   // the cursor is shown
	if after := x.settings(); after != x.before {
		x.t.Errorf("the terminal's settings are %q, were %q", after, x.before)
	}
}

func TestPagerInTerminal(t *testing.T) {
	run := func(_ context.Context, c *course.Cell) (cell.Result, error) {
		return cell.Result{Output: "printed by " + c.ID}, nil
	}
	x := start(t.Context(), t, Pager{Style: render.Style{Color: true}, RunCell: run})
	at := x.await(0, "\x1b[?1049h")
	at = x.await(at, "What is indivisible")
	x.typed("]r")
	at = x.await(at, "printed by lost")
	x.resize(30, 10)
	if err := syscall.Kill(os.Getpid(), syscall.SIGWINCH); err != nil {
		t.Fatal(err)
	}
	at = x.await(at, "…") // only a narrow screen cuts the title
	x.typed("/last line\r")
	at = x.await(at, "last line")
	x.await(at, "end")
	x.typed("q")
	x.ended()
	if x.err != nil || x.result.Place.Anchor != "exercise-a-counter" || x.result.Action != Quit {
		t.Errorf("Run = %+v, %v", x.result, x.err)
	}
}

func TestInterruptInTerminal(t *testing.T) {
	stopped := make(chan struct{})
	run := func(ctx context.Context, _ *course.Cell) (cell.Result, error) {
		<-ctx.Done()
		close(stopped)
		return cell.Result{}, ctx.Err()
	}
	x := start(t.Context(), t, Pager{RunCell: run})
	x.await(0, "What is indivisible")
	x.typed("]r")
	x.await(0, "running, 0 s")
	x.typed("\x03")
	x.ended()
	select {
	case <-stopped:
	default:
		t.Error("Run returned before the cell had stopped")
	}
	if x.err != nil {
		t.Errorf("Run = %v", x.err)
	}
}

func TestCancelInTerminal(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	x := start(ctx, t, Pager{Start: Place{Anchor: "cells"}})
	x.await(0, "cell lost")
	cancel()
	x.ended()
	if !errors.Is(x.err, context.Canceled) || x.result.Place.Anchor != "cells" {
		t.Errorf("Run = %+v, %v, want the place and context.Canceled", x.result, x.err)
	}
}

func TestEditInTerminal(t *testing.T) {
	x := start(t.Context(), t, Pager{Start: Place{Anchor: "exercise-a-counter"}})
	x.await(0, "It has to be right")
	x.typed("e")
	x.ended()
	if x.err != nil || x.result.Action != Edit || x.result.Exercise.Name != "counter" {
		t.Errorf("Run = %+v, %v", x.result, x.err)
	}
}
