package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Unable says why an experiment cannot run here, with what would let it run.
type Unable struct {
	Why string
	How []string
}

func (u *Unable) Error() string { return u.Why }

// Hints is what to do.
func (u *Unable) Hints() []string { return u.How }

// halfCore is the quota that a container with half a core has.
const halfCore = 0.5

// ableToThrottle returns an Unable where no quota holds and none can be set.
func ableToThrottle(b *Bench) error {
	if _, limited := ownQuota(); limited {
		return nil
	}
	why := errors.New("no command to run under a quota is known")
	if len(b.Worker) > 0 {
		var g *group
		if g, why = newGroup(halfCore); why == nil {
			why = g.remove()
		}
	}
	if why == nil {
		return nil
	}
	return &Unable{
		Why: "a CPU quota cannot be set here: " + why.Error(),
		How: []string{
			"start it under a quota and it measures that one: systemd-run --user --scope -p CPUQuota=50% workbook lab throttle",
			"or in a container: docker run --cpus 0.5 … workbook lab throttle",
		},
	}
}

// stalls is what busy goroutines met in some time.
type stalls struct {
	GOMAXPROCS int     `json:"gomaxprocs"`
	LongestMS  float64 `json:"longest_ms"` // the longest moment in which one of them did not run
	Cores      float64 `json:"cores"`      // processor time received, in cores
}

// keepBusy computes in as many goroutines as GOMAXPROCS until the time is over or ctx ends.
func keepBusy(ctx context.Context, d time.Duration) stalls {
	s := stalls{GOMAXPROCS: runtime.GOMAXPROCS(0)}
	start, used := time.Now(), cpuTime()
	longest := make([]time.Duration, s.GOMAXPROCS)
	var wg sync.WaitGroup
	for i := range longest {
		wg.Go(func() {
			for last := time.Now(); last.Sub(start) < d && ctx.Err() == nil; {
				now := time.Now()
				longest[i] = max(longest[i], now.Sub(last))
				last = now
			}
		})
	}
	wg.Wait()
	s.Cores = (cpuTime() - used).Seconds() / time.Since(start).Seconds()
	for _, l := range longest {
		s.LongestMS = max(s.LongestMS, ms(l))
	}
	return s
}

// WorkerMain is the process that throttle runs under a quota. Its arguments are the stage and the time.
// The first stage waits for a line, by which it has been put under the quota; then it starts itself
// afresh, for the Go runtime looks for its quota when it starts. The second stage measures.
func WorkerMain(ctx context.Context, worker, args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) != 2 {
		return errors.New("want a stage and a time")
	}
	if args[0] == "wait" {
		if _, err := stdin.Read(make([]byte, 1)); err != nil {
			return fmt.Errorf("waiting for the quota: %w", err)
		}
		again := append(worker, "measure", args[1])
		return syscall.Exec(again[0], again, os.Environ())
	}
	d, err := time.ParseDuration(args[1])
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(keepBusy(ctx, min(d, MaxTime)))
}

// under runs the worker in a group; a nil group is no quota.
func (b *Bench) under(ctx context.Context, g *group, d time.Duration) (s stalls, err error) {
	args := append(b.Worker[1:len(b.Worker):len(b.Worker)], "wait", d.String())
	cmd := exec.CommandContext(ctx, b.Worker[0], args...)
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	begin, err := cmd.StdinPipe()
	if err != nil {
		return s, err
	}
	if err := cmd.Start(); err != nil {
		return s, fmt.Errorf("starting the measured process: %w", err)
	}
	if g != nil {
		err = g.add(cmd.Process.Pid)
	}
	if err == nil {
		_, err = io.WriteString(begin, "\n")
	}
	begin.Close() // without its line the worker ends by itself
	if ended := cmd.Wait(); err == nil && ended != nil {
		err = fmt.Errorf("the measured process: %w: %s", ended, bytes.TrimSpace(trouble.Bytes()))
	}
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(out.Bytes(), &s)
}

const (
	stallChart = "the longest moment in which a busy goroutine did not run"
	coresChart = "processor time received"
	noQuota    = "no quota"
)

func throttle() Experiment {
	return Experiment{
		Name:  "throttle",
		Title: "What a CPU quota does to busy goroutines",
		Expect: "A process with as many busy goroutines as GOMAXPROCS runs without a CPU quota, then with one of a core, then with one of half a core, as " +
			"a container has it. (If this process has a quota already, that one is measured.) The goroutines watch the clock for gaps.",
		Question: Question{
			Text: "Half a core for busy goroutines on several cores. What do they notice?",
			Options: []string{"they run all the time, only slower", "they run at full speed, then stand still for tens of milliseconds",
				"nothing but one P: Go lowers GOMAXPROCS to 1, so there are no gaps"},
			Answer: throttleAnswer,
		},
		Ready: ableToThrottle,
		Run:   runThrottle,
	}
}

func runThrottle(ctx context.Context, b *Bench) (Result, error) {
	if err := ableToThrottle(b); err != nil {
		return Result{}, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	window := max(b.Budget/12, 5*time.Millisecond)
	seen := map[string]int{}
	measure := func(label string, f func() (stalls, error)) *row {
		return &row{label: label, trial: func() []float64 {
			s, err := f()
			if err != nil {
				cancel(err)
			}
			seen[label] = s.GOMAXPROCS
			return []float64{s.LongestMS, s.Cores}
		}}
	}
	var rows []*row
	if own, limited := ownQuota(); limited {
		rows = append(rows, measure(quotaLabel(own), func() (stalls, error) { return keepBusy(ctx, window), ctx.Err() }))
	} else {
		rows = append(rows, measure(noQuota, func() (stalls, error) { return b.under(ctx, nil, window) }))
		for _, cores := range []float64{1, halfCore} {
			g, err := newGroup(cores)
			if err != nil {
				return Result{}, err
			}
			defer g.remove()
			rows = append(rows, measure(quotaLabel(cores), func() (stalls, error) { return b.under(ctx, g, window) }))
		}
	}
	if err := b.rounds(ctx, rows); err != nil {
		return Result{}, fmt.Errorf("%w", context.Cause(ctx))
	}
	return throttled(rows, seen), nil
}

func throttled(rows []*row, seen map[string]int) Result {
	r := Result{Charts: []Chart{
		{Title: stallChart, Kind: Bars, Unit: "ms", Shows: Median, Series: []Series{{"", points(rows, 0, Median)}}},
		{Title: coresChart, Kind: Bars, Unit: "cores", Shows: Median, Series: []Series{{"", points(rows, 1, Median)}}},
	}}
	for _, row := range rows {
		r.Notes = append(r.Notes, fmt.Sprintf("%s: the runtime chose GOMAXPROCS %d", row.label, seen[row.label]))
	}
	return r
}

func quotaLabel(cores float64) string {
	return "quota of " + strconv.FormatFloat(cores, 'g', 3, 64) + " cores"
}

func throttleAnswer(r Result) (int, string) {
	stall, ok := r.value(stallChart, "", quotaLabel(halfCore))
	if !ok {
		return -1, "the quota of half a core was not measured: this process has a quota of its own, whose gaps you see above"
	}
	why := fmt.Sprintf("The longest gap was %s ms. The quota is an allowance for every 100 ms: several goroutines at once use it up early, then the kernel stops them "+
		"all until the next allowance. GOMAXPROCS follows the quota since Go 1.25, but never below 2 on its account.", number(stall))
	if stall < 10 {
		return 0, why
	}
	return 1, why
}
