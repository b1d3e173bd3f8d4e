package schedule

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var measure = flag.Bool("figures", false, "measure the figures of testdata/figures.txt; with -update write them")

// figuresFile is the section "What it finds" of README.md. What the engine finds in it is the same in every
// run and compared by TestPairs; what plain runs find and what things cost is from one run.
const figuresFile = "testdata/figures.txt"

// tally counts what was found of the wrong programs and what was alleged of the right ones.
type tally struct {
	mu        sync.Mutex // guards what follows
	programs  int
	gradings  int // of wrong programs, with a seed
	found     int
	alone     int // found by the exhaustive phase alone
	right     int // gradings of right programs
	alarms    int
	exhausted int // right programs
	complete  int // of which every schedule was run
	most      int // schedules with at most two delays of a right program
}

func (y *tally) wrong(r result) {
	y.mu.Lock()
	defer y.mu.Unlock()
	sound := r.Found && r.Confirmed == 2
	switch {
	case r.Exhaustive && sound:
		y.alone++
	case !r.Exhaustive:
		y.gradings++
		if sound {
			y.found++
		}
	}
}

func (y *tally) twin(r result) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.right++
	if r.Found {
		y.alarms++
	}
	if r.Complete && r.Seed == 1 {
		y.complete++
	}
	if r.Exhausted >= 2 {
		y.exhausted++
		y.most = max(y.most, r.AtBound)
	}
}

// rows are the lines of figuresFile that no run changes.
func (y *tally) rows() []string {
	return []string{
		foundRow("the workbook", y.found, y.gradings),
		foundRow("the workbook, its exhaustive phase alone", y.alone, y.programs),
		row("false alarms of the workbook", fmt.Sprintf("%d in %s gradings", y.alarms, thousands(y.right))),
		row("programs of which every schedule with at most two delays was run", fmt.Sprintf("%d of %d", y.exhausted, y.programs)),
		row("programs of which every schedule that there is was run", fmt.Sprintf("%d of %d", y.complete, y.programs)),
		row("schedules that this took at most", thousands(y.most)),
	}
}

func row(name, value string) string { return "| " + name + " | " + value + " |" }

func foundRow(name string, found, of int) string {
	return row(name, fmt.Sprintf("%s of %s | %s", thousands(found), thousands(of), percent(found, of)))
}

func percent(n, of int) string {
	if n == of {
		return "100 %"
	}
	return fmt.Sprintf("%.1f %%", min(99.9, 100*float64(n)/float64(of)))
}

func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// published compares what was counted with figuresFile.
func (y *tally) published(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(figuresFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for _, want := range y.rows() {
		if !slices.Contains(lines, want) {
			t.Errorf("%s has no line\n%s\n(-run TestFigures -timeout 40m -figures -update measures anew)", figuresFile, want)
		}
	}
	var shares []float64
	for _, line := range lines {
		if text, ok := strings.CutSuffix(line, " % |"); ok {
			share, err := strconv.ParseFloat(text[strings.LastIndex(text, " ")+1:], 64)
			if err != nil {
				t.Fatal(err)
			}
			shares = append(shares, share)
		}
	}
	if len(shares) != 5 || !slices.IsSorted(shares) {
		t.Errorf("%s: shares found are %v, want one run, with a check for leaks, a thousand runs, the engine, its last phase", figuresFile, shares)
	}
}

const plainMain = `package plain

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

%s)

var programs = map[string]func(*testing.T){
%s}

// TestPlain runs the program that PAIR names TIMES times, for ten seconds at most and until it fails, and
// then waits for its goroutines.
func TestPlain(t *testing.T) {
	before := runtime.NumGoroutine()
	times, _ := strconv.Atoi(os.Getenv("TIMES"))
	end := time.Now().Add(10 * time.Second)
	for range times {
		hangs := time.AfterFunc(4*time.Second, func() {
			fmt.Println("it hangs")
			os.Exit(1)
		})
		ok := t.Run("once", programs[os.Getenv("PAIR")])
		hangs.Stop()
		if !ok {
			return
		}
		if time.Now().After(end) {
			break
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("PLAIN leak")
}
`

// buildPlain builds the wrong programs as they are written.
func (m *module) buildPlain(t *testing.T, names []string) {
	t.Helper()
	var imports, table strings.Builder
	for _, name := range names {
		sources := sourceFiles(t, "testdata/pairs/"+name+"/wrong/*.go")
		sources["scenario.go"] = sourceFiles(t, "testdata/pairs/"+name+"/scenario.go")["scenario.go"]
		for file, text := range sources {
			m.write(t, "plain/"+name+"/"+file, text)
		}
		fmt.Fprintf(&imports, "\t\"lab/plain/%s\"\n", name)
		fmt.Fprintf(&table, "\t%q: %s.Scenario,\n", name, name)
	}
	m.write(t, "plain/plain_test.go", fmt.Appendf(nil, plainMain, imports.String(), table.String()))
	m.build(t, "test", "-race", "-vet=off", "-c", "-o", m.binary("plain.test"), "./plain")
}

// plain runs each program so many times in each of so many processes, and returns in how many of those it
// failed, and in how many more a goroutine was left over.
func (m *module) plain(names []string, processes, times int) (failed, leaked int) {
	jobs := make(chan string)
	var wg sync.WaitGroup
	var mu sync.Mutex // guards failed and leaked
	for range runtime.NumCPU() {
		wg.Go(func() {
			for name := range jobs {
				cmd := m.command(m.binary("plain.test"), "-test.run=^TestPlain$", "-test.timeout=100s")
				// The wait for goroutines takes the place of the detector's own second.
				cmd.Env = append(cmd.Env, "GORACE=atexit_sleep_ms=0", "PAIR="+name, "TIMES="+strconv.Itoa(times))
				out, err := cmd.CombinedOutput()
				mu.Lock()
				if err != nil {
					failed++
				} else if strings.Contains(string(out), "PLAIN leak") {
					leaked++
				}
				mu.Unlock()
			}
		})
	}
	for range processes {
		for _, name := range names {
			jobs <- name
		}
	}
	close(jobs)
	wg.Wait()
	return failed, leaked
}

// costs are measured one process after another.
type costs struct {
	finding          time.Duration // median, from the start of the process to its end
	clean            time.Duration // median of right programs
	perSecond, steps float64       // of schedules of right programs
}

func (m *module) costs(t *testing.T, names []string) costs {
	t.Helper()
	var findings, clean []time.Duration
	var schedules, steps int
	var micros int64
	for _, name := range names {
		best := time.Hour // of three: the machine has other things to do
		for range 3 {
			start := time.Now()
			m.explore(t, "wrong/"+name, []string{"1"})
			best = min(best, time.Since(start))
		}
		findings = append(findings, best)
		start := time.Now()
		r := m.explore(t, "right/"+name, []string{"1"})[0]
		clean = append(clean, time.Since(start))
		schedules, steps, micros = schedules+r.Schedules, steps+r.TotalSteps, micros+r.Micros
	}
	slices.Sort(findings)
	slices.Sort(clean)
	return costs{
		finding: findings[len(findings)/2], clean: clean[len(clean)/2],
		perSecond: float64(schedules) / (float64(micros) / 1e6), steps: float64(steps) / float64(schedules),
	}
}

// TestFigures measures what README.md publishes, in ten minutes:
//
//	go test ./cmd/workbook/internal/schedule -run TestFigures -timeout 40m -figures -update
//
// Whatever the run, the engine must find as much as a thousand plain runs do, and these as much as one.
func TestFigures(t *testing.T) {
	if !*measure {
		t.Skip("-figures measures; TestPairs compares what no run changes")
	}
	m, names := buildPairs(t)
	m.buildPlain(t, names)
	const single, thousand = 20, 5
	failed, leaked := m.plain(names, single, 1)
	many, manyLeaked := m.plain(names, thousand, 1000)
	c := m.costs(t, names)
	y := m.pairs(t, names, 20)
	ones, manies := single*len(names), thousand*len(names)
	if a, b, c := float64(failed+leaked)/float64(ones), float64(many+manyLeaked)/float64(manies), float64(y.found)/float64(y.gradings); a > b || b > c {
		t.Errorf("found by one run %.3f, by a thousand %.3f, by the engine %.3f", a, b, c)
	}
	engine := y.rows()
	text := strings.Join([]string{
		fmt.Sprintf("| %d small wrong programs, graded by | found | |", len(names)),
		"|---|---|---|",
		foundRow("one run of `go test -race`", failed, ones),
		foundRow("one run of `go test -race` with a check for leaked goroutines", failed+leaked, ones),
		foundRow("a thousand runs in one process, with that check", many+manyLeaked, manies),
		engine[0], engine[1],
		"",
		fmt.Sprintf("| their %d right twins | |", len(names)),
		"|---|---|",
		engine[2], engine[3], engine[4],
		"",
		"| what it costs | |",
		"|---|---|",
		row("from the start of the built tests to the finding, median", fmt.Sprintf("%d ms", c.finding.Milliseconds())),
		row("from the start of the built tests to the verdict on a right twin, median", fmt.Sprintf("%d ms", c.clean.Milliseconds())),
		row(fmt.Sprintf("schedules a second, of %.0f steps on average, under the race detector", c.steps), thousands(int(c.perSecond))),
		"",
	}, "\n")
	fmt.Print(text)
	if *update {
		if err := os.WriteFile(figuresFile, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
