package lab

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// workerArgument makes the test binary the worker of throttle.
const workerArgument = "lab-worker"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == workerArgument {
		if err := WorkerMain(context.Background(), testWorker(), os.Args[2:], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func testWorker() []string { return []string{os.Args[0], workerArgument} }

// tiny is time enough for one trial of each row.
const tiny = 20 * time.Millisecond

// measured runs an experiment with a tiny budget, or skips where it cannot run.
func measured(t *testing.T, name string) Result {
	t.Helper()
	e, ok := Find(name)
	if !ok {
		t.Fatalf("Find(%q) found nothing", name)
	}
	b := &Bench{Budget: tiny, Worker: testWorker()}
	var unable *Unable
	if err := e.Able(b); errors.As(err, &unable) {
		if unable.Why == "" || len(unable.How) == 0 {
			t.Errorf("Able() = %+v, want why not, and how", unable)
		}
		t.Skip(unable)
	}
	procs := runtime.GOMAXPROCS(0)
	r, err := Measure(t.Context(), e, b)
	if err != nil {
		t.Fatalf("Measure(%s): %v", name, err)
	}
	if got := runtime.GOMAXPROCS(0); got != procs {
		t.Errorf("GOMAXPROCS after Measure(%s) = %d, want %d as before", name, got, procs)
	}
	return r
}

// TestEveryExperiment holds what is so of every experiment however busy the machine is.
func TestEveryExperiment(t *testing.T) {
	for _, e := range Experiments() {
		t.Run(e.Name, func(t *testing.T) {
			r := measured(t, e.Name)
			if r.Experiment != e.Name || r.Schema != 1 || r.Machine.Cores < 1 || r.Machine.Go == "" {
				t.Errorf("the result does not say what it is: %+v", r)
			}
			if len(r.Charts) == 0 {
				t.Fatal("the result has no chart")
			}
			for _, c := range r.Charts {
				checkChart(t, c)
			}
			right, why := e.Question.Answer(r)
			if right < -1 || right >= len(e.Question.Options) || why == "" {
				t.Errorf("Answer() = %d, %q, want an option of %d with its reason", right, why, len(e.Question.Options))
			}
			if right, _ := e.Question.Answer(Result{}); right != -1 {
				t.Errorf("Answer(nothing measured) = %d, want -1", right)
			}
		})
	}
}

func checkChart(t *testing.T, c Chart) {
	t.Helper()
	if c.Title == "" || !slices.Contains([]string{Bars, Curve, Counts}, c.Kind) || !slices.Contains([]string{Best, Median, Total}, c.Shows) {
		t.Errorf("chart %q: kind %q, shows %q", c.Title, c.Kind, c.Shows)
	}
	if len(c.Series) == 0 && !raceEnabled {
		t.Errorf("chart %q has no series", c.Title)
	}
	for _, s := range c.Series {
		if len(s.Points) == 0 {
			t.Errorf("chart %q: series %q has no point", c.Title, s.Name)
		}
		for _, p := range s.Points {
			if c.Shows != Total && !(p.Low <= p.Median && p.Median <= p.High && p.Low <= p.Value && p.Value <= p.High) {
				t.Errorf("chart %q, %q: value %v is not within its spread %v, %v, %v", c.Title, p.Label, p.Value, p.Low, p.Median, p.High)
			}
		}
	}
}

// TestLitmusCounts: every trial has one outcome, and synchronised variables never have a forbidden one.
func TestLitmusCounts(t *testing.T) {
	r := measured(t, "litmus")
	want := map[bool]int{true: 2, false: 3}[raceEnabled]
	for _, c := range r.Charts {
		if len(c.Series) != want {
			t.Errorf("%s has %d series, want %d", c.Title, len(c.Series), want)
		}
		for _, s := range c.Series {
			sum, forbidden := 0, 0.0
			for _, p := range s.Points {
				sum += int(p.Value)
				if p.Forbidden {
					forbidden += p.Value
				}
			}
			if sum == 0 || sum != s.Points[0].Trials {
				t.Errorf("%s, %s: the outcomes add up to %d, want the %d trials", c.Title, s.Name, sum, s.Points[0].Trials)
			}
			if s.Name != plainKind && forbidden != 0 {
				t.Errorf("%s, %s: %v forbidden outcomes, want none", c.Title, s.Name, forbidden)
			}
		}
	}
}

// TestForbidden counts the outcomes that no interleaving gives.
func TestForbidden(t *testing.T) {
	want := map[string]int{storeBuffering: 1, messagePassing: 1, coherence: 3}
	for _, l := range litmusList() {
		got := 0
		for r1 := range l.values {
			for r2 := range l.values {
				if l.forbidden(r1, r2) {
					got++
				}
			}
		}
		if got != want[l.name] {
			t.Errorf("%s forbids %d outcomes, want %d", l.name, got, want[l.name])
		}
	}
}

// TestLost: nothing is lost with synchronisation, and never more than everything without.
func TestLost(t *testing.T) {
	for _, s := range measured(t, "lostupdates").Charts[0].Series {
		for _, p := range s.Points {
			if p.Low < 0 || p.High >= 100 {
				t.Errorf("%s, %s: %v to %v %% lost", s.Name, p.Label, p.Low, p.High)
			}
			if slices.ContainsFunc(lockedAdders(), func(a adder) bool { return a.name == s.Name }) && p.High != 0 {
				t.Errorf("%s, %s: %v %% lost, want none", s.Name, p.Label, p.High)
			}
		}
	}
	for _, a := range lockedAdders() {
		if got := a.lost(100); got != 0 {
			t.Errorf("%s loses %v %%, want none", a.name, got)
		}
	}
}

func TestPrimes(t *testing.T) {
	const below1000 = 168
	for _, chunk := range []int{1, 7, 1000, 5000} {
		if got := countPrimes(3, chunk, 1000); got != below1000 {
			t.Errorf("countPrimes(3, %d, 1000) = %d, want %d", chunk, got, below1000)
		}
		if got := servePrimes(3, chunk, 1000); got != below1000 {
			t.Errorf("servePrimes(3, %d, 1000) = %d, want %d", chunk, got, below1000)
		}
	}
	for n, want := range map[int]int{1: 2, 2: 3, 10: 29, 100: 541} {
		if got := nthPrime(n); got != want {
			t.Errorf("nthPrime(%d) = %d, want %d", n, got, want)
		}
		if got := loopPrime(n); got != want {
			t.Errorf("loopPrime(%d) = %d, want %d", n, got, want)
		}
	}
}

// TestCancelled: a context that has ended ends every experiment, with its error.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, e := range Experiments() {
		b := &Bench{Budget: tiny, Worker: testWorker()}
		if e.Able(b) != nil {
			continue
		}
		if _, err := Measure(ctx, e, b); !errors.Is(err, context.Canceled) {
			t.Errorf("Measure(%s) with a cancelled context: %v, want context.Canceled", e.Name, err)
		}
	}
}

// slow is an experiment whose trials take a time each.
func slow(each time.Duration, rows int, trials *int) Experiment {
	return Experiment{Name: "slow", Run: func(ctx context.Context, b *Bench) (Result, error) {
		var list []*row
		for i := range rows {
			list = append(list, &row{label: fmt.Sprint(i), trial: func() []float64 {
				time.Sleep(each)
				*trials++
				return []float64{ms(each)}
			}})
		}
		if err := b.rounds(ctx, list); err != nil {
			return Result{}, err
		}
		return Result{Charts: []Chart{{Series: []Series{{"", points(list, 0, Best)}}}}}, nil
	}}
}

// TestBounds: rounds end with the budget; a round that would be too long ends at MaxTime with what there is.
func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name   string
		each   time.Duration
		rows   int
		budget time.Duration
		want   int // rows with a figure
		most   time.Duration
	}{
		{"budget", 10 * time.Millisecond, 3, time.Second, 3, time.Second + 50*time.Millisecond},
		{"default budget", 10 * time.Millisecond, 3, 0, 3, DefaultTime + 50*time.Millisecond},
		{"long rows", 4 * time.Second, 10, time.Second, 3, MaxTime + 4*time.Second},
		{"budget beyond the bound", time.Second, 2, time.Hour, 2, MaxTime + time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				trials, shares := 0, []float64{}
				b := &Bench{Budget: tt.budget, Progress: func(done float64) { shares = append(shares, done) }, noProbe: true}
				start := time.Now()
				r, err := Measure(t.Context(), slow(tt.each, tt.rows, &trials), b)
				if err != nil {
					t.Fatal(err)
				}
				if got := len(r.Charts[0].Series[0].Points); got != tt.want {
					t.Errorf("%d rows have a figure, want %d", got, tt.want)
				}
				if took := time.Since(start); took > tt.most {
					t.Errorf("it took %s, want at most %s", took, tt.most)
				}
				if !slices.IsSorted(shares) || len(shares) != trials || shares[len(shares)-1] > 1 {
					t.Errorf("progress after %d trials: %v", trials, shares)
				}
			})
		})
	}
}

// TestForms: JSON and CSV hold the same figures.
func TestForms(t *testing.T) {
	want := fixed()
	var text bytes.Buffer
	if err := want.JSON(&text); err != nil {
		t.Fatal(err)
	}
	var got Result
	if err := json.Unmarshal(text.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("through JSON: %v, want %v", got, want)
	}
	text.Reset()
	if err := want.CSV(&text); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	points := 0
	for _, c := range want.Charts {
		for _, s := range c.Series {
			points += len(s.Points)
		}
	}
	if len(lines) != points+1 {
		t.Errorf("CSV has %d lines, want the names and %d points", len(lines), points)
	}
	if got := strings.Join(lines[1][:8], " "); got != "fixed time on the clock  GOMAXPROCS 1 40 40 44 90" {
		t.Errorf("the first line of CSV begins with %q", got)
	}
}

// TestShare: work counts for each goroutine, at once is from the last begin to the first end.
func TestShare(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	for _, tt := range []struct {
		name          string
		list          []span
		each, overlap time.Duration
	}{
		{"one", []span{{at(1), at(3)}}, 2 * time.Second, 2 * time.Second},
		{"half at once", []span{{at(0), at(4)}, {at(2), at(6)}}, 4 * time.Second, 2 * time.Second},
		{"one after the other", []span{{at(0), at(1)}, {at(4), at(7)}}, 2 * time.Second, -3 * time.Second},
	} {
		if each, overlap := share(tt.list); each != tt.each || overlap != tt.overlap {
			t.Errorf("%s: share() = %s, %s, want %s, %s", tt.name, each, overlap, tt.each, tt.overlap)
		}
	}
}
