package litmus_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/memory-synchronization/litmus"
)

func TestSB(t *testing.T) {
	r1, r2 := litmus.SB()
	if r1 == 0 && r2 == 0 {
		t.Errorf("SB returned (0, 0): both goroutines had written before they read, and both read the value from before")
	}
	if r1 < 0 || r1 > 1 || r2 < 0 || r2 > 1 {
		t.Errorf("SB returned (%d, %d), and no goroutine writes anything but 1", r1, r2)
	}
}

// TestTwoSB has two SB at the same time, which have nothing in common.
func TestTwoSB(t *testing.T) {
	kit.Each(2, func(int) {
		if r1, r2 := litmus.SB(); r1 == 0 && r2 == 0 {
			t.Errorf("SB returned (0, 0) while another SB was running: both goroutines had written before they read, and both read the value from before")
		}
	})
}

// programs are what the goroutines of each litmus test do: "x" writes 1 to x, "1=x" reads x into
// r1.
var programs = map[string][2][]string{
	"SB":   {{"x", "1=y"}, {"y", "2=x"}},
	"MP":   {{"x", "y"}, {"1=y", "2=x"}},
	"LB":   {{"1=x", "y"}, {"2=y", "x"}},
	"CoRR": {{"x"}, {"1=x", "2=x"}},
}

func TestAllowedSB(t *testing.T)   { checkAllowed(t, "SB") }
func TestAllowedMP(t *testing.T)   { checkAllowed(t, "MP") }
func TestAllowedLB(t *testing.T)   { checkAllowed(t, "LB") }
func TestAllowedCoRR(t *testing.T) { checkAllowed(t, "CoRR") }

// long are the programs' names in words: a function is called SB too, and no message should mean that one
// where it is about the list.
var long = map[string]string{"SB": "store buffering", "MP": "message passing", "LB": "load buffering", "CoRR": "coherence"}

// checkAllowed wants Allowed to list the outcomes of all orders of the program's steps.
func checkAllowed(t *testing.T, name string) {
	orders := map[litmus.Outcome]string{}
	interleave(programs[name], nil, orders)
	given := litmus.Allowed[name]
	for r1 := range 2 {
		for r2 := range 2 {
			o := litmus.Outcome{R1: r1, R2: r2}
			order, possible := orders[o]
			switch listed := slices.Contains(given, o); {
			case listed && !possible:
				t.Errorf("Allowed lists r1 = %d and r2 = %d for %s, and no order of its steps gives that outcome", r1, r2, long[name])
			case possible && !listed:
				t.Errorf("Allowed does not list r1 = %d and r2 = %d for %s, which this order gives: %s", r1, r2, long[name], order)
			}
		}
	}
	for _, o := range given {
		if o.R1 < 0 || o.R1 > 1 || o.R2 < 0 || o.R2 > 1 {
			t.Errorf("Allowed lists r1 = %d and r2 = %d for %s, and nobody writes anything but 1", o.R1, o.R2, long[name])
		}
	}
}

// interleave notes an order for each outcome that the rest of a program can have after the steps
// in done.
func interleave(rest [2][]string, done []string, orders map[litmus.Outcome]string) {
	if len(rest[0])+len(rest[1]) == 0 {
		o, text := carryOut(done)
		if orders[o] == "" {
			orders[o] = text
		}
		return
	}
	for g := range rest {
		if len(rest[g]) > 0 {
			next := rest
			next[g] = rest[g][1:]
			interleave(next, append(done[:len(done):len(done)], rest[g][0]), orders)
		}
	}
}

// carryOut returns the outcome of an order of steps, and what the order is called.
func carryOut(steps []string) (litmus.Outcome, string) {
	memory, reads := map[string]int{}, map[string]int{}
	var texts []string
	for _, step := range steps {
		if r, variable, ok := strings.Cut(step, "="); ok {
			reads[r] = memory[variable]
			texts = append(texts, fmt.Sprintf("r%s = %s", r, variable))
		} else {
			memory[step] = 1
			texts = append(texts, step+" = 1")
		}
	}
	return litmus.Outcome{R1: reads["1"], R2: reads["2"]}, strings.Join(texts, ", ")
}

// TestStressSB runs SB often, and until each goroutine has been through before the other began. With the
// race detector half of the runs are of either kind, since it shuffles goroutines; without it one in
// thousands.
func TestStressSB(t *testing.T) {
	const enough, most = 20000, 100000
	seen := map[[2]int]int{}
	first, second := [2]int{0, 1}, [2]int{1, 0}
	trials := 0
	for trials < enough || trials < most && (seen[first] == 0 || seen[second] == 0) {
		r1, r2 := litmus.SB()
		seen[[2]int{r1, r2}]++
		trials++
	}
	if n := seen[[2]int{0, 0}]; n > 0 {
		t.Errorf("(0, 0) was seen %d times in %d runs of SB: both goroutines had written before they read, and both read the value from before", n, trials)
		return
	}
	for outcome := range seen {
		if len(seen) == 1 {
			t.Errorf("not concurrent: %d runs of SB all returned %v, so one goroutine always came before the other", trials, outcome)
			return
		}
	}
	for r, never := range [][2]int{first, second} {
		if seen[never] == 0 {
			t.Errorf("%d runs of SB never returned (%d, %d), which is what the goroutines read when the %s is through before the other begins: r%d must be what was read, whatever it is",
				trials, never[0], never[1], []string{"first", "second"}[r], r+1)
		}
	}
}
