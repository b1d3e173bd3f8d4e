package run

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/schedule/sched"
)

// Limits are the times that one hidden test may take. A zero one means the one in Default.
type Limits struct {
	Startup  time.Duration // until it begins
	Deadline time.Duration // for itself, not counting what it waited for a busy machine
	Settle   time.Duration // for the goroutines that it leaves
}

// Default are the limits of a grading. The slowest hidden test of the course takes a third of a second.
var Default = Limits{Startup: 15 * time.Second, Deadline: 6 * time.Second, Settle: 3 * time.Second}

// within returns the limits that are in force for a test that gets a fraction of the time.
func (l Limits) within(fraction time.Duration) Limits {
	return Limits{
		Startup:  cmp.Or(l.Startup, Default.Startup) / fraction,
		Deadline: cmp.Or(l.Deadline, Default.Deadline) / fraction,
		Settle:   cmp.Or(l.Settle, Default.Settle) / fraction,
	}
}

// grace is how many times its limit a test may get on a slow machine before the runner steps in.
// The harness keeps the limits and gives up at six times.
const grace = 7

// Layer is one way to run hidden tests.
type Layer struct {
	Name   string        // of the records
	Binary *build.Binary // what to run
	Tests  []string      // the hidden tests to run, one process each
	Procs  []int         // GOMAXPROCS of the tests, by turns; none for the default
	Alone  bool          // each process has the machine to itself: it wants goroutines that run in parallel

	Bare bool // nothing but the runtime looks for a deadlock: it knows of each at once, where no other goroutine runs

	Schedule *sched.Job // for the scheduler, whose runtime is in the binary; nil runs the tests freely

	// Freely names another layer, in which a test that no schedule has failed has a second record: it then
	// ran freely in the same process, where its schedules had left nothing behind. "" asks for none.
	Freely string
}

// Plan is what to run, and under what limits.
type Plan struct {
	Limits
	Layers  []Layer
	Jobs    int      // processes at a time, 0 for the number of processors
	Named   bool     // talk over named files though the system has pipes to inherit
	Environ []string // where the system's own variables are taken from
	Inherit bool     // the tests see all of Environ, as under go test
	Hurry   bool     // once a test was late, those that have not begun are left out: they have no record
	Box     box.Tier // what every process is put into; a box that cannot be had is a fault
}

// Run runs every test of every layer and returns their records in the plan's order. The error is
// the context's: what goes wrong otherwise is in the records.
func (p Plan) Run(ctx context.Context) ([]Record, error) {
	var all []Record
	var late atomic.Int32
	for _, l := range p.Layers {
		all = append(all, p.layer(ctx, l, &late)...)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if p.Hurry && late.Load() > 0 {
			break
		}
	}
	return all, nil
}

// layer runs the tests of one layer, several at a time. Once a test was late, the next ones get half
// the time, then a quarter: somebody is waiting, and what the verdict is about is known.
func (p Plan) layer(ctx context.Context, l Layer, late *atomic.Int32) []Record {
	records := make([][]Record, len(l.Tests))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(p.jobs(l), len(l.Tests)) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(l.Tests) || p.Hurry && late.Load() > 0 {
					return
				}
				records[i] = p.one(ctx, process{Layer: l, procs: l.procs(i), fraction: time.Duration(1) << min(late.Load(), 3)}, l.Tests[i])
				if slices.ContainsFunc(records[i], Record.late) {
					late.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return slices.Concat(records...)
}

// late reports whether the test used up its time.
func (r Record) late() bool { return r.TimedOut || r.Stuck == "timeout" }

// procs is GOMAXPROCS of a test, 0 for the default.
func (l Layer) procs(test int) int {
	if len(l.Procs) == 0 {
		return 0
	}
	return l.Procs[test%len(l.Procs)]
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

// process is one child to be.
type process struct {
	Layer
	procs    int           // GOMAXPROCS, 0 for the default
	fraction time.Duration // what the limits are divided by
	dir      string        // its own: cwd and race reports are in it
	nonce    string

	resume    *state // where the scheduler goes on, nil for the beginning
	processes int    // that were used so far
}

// one runs one hidden test in a process of its own, with an empty folder to work in.
func (p Plan) one(ctx context.Context, x process, test string) []Record {
	records := x.records(test)
	var err error
	if x.dir, err = os.MkdirTemp("", "workbook-run-"); err == nil {
		defer os.RemoveAll(x.dir)
		err = os.Mkdir(filepath.Join(x.dir, "cwd"), 0o700)
	}
	if err == nil {
		x.nonce = rand.Text()
		err = p.execute(ctx, x, records)
	}
	for err == nil && x.goesOn(&records[0]) {
		x.forget()
		records = x.records(test)
		err = p.execute(ctx, x, records)
	}
	if err != nil && ctx.Err() == nil {
		records[0].Fault = err.Error()
	}
	return slices.DeleteFunc(records, func(r Record) bool { return !r.Begun && r.Layer != x.Name })
}

// records are those of a process that has not run yet.
func (x process) records(test string) []Record {
	all := []Record{{Test: test, Layer: x.Name, Procs: x.procs, Scheduled: x.Schedule != nil}}
	if x.Freely != "" {
		all = append(all, Record{Test: test, Layer: x.Freely, Procs: x.procs})
	}
	return all
}

// execute runs a process and fills its records.
func (p Plan) execute(ctx context.Context, x process, records []Record) error {
	limits := p.within(x.fraction)
	scheduled, err := x.schedule()
	if err != nil {
		return err
	}
	c, err := p.connect(x.dir, job{x.nonce, records[0].Test, limits.Deadline.Milliseconds(), limits.Settle.Milliseconds(), x.Binary.Timers, x.Binary.Part, x.Bare, scheduled, x.Freely != ""})
	if err != nil {
		return err
	}
	child, cancel := context.WithCancel(ctx)
	defer cancel()
	var flooded, late atomic.Bool
	end := func(why *atomic.Bool) func() { return func() { why.Store(true); cancel() } }
	out := &capped{flood: end(&flooded)}
	cmd := exec.CommandContext(child, x.Binary.Path, x.arguments(records[0].Test)...)
	cmd.Dir, cmd.Env = x.cwd(), p.environ(x)
	cmd.Stdout, cmd.Stderr = out, out
	c.attach(cmd)
	inside, err := p.enclose(x, c, cmd)
	if err != nil {
		c.close()
		return err
	}
	start := time.Now()
	g, err := build.Start(cmd)
	inside.Started()
	if err != nil {
		c.close()
		return err
	}
	limit := time.AfterFunc(limits.Startup, end(&late))
	defer limit.Stop()
	c.started(func() { limit.Reset(x.limit(limits)) })
	err = g.Wait()
	took := time.Since(start)
	events, words := c.wait()
	if err := inside.Err(); err != nil {
		return err
	}
	r, detector := read(events, x.nonce, records)
	r.Elapsed, r.Words = took, string(words)
	r.Failures = Failures(r.Words)
	r.status(cmd, err)
	r.Output, r.Truncated = out.text()
	if r.TimedOut = late.Load(); flooded.Load() || len(events) >= maxWords { // a panic with a megabyte of text comes as an event
		r.Killed = "output"
	}
	var heard, misplaced bool
	r.RaceText, heard = cutCanary(x.races())
	r.Output, misplaced = cutCanary(r.Output) // the detector did not read its settings
	if r.Scheduled {
		r.Journal = x.journal()
	}
	for i := range records {
		records[i].relocate(x.Binary.Tree, x.Binary.Names...)
	}
	r.Blind = x.Binary.Canary && r.blind(detector, heard || misplaced)
	return nil
}

// limit is how long the process may take from the test's beginning on. Where the harness does not watch
// the test, nobody asks what the machine was busy with.
func (x process) limit(l Limits) time.Duration {
	if x.Bare {
		return l.Startup + l.Deadline
	}
	return l.Startup + grace*(l.Deadline+l.Settle)
}

// arguments are those of the test binary. Under the scheduler the test's log must stay in the testing
// package, where the scheduler reads it: -test.v would print it at once.
func (x process) arguments(test string) []string {
	args := []string{"-test.run=^" + test + "$", "-test.count=1", "-test.paniconexit0", "-test.timeout=0"}
	if x.Schedule == nil {
		args = append(args, "-test.v")
	}
	return args
}

// enclose puts the process into the plan's box: there it reads its binary, fills its own folder, and writes
// what the runner reads afterwards.
func (p Plan) enclose(x process, c *channels, cmd *exec.Cmd) (*box.Box, error) {
	files := append([]string{filepath.Join(x.dir, "race."+box.PID), x.journalFile()}, c.files...)
	s := box.Spec{Tier: p.Box, Dir: x.dir, Read: []string{x.Binary.Path}, Scratch: filepath.Join(x.dir, "cwd"), Files: files}
	if x.Binary.Dir != "" {
		s.Read = append(s.Read, x.Binary.Dir)
	}
	return s.Enclose(cmd)
}

func (p Plan) connect(dir string, j job) (*channels, error) {
	if p.Named || runtime.GOOS == "windows" {
		return named(dir, j)
	}
	return pipes(j)
}

// cwd is the folder that the child runs in.
func (x process) cwd() string {
	if x.Binary.Dir != "" {
		return x.Binary.Dir
	}
	return filepath.Join(x.dir, "cwd")
}

// environ is everything that the child sees of the world. Its temporary files go with its folder, however
// it ends.
func (p Plan) environ(x process) []string {
	temp := filepath.Join(x.dir, "cwd")
	env := []string{"HOME=" + temp}
	if p.Inherit {
		env = append(slices.Clone(p.Environ), "PWD="+x.cwd())
	}
	env = append(env, "TMPDIR="+temp, "TMP="+temp, "TEMP="+temp,
		`GORACE=atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0 log_path="`+filepath.Join(x.dir, "race")+`"`)
	if x.Schedule != nil {
		// A module of an older language version has timers that no bubble takes.
		env = append(env, sched.EnvVar+"=1", "GODEBUG=asynctimerchan=0")
	}
	if x.procs > 0 {
		env = append(env, "GOMAXPROCS="+strconv.Itoa(x.procs))
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

// forget removes what the race detector wrote in an earlier process.
func (x process) forget() {
	names, _ := filepath.Glob(filepath.Join(x.dir, "race.*"))
	for _, name := range names {
		os.Remove(name)
	}
}

// relocate makes the names of files in every text relative to the learner's workspace. Of more, each odd one
// is the text that stands for the prefix before it.
func (r *Record) relocate(tree string, more ...string) {
	var pairs []string
	for prefix := range slices.Chunk(append([]string{tree, ""}, more...), 2) {
		slash := filepath.ToSlash(prefix[0]) + "/"
		pairs = append(pairs, slash, prefix[1], strings.ReplaceAll(slash, "/", `\`), prefix[1])
	}
	names := strings.NewReplacer(pairs...)
	for _, text := range []*string{&r.Output, &r.RaceText, &r.Dump} {
		*text = names.Replace(*text)
	}
	r.Schedule = []byte(names.Replace(string(r.Schedule)))
	if r.RaceText == "" && strings.Contains(r.Output, "WARNING: DATA RACE") {
		r.RaceText = r.Output
	}
}
