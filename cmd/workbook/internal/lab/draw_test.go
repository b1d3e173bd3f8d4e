package lab

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// fixed is a result with each kind of chart.
func fixed() Result {
	point := func(label string, low, median, high float64) Point {
		return Point{Label: label, Value: low, Low: low, Median: median, High: high, Trials: 50}
	}
	count := func(label string, n float64, forbidden bool) Point {
		return Point{Label: label, Value: n, Trials: 20_000, Forbidden: forbidden}
	}
	return Result{
		Schema: 1, Experiment: "fixed", Title: "Every kind of chart", Seconds: 4.96,
		Machine: Machine{OS: "linux", Arch: "amd64", Cores: 4, GOMAXPROCS: 4, Free: 3.9, Go: "go1.26.0"},
		Charts: []Chart{
			{Title: "time on the clock", Kind: Bars, Unit: "µs", Shows: Best, Series: []Series{{"", []Point{
				point("GOMAXPROCS 1", 40, 44, 90), point("GOMAXPROCS 2", 20.3, 22, 31), point("a loop, no goroutine", 0.004, 0.004, 0.05),
			}}}},
			{Title: "additions lost", Kind: Bars, Unit: "%", Shows: Median, Series: []Series{
				{"x++", []Point{point("GOMAXPROCS 1", 0, 0, 0), point("GOMAXPROCS 4", 49, 55, 61)}},
				{"atomic Add", []Point{point("GOMAXPROCS 1", 0, 0, 0), point("GOMAXPROCS 4", 0, 0, 0)}},
			}},
			{Title: "times as fast as GOMAXPROCS 1", Kind: Curve, Unit: "times", Shows: Best, Legend: "across: GOMAXPROCS", Series: []Series{
				{"measured", []Point{point("1", 1, 1, 1), point("2", 1.9, 1, 1), point("4", 3.1, 1, 1), point("8", 3.0, 1, 1)}},
				{"if every core counted in full", []Point{point("1", 1, 1, 1), point("2", 2, 1, 1), point("4", 4, 1, 1), point("8", 4, 1, 1)}},
			}},
			{Title: "store buffering: x = 1; r1 = y   beside   y = 1; r2 = x", Kind: Counts, Unit: "trials", Shows: Total, Series: []Series{
				{"plain", []Point{count("r1=0 r2=0", 402, true), count("r1=0 r2=1", 19_598, false)}},
				{"atomic", []Point{count("r1=0 r2=0", 0, true), count("r1=0 r2=1", 20_000, false)}},
				{"mutex", []Point{count("r1=0 r2=0", 0, true), count("r1=0 r2=1", 20_000, false)}},
			}},
		},
		Notes: []string{"the median counts here: in its best trials a goroutine had the cache line to itself"},
	}
}

var fixedExperiment = Experiment{
	Name: "fixed", Title: "Every kind of chart", Expect: "Nothing is measured: the figures are the same on every machine, so that their pictures are.",
	Question: Question{
		Text:    "With x++ and as many Ps as cores, how many of the additions are missing at the end?",
		Options: []string{"none to speak of: x++ is one step", "some, less than a tenth", "a tenth or more, which takes more than one line on a narrow screen"},
		Answer:  func(Result) (int, string) { return 2, "x++ reads, adds, writes." },
	},
}

// TestDraw compares all that is drawn with golden files; no line is wider than the screen, and plain
// text is ASCII.
func TestDraw(t *testing.T) {
	for name, s := range map[string]Style{
		"40": {Width: 40}, "80": {Width: 80}, "120": {Width: 120}, "plain-40": {Width: 40, Plain: true}, "plain-80": {Plain: true},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			for _, err := range []error{
				s.Intro(&b, fixedExperiment), s.Ask(&b, fixedExperiment.Question), s.Result(&b, fixed()),
				s.Answer(&b, fixedExperiment.Question, 2, fixed()), s.Answer(&b, fixedExperiment.Question, 0, fixed()),
				s.Answer(&b, fixedExperiment.Question, -1, fixed()), s.List(&b, Experiments()),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			for line := range strings.Lines(b.String()) {
				if line = strings.TrimSuffix(line, "\n"); columns(line) > s.normal().Width {
					t.Errorf("%d columns: %q", columns(line), line)
				}
				if s.Plain && strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
					t.Errorf("not plain: %q", line)
				}
			}
			golden(t, name, b.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", "draw-"+name+".txt")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got:\n%s", file, got)
	}
}

// TestAnyWidth: the experiments' own texts and odd figures fit every screen.
func TestAnyWidth(t *testing.T) {
	odd := Result{Charts: []Chart{
		{Kind: Bars}, {Kind: Curve}, {Kind: Counts},
		{Title: "none", Kind: Bars, Series: []Series{{"", []Point{{Label: "a"}}}}},
		{Title: "one point", Kind: Curve, Series: []Series{{"", []Point{{Label: "a", Value: 3}}}}},
		{Title: "zero", Kind: Curve, Series: []Series{{"", []Point{{Label: "a"}, {Label: "a very long label for an axis"}, {Label: "c"}}}}},
		{Title: "huge", Kind: Bars, Series: []Series{{"", []Point{{Label: "a", Value: 1, Median: 2, High: 1e7}, {Label: "b", Value: 1e7, Median: 1e7, High: 1e7}}}}},
	}}
	for width := 30; width <= 130; width++ {
		var b bytes.Buffer
		s := Style{Width: width}
		for _, e := range Experiments() {
			if err := fmt.Errorf("%v%v", s.Intro(&b, e), s.Ask(&b, e.Question)); err.Error() != "<nil><nil>" {
				t.Fatal(err)
			}
		}
		if err := s.Result(&b, odd); err != nil {
			t.Fatal(err)
		}
		if width < 40 {
			continue // drawn without a crash; figures with their spread need 40 columns
		}
		for line := range strings.Lines(b.String()) {
			if line = strings.TrimSuffix(line, "\n"); columns(line) > width {
				t.Errorf("%d columns of %d: %q", columns(line), width, line)
			}
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.0004: "0.0004", 0.01: "0.01", 1.234: "1.23", 9.996: "10.0", 12.34: "12.3", 99.96: "100", 4231.7: "4232", 99_949: "99949", 123_456: "123k", 1e7: "10000k", 1.5e8: "150M"} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %q, want %q", v, got, want)
		}
	}
}
