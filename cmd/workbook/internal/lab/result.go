package lab

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strconv"
)

// Result is what an experiment measured; its JSON is schema 1.
type Result struct {
	Schema     int      `json:"schema"`
	Experiment string   `json:"experiment"`
	Title      string   `json:"title"`
	Machine    Machine  `json:"machine"`
	Seconds    float64  `json:"seconds"`
	Charts     []Chart  `json:"charts"`
	Notes      []string `json:"notes,omitempty"`
}

// Machine is where the figures hold.
type Machine struct {
	OS         string  `json:"os"`
	Arch       string  `json:"arch"`
	Cores      int     `json:"cores"` // logical processors this process may use
	GOMAXPROCS int     `json:"gomaxprocs"`
	Go         string  `json:"go"`
	Free       float64 `json:"free_cores"` // what busy goroutines got of the cores before the first trial
	Race       bool    `json:"race,omitempty"`
}

func thisMachine(procs int) Machine {
	return Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, Cores: runtime.NumCPU(), GOMAXPROCS: procs,
		Go: runtime.Version(), Race: raceEnabled}
}

// String names the machine as a reader of figures needs it.
func (m Machine) String() string {
	cores := "1 core"
	if m.Cores != 1 {
		cores = strconv.Itoa(m.Cores) + " cores"
	}
	return fmt.Sprintf("%s, GOMAXPROCS %d, %s %s/%s", cores, m.GOMAXPROCS, m.Go, m.OS, m.Arch)
}

// busy reports whether the cores that goroutines could use were not theirs when the run began.
func (m Machine) busy() bool { return m.Free < 0.7*float64(min(m.GOMAXPROCS, m.Cores)) }

// The kinds of a chart.
const (
	Bars   = "bars"   // a bar for each point
	Curve  = "curve"  // points of a series joined; labels are places on the axis
	Counts = "counts" // a table: labels down, series across
)

// The values that a chart shows of many trials.
const (
	Best   = "best"
	Median = "median"
	Total  = "total" // a count of all trials together; it has no spread
)

// Chart is one picture.
type Chart struct {
	Title  string   `json:"title"`
	Kind   string   `json:"kind"`
	Unit   string   `json:"unit"`
	Shows  string   `json:"shows"` // which value of the trials: best, median, total
	Legend string   `json:"legend,omitempty"`
	Series []Series `json:"series"`
}

// Series is points that belong together.
type Series struct {
	Name   string  `json:"name,omitempty"`
	Points []Point `json:"points"`
}

// Point is a figure with its spread over the trials: nine trials in ten were not above High.
type Point struct {
	Label     string  `json:"label"`
	Value     float64 `json:"value"`
	Low       float64 `json:"low"`
	Median    float64 `json:"median"`
	High      float64 `json:"high"`
	Trials    int     `json:"trials"`
	Forbidden bool    `json:"forbidden,omitempty"` // no interleaving gives this outcome
}

// value returns the value of a point, found by its chart's title, its series' name, its label.
func (r Result) value(chart, series, label string) (float64, bool) {
	for _, c := range r.Charts {
		for _, s := range c.Series {
			for _, p := range s.Points {
				if c.Title == chart && s.Name == series && p.Label == label {
					return p.Value, true
				}
			}
		}
	}
	return 0, false
}

// ratio returns one value of a chart with a single nameless series over another.
func (r Result) ratio(chart, over, under string) (float64, bool) {
	a, okA := r.value(chart, "", over)
	b, okB := r.value(chart, "", under)
	if !okA || !okB || b == 0 {
		return 0, false
	}
	return a / b, true
}

// JSON writes the result as one indented object.
func (r Result) JSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(r)
}

// CSV writes a line for each point, below a line of names.
func (r Result) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	lines := [][]string{{"experiment", "chart", "series", "label", "value", "low", "median", "high", "unit", "shows", "trials", "forbidden",
		"cores", "gomaxprocs", "go", "os", "arch"}}
	m := r.Machine
	for _, c := range r.Charts {
		for _, s := range c.Series {
			for _, p := range s.Points {
				lines = append(lines, []string{r.Experiment, c.Title, s.Name, p.Label, exact(p.Value), exact(p.Low), exact(p.Median), exact(p.High),
					c.Unit, c.Shows, strconv.Itoa(p.Trials), strconv.FormatBool(p.Forbidden),
					strconv.Itoa(m.Cores), strconv.Itoa(m.GOMAXPROCS), m.Go, m.OS, m.Arch})
			}
		}
	}
	return out.WriteAll(lines)
}

func exact(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
