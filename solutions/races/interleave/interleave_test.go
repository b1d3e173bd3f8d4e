package interleave_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"workbook/solutions/races/interleave"
)

// memory holds a program's variables.
type memory map[string]int

// program is two goroutines, A and B, each a list of indivisible steps.
type program struct {
	start  memory
	a, b   []func(memory)
	prints []string          // the variables that it prints
	never  map[string]string // why some lines cannot be printed
}

// read and write make steps.
func read(into, from string) func(memory) { return func(m memory) { m[into] = m[from] } }

func write(name string, value int) func(memory) { return func(m memory) { m[name] = value } }

func increment(from string) func(memory) { return func(m memory) { m["x"] = m[from] + 1 } }

func withdraw(seen string) func(memory) {
	return func(m memory) {
		if m[seen] >= 10 {
			m["balance"] -= 10
		}
	}
}

func both(f, g func(memory)) func(memory) { return func(m memory) { f(m); g(m) } }

// steps lists functions.
func steps(fs ...func(memory)) []func(memory) { return fs }

// programs returns the programs of the task.
func programs() map[string]program {
	return map[string]program{
		"lost": {memory{"x": 0}, steps(read("a", "x"), increment("a")), steps(read("b", "x"), increment("b")), []string{"x"},
			map[string]string{"x=0": "the last of the four steps writes at least 1"}},
		"withdraw": {memory{"balance": 10}, steps(read("a", "balance"), withdraw("a")), steps(read("b", "balance"), withdraw("b")), []string{"balance"},
			map[string]string{"balance=10": "whoever looks first finds 10, and then takes 10 out"}},
		"publish": {memory{"data": 0, "ready": 0}, steps(write("data", 1), write("ready", 1)), steps(read("r", "ready"), read("d", "data")), []string{"r", "d"},
			map[string]string{"r=1 d=0": "if B1 comes after A2, then B2 comes after A1: whoever sees the flag sees the data"}},
		"swap": {memory{"x": 1, "y": 2}, steps(read("a", "y"), read("x", "a")), steps(read("b", "x"), read("y", "b")), []string{"x", "y"},
			map[string]string{"x=1 y=2": "whoever reads first reads what the other has not changed yet, and then writes it"}},
		"locked": {memory{"x": 0, "y": 0}, steps(both(write("x", 1), write("y", 1))), steps(read("a", "x"), read("b", "y")), []string{"a", "b"},
			map[string]string{"a=1 b=0": "A1 changes x and y in one step, so if B1 finds x changed, then B2 finds y changed"}},
	}
}

// runs returns what p prints, with the orders of its steps that lead there.
func (p program) runs() map[string][]string {
	found := map[string][]string{}
	var next func(m memory, i, j int, order string)
	next = func(m memory, i, j int, order string) {
		if i < len(p.a) {
			after := maps.Clone(m)
			p.a[i](after)
			next(after, i+1, j, fmt.Sprintf("%s A%d", order, i+1))
		}
		if j < len(p.b) {
			after := maps.Clone(m)
			p.b[j](after)
			next(after, i, j+1, fmt.Sprintf("%s B%d", order, j+1))
		}
		if i == len(p.a) && j == len(p.b) {
			line := p.line(m)
			found[line] = append(found[line], order[1:])
		}
	}
	next(p.start, 0, 0, "")
	return found
}

// line returns what p prints at the end.
func (p program) line(m memory) string {
	var words []string
	for _, name := range p.prints {
		words = append(words, fmt.Sprintf("%s=%d", name, m[name]))
	}
	return strings.Join(words, " ")
}

// wellFormed reports whether a line has p's variables, each with a number.
func (p program) wellFormed(line string) bool {
	m := memory{}
	for i, word := range strings.Split(line, " ") {
		if i >= len(p.prints) {
			return false
		}
		var n int
		if _, err := fmt.Sscanf(word, p.prints[i]+"=%d", &n); err != nil {
			return false
		}
		m[p.prints[i]] = n
	}
	return p.line(m) == line
}

// check compares what is listed for a program with what it can print.
func check(t *testing.T, name string) {
	listed, ok := interleave.Outcomes[name]
	if !ok {
		t.Fatalf("Outcomes has no entry %q", name)
	}
	p := programs()[name]
	runs := p.runs()
	all := 0
	for _, orders := range runs {
		all += len(orders)
	}
	for _, line := range listed {
		switch {
		case !p.wellFormed(line):
			t.Errorf("program %q prints no line like %q: its lines have the form %q", name, line, p.line(memory{}))
		case runs[line] == nil && p.never[line] != "":
			t.Errorf("%s of program %q cannot happen, because %s", line, name, p.never[line])
		case runs[line] == nil:
			t.Errorf("%s of program %q cannot happen: none of its %d orders ends so", line, name, all)
		}
	}
	for _, line := range slices.Sorted(maps.Keys(runs)) {
		if !slices.Contains(listed, line) {
			t.Errorf("an outcome of program %q is missing: take its steps in the order %s", name, runs[line][0])
			return // one at a time
		}
	}
}

func TestLost(t *testing.T)     { check(t, "lost") }
func TestWithdraw(t *testing.T) { check(t, "withdraw") }
func TestPublish(t *testing.T)  { check(t, "publish") }
func TestSwap(t *testing.T)     { check(t, "swap") }
func TestLocked(t *testing.T)   { check(t, "locked") }

func TestNames(t *testing.T) {
	for name := range interleave.Outcomes {
		if _, ok := programs()[name]; !ok {
			t.Errorf("Outcomes has an entry %q, and no program has this name", name)
		}
	}
}
