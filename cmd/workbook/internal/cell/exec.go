package cell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// Limits of a running cell.
const (
	outputHead   = 64 << 10 // bytes of each stream that are kept from the start
	outputTail   = 4 << 10  // and from the end
	outputLimit  = 1 << 20  // more ends the program
	replyLimit   = 16 << 20
	memoryLimit  = 1 << 30 // bytes of the program and its children together
	processLimit = 32
	pollEvery    = 50 * time.Millisecond
)

// A process is one run of a program under limits.
type process struct {
	cmd   *exec.Cmd
	limit time.Duration
	stdin []byte
	reply bool // standard output is a reply of ours, which is kept whole

	started chan struct{} // closed when family is set
	family  *family

	mu    sync.Mutex
	class string // guarded by mu: the limit that ended it, "" for none
	note  string // guarded by mu
}

// stop ends the process at a limit. The first one counts.
func (p *process) stop(class, note string) {
	<-p.started
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.class == "" {
		p.class, p.note = class, note
		p.family.kill()
	}
}

// ended is what is known of a process that has ended.
type ended struct {
	class, note    string // of the limit that ended it, if any
	stdout, stderr *capped
	exit           int // -1 for a signal
	state          *os.ProcessState
	elapsed        time.Duration
}

// wait runs the process to its end, its own, the limits' or the context's, and leaves none of its
// children behind.
func (p *process) wait(ctx context.Context) (ended, error) {
	e := ended{}
	flood := func() {
		p.stop(ClassOutput, fmt.Sprintf("stopped: it printed more than %d KiB", outputLimit>>10))
	}
	e.stdout, e.stderr = &capped{keep: outputHead, over: flood}, &capped{keep: outputHead, over: flood}
	if p.reply {
		e.stdout = &capped{keep: replyLimit, over: flood}
	}
	p.cmd.Stdout, p.cmd.Stderr = e.stdout, e.stderr
	p.cmd.Stdin = bytes.NewReader(p.stdin)
	p.cmd.WaitDelay = time.Second
	group(p.cmd)
	p.started = make(chan struct{})
	start := time.Now()
	if err := p.cmd.Start(); err != nil {
		return e, fmt.Errorf("starting the cell: %w", err)
	}
	p.family = adopt(p.cmd.Process)
	close(p.started)
	done := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() { p.watch(ctx, done) })
	err := p.cmd.Wait()
	p.family.kill() // what it started must not outlive it
	close(done)
	watch.Wait()
	p.family.release()
	e.elapsed = time.Since(start)
	e.state, e.exit = p.cmd.ProcessState, p.cmd.ProcessState.ExitCode()
	e.class, e.note = p.class, p.note
	var exit *exec.ExitError
	if ctx.Err() != nil {
		return e, ctx.Err()
	}
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) && e.class == "" {
		return e, fmt.Errorf("running the cell: %w", err)
	}
	return e, nil
}

// watch stops the process at its limits, until done is closed.
func (p *process) watch(ctx context.Context, done <-chan struct{}) {
	wall := time.NewTimer(p.limit)
	defer wall.Stop()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		select {
		case <-done:
			return
		case <-ctx.Done():
			p.stop(ClassTimeout, "stopped")
		case <-wall.C:
			p.stop(ClassTimeout, fmt.Sprintf("stopped after %v: it did not end", p.limit))
		case <-poll.C:
			u := measure(p.cmd.Process.Pid)
			if u.memory > memoryLimit {
				p.stop(ClassMemory, fmt.Sprintf("stopped: it used more than %d MiB of memory", memoryLimit>>20))
			}
			if u.processes > processLimit {
				p.stop(ClassProcesses, fmt.Sprintf("stopped: it started more than %d processes", processLimit))
			}
			continue
		}
		<-done
		return
	}
}

// usage is what a process group takes.
type usage struct {
	memory    int64
	processes int
}

// capped keeps the head and the tail of what is written to it. It is safe for one writer.
type capped struct {
	keep       int // bytes of the head
	head, tail []byte
	total      int
	over       func() // called when there is more than keep and outputLimit allow
}

// Write implements io.Writer; it never fails, so that the writer's fate is the limit's business.
func (c *capped) Write(b []byte) (int, error) {
	n := len(b)
	if limit := max(c.keep, outputLimit); c.total <= limit && c.total+n > limit {
		c.over()
	}
	c.total += n
	room := min(len(b), c.keep-len(c.head))
	c.head = append(c.head, b[:room]...)
	c.tail = append(c.tail, b[room:]...)
	if len(c.tail) > 4*outputTail {
		c.tail = append([]byte(nil), c.tail[len(c.tail)-outputTail:]...)
	}
	return n, nil
}

// String is what was kept, with a line that says how much is missing.
func (c *capped) String() string {
	if c.total <= c.keep+outputTail {
		return string(c.head) + string(c.tail)
	}
	tail := c.tail[max(0, len(c.tail)-outputTail):]
	left := c.total - len(c.head) - len(tail)
	return fmt.Sprintf("%s\n… %d bytes left out …\n%s", c.head, left, tail)
}

var _ io.Writer = (*capped)(nil)
