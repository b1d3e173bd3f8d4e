package run

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"workbook/cmd/workbook/internal/build"
)

// The limits of one hidden test.
const (
	Deadline = 10 * time.Second // of its own time, a machine that is slow not counted
	Settle   = 3 * time.Second  // for the goroutines that it leaves
	Startup  = 30 * time.Second // until it begins
)

// Layer is one way to run hidden tests.
type Layer struct {
	Name   string        // of the records
	Binary *build.Binary // what to run
	Tests  []string      // the hidden tests to run, one process each
	Procs  int           // GOMAXPROCS, 0 for the default
	Alone  bool          // each process has the machine to itself: it wants goroutines that run in parallel
}

// Plan is what to run, and under what limits. Zero limits are the constants above.
type Plan struct {
	Layers   []Layer
	Jobs     int // processes at a time, 0 for the number of processors
	Deadline time.Duration
	Settle   time.Duration
	Named    bool     // talk over named files though the system has pipes to inherit
	Environ  []string // where the system's own variables are taken from
}

// Run runs every test of every layer and returns their records in the plan's order. The error is
// the context's: what goes wrong otherwise is in the records.
func (p Plan) Run(ctx context.Context) ([]Record, error) {
	var all []Record
	for _, l := range p.Layers {
		all = append(all, p.layer(ctx, l)...)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return all, nil
}

// layer runs the tests of one layer, several at a time.
func (p Plan) layer(ctx context.Context, l Layer) []Record {
	records := make([]Record, len(l.Tests))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(p.jobs(l), len(l.Tests)) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(l.Tests) {
					return
				}
				records[i] = p.one(ctx, l, l.Tests[i])
			}
		})
	}
	wg.Wait()
	return records
}

func (p Plan) jobs(l Layer) int {
	switch {
	case l.Alone:
		return 1
	case p.Jobs > 0:
		return p.Jobs
	}
	return runtime.NumCPU()
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// one runs one hidden test in a process of its own, with an empty folder to work in.
func (p Plan) one(ctx context.Context, l Layer, test string) Record {
	r := Record{Test: test, Layer: l.Name, Procs: l.Procs}
	dir, err := os.MkdirTemp("", "workbook-run-")
	if err == nil {
		defer os.RemoveAll(dir)
		err = os.Mkdir(filepath.Join(dir, "cwd"), 0o700)
	}
	if err == nil {
		err = p.execute(ctx, process{Layer: l, dir: dir, nonce: rand.Text()}, &r)
	}
	if err != nil && ctx.Err() == nil {
		r.Fault = err.Error()
	}
	return r
}

// process is one child to be.
type process struct {
	Layer
	dir   string // its own: cwd and race reports are in it
	nonce string
}

func (p Plan) execute(ctx context.Context, x process, r *Record) error {
	deadline, settle := orElse(p.Deadline, Deadline), orElse(p.Settle, Settle)
	c, err := p.connect(x.dir, job{x.nonce, r.Test, deadline.Milliseconds(), settle.Milliseconds(), x.Binary.Timers})
	if err != nil {
		return err
	}
	// The harness keeps the deadlines, and gives a slow machine more time; this one is for a child
	// whose harness cannot.
	limit, cancel := context.WithTimeout(ctx, Startup+7*(deadline+settle))
	defer cancel()
	var flooded atomic.Bool
	out := &capped{flood: func() { flooded.Store(true); cancel() }}
	cmd := exec.CommandContext(limit, x.Binary.Path, "-test.run=^"+r.Test+"$", "-test.count=1", "-test.v", "-test.paniconexit0", "-test.timeout=0")
	cmd.Dir, cmd.Env = filepath.Join(x.dir, "cwd"), p.environ(x)
	cmd.Stdout, cmd.Stderr = out, out
	c.attach(cmd)
	start := time.Now()
	g, err := build.Start(cmd)
	if err != nil {
		c.close()
		return err
	}
	c.started()
	err = g.Wait()
	r.Elapsed = time.Since(start)
	events, words := c.wait()
	r.read(events, x.nonce)
	r.Failures = failures(string(words))
	r.status(cmd, err)
	r.Output, r.Truncated = out.text()
	if flooded.Load() {
		r.Killed = "output"
	} else {
		r.TimedOut = errors.Is(limit.Err(), context.DeadlineExceeded)
	}
	r.RaceText = x.races()
	r.relocate(x.Binary.Tree)
	return nil
}

func (p Plan) connect(dir string, j job) (*channels, error) {
	if p.Named || runtime.GOOS == "windows" {
		return named(dir, j)
	}
	return pipes(j)
}

// environ is everything that the child sees of the world.
func (p Plan) environ(x process) []string {
	cwd := filepath.Join(x.dir, "cwd")
	env := []string{
		"HOME=" + cwd, "TMPDIR=" + cwd, "TMP=" + cwd, "TEMP=" + cwd,
		`GORACE=atexit_sleep_ms=0 suppress_equal_stacks=0 log_path="` + filepath.Join(x.dir, "race") + `"`,
	}
	if x.Procs > 0 {
		env = append(env, "GOMAXPROCS="+strconv.Itoa(x.Procs))
	}
	for _, kv := range p.Environ {
		if name, _, _ := strings.Cut(kv, "="); strings.EqualFold(name, "SystemRoot") {
			env = append(env, kv)
		}
	}
	return env
}

// status records how the process ended.
func (r *Record) status(cmd *exec.Cmd, err error) {
	state := cmd.ProcessState
	if state == nil {
		r.Fault = fmt.Sprintf("waiting for the test: %v", err)
		return
	}
	r.Exit, r.Signal = state.ExitCode(), signal(state)
}

// races returns what the race detector wrote: to its own file, or, where it did not read its
// settings, nothing here (the reports are in the output then).
func (x process) races() string {
	names, _ := filepath.Glob(filepath.Join(x.dir, "race.*"))
	var b strings.Builder
	for _, name := range names {
		data, _ := os.ReadFile(name)
		b.Write(data[:min(len(data), 256<<10)])
	}
	return b.String()
}

// relocate makes the names of files in every text relative to the learner's workspace.
func (r *Record) relocate(tree string) {
	slash := filepath.ToSlash(tree) + "/"
	names := strings.NewReplacer(slash, "", strings.ReplaceAll(slash, "/", `\`), "")
	for _, text := range []*string{&r.Output, &r.RaceText, &r.Dump} {
		*text = names.Replace(*text)
	}
	if r.RaceText == "" && strings.Contains(r.Output, "WARNING: DATA RACE") {
		r.RaceText = r.Output
	}
}
