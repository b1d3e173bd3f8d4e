package render

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
)

// results has one of each shape.
var results = []struct {
	name   string
	result cell.Result
}{
	{"printed", cell.Result{Class: cell.ClassOK, Output: "1\n2\n\ttab \x1b[2J\n", Badge: "go1.26.8, GOMAXPROCS=2", Elapsed: 310 * time.Millisecond}},
	{"stopped", cell.Result{Class: cell.ClassTimeout, Note: "The program was still running after 10 s.", Stderr: "half a line", Badge: "go1.26.8"}},
	{"silent", cell.Result{Class: cell.ClassOK, Badge: "go1.26.8 vet"}},
	{"runs", cell.Result{Class: cell.ClassRace, Badge: "go1.26.8 -race, GOMAXPROCS=2, 3 runs", Elapsed: time.Second, Outcomes: []cell.Outcome{
		{Class: cell.ClassRace, Text: "lessons/09-atomicity.md:87: write by main\n2\n", Count: 2}, {Class: cell.ClassOK, Text: "", Count: 1},
	}}},
	{"varies", cell.Result{Class: cell.ClassOK, Badge: "go1.26.8, GOMAXPROCS=2, 20 runs", Outcomes: []cell.Outcome{
		{Class: cell.ClassOK, Text: "2", Count: 17}, {Class: cell.ClassOK, Text: "1", Count: 2}, {Class: cell.ClassDeadlock, Text: "", Count: 1},
	}}},
	{"varies much", cell.Result{Class: cell.ClassOK, Badge: "go1.26.8, GOMAXPROCS=2, 25 runs", Outcomes: spread(25, "%d of 8000000")}},
	{"others", cell.Result{Class: cell.ClassOK, Badge: "go1.26.8, GOMAXPROCS=2, 25 runs", Outcomes: spread(25, "%d of %[1]d, a text that is longer than a half of what is to be had there")}},
	{"explored", cell.Result{Class: cell.ClassOK, Badge: "interpreted, all 20 schedules", Explored: "all 20 schedules", Elapsed: 7 * time.Millisecond,
		Outcomes: []cell.Outcome{
			{Class: cell.ClassOK, Text: "2\n", Count: 8, Steps: []cell.Step{{G: 1, Line: 12, Text: "x++"}, {G: 2, Line: 13, Text: "x++"}, {G: 0, Line: 15, Text: "println(x)"}}},
			{Class: cell.ClassOK, Text: "1\n", Count: 12, Steps: []cell.Step{{G: 1, Line: 12, Text: "load x"}, {G: 2, Line: 13, Text: "x++"},
				{G: 1, Line: 12, Text: "store x"}, {G: 0, Line: 15, Text: "println(x)"}}},
		}}},
}

// spread makes n outcomes with numbers that are the denser the higher.
func spread(n int, format string) (list []cell.Outcome) {
	for i := range n {
		list = append(list, cell.Outcome{Class: cell.ClassOK, Text: fmt.Sprintf(format, 8000000-i*i*7001), Count: 1 + i%2})
	}
	return list
}

func TestResultGolden(t *testing.T) {
	c := &course.Cell{ID: "lost"}
	for _, s := range styles {
		t.Run(s.name, func(t *testing.T) {
			var b bytes.Buffer
			for _, r := range results {
				if err := s.Result(&b, c, r.result); err != nil {
					t.Fatal(err)
				}
				if lines := s.ResultLines(r.result); len(lines) == 0 {
					t.Errorf("%s: no lines for the pager", r.name)
				}
			}
			golden(t, "result-"+s.name+".txt", b.Bytes())
			checkLines(t, s.Style, b.String())
		})
	}
}
