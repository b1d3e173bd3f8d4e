package sched

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestPlanText(t *testing.T) {
	plans := []plan{
		{kind: planDeviations},
		{kind: planDeviations, devs: []deviation{{at: 0, c: 1}}},
		{kind: planDeviations, devs: []deviation{{at: 3, c: 2}, {at: 4, c: 1}, {at: 900, c: 17}}},
		{kind: planDeviations, jumps: true, devs: []deviation{{at: 0, c: jumpChoice}, {at: 1, c: jumpChoice + 1}, {at: 2, c: 40}}},
		{kind: planPCT, seed: 1<<32 - 1, est: 17},
		{kind: planRandom, jumps: true, seed: 0, est: 0},
	}
	for _, p := range plans {
		text := p.encode(12345)
		got, err := parsePlan(text, 12345)
		if err != nil || !reflect.DeepEqual(*got, p) {
			t.Errorf("parsePlan(%q) = %+v, %v, want %+v", text, got, err, p)
		}
		if _, err := parsePlan(text, 54321); !errors.Is(err, ErrOtherProgram) {
			t.Errorf("parsePlan(%q) for another program: %v, want %v", text, err, ErrOtherProgram)
		}
		for i := range len(text) { // a digit mistyped is noticed
			b := []byte(text)
			b[i] = digits[(slices.Index([]byte(digits), b[i])+1)&31]
			if q, err := parsePlan(string(b), 12345); err == nil && i > 6 && !reflect.DeepEqual(*q, p) && i < len(text)-2 {
				t.Logf("%q is taken for %q: %+v", b, text, q) // one in 1,024
			}
		}
	}
	two := plan{kind: planDeviations, devs: []deviation{{at: 7, c: 1}, {at: 12, c: 1}}}
	if text := two.encode(0); len(text) > 13 {
		t.Errorf("two delays take %q, want at most 13 digits", text)
	}
}

func FuzzParsePlan(f *testing.F) {
	f.Add("1d0000-4095")
	f.Add("1P0000-zwjpnzg2y1ks")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePlan(text, 0)
		if err != nil {
			return
		}
		q, err := parsePlan(p.encode(0), 0)
		if err != nil || !reflect.DeepEqual(p, q) {
			t.Errorf("parsePlan(%q) = %+v, written and read again %+v, %v", text, p, q, err)
		}
	})
}

// TestNextIsExhaustive walks a tree of choices of which everything is known.
func TestNextIsExhaustive(t *testing.T) {
	// Five decisions among three goroutines each; the second also has a jump.
	run := func(devs []deviation) *decisions {
		d := &decisions{n: 5}
		for i := range 5 {
			d.d[i] = decision{n: 3, jump: i == 1}
		}
		for _, dev := range devs {
			d.d[dev.at].c = int16(dev.c)
		}
		return d
	}
	for bound := range 4 {
		seen := map[string]bool{}
		var devs []deviation
		for more := true; more; {
			d := run(devs)
			key, cost := "", 0
			for i := range d.n {
				key += string(rune('a' + d.d[i].c%101))
				cost += d.d[i].delays()
			}
			if seen[key] || cost > bound {
				t.Fatalf("bound %d: schedule %q again, or with %d delays", bound, key, cost)
			}
			seen[key] = true
			devs, more = d.next(bound)
		}
		if want := countTree(5, bound); len(seen) != want {
			t.Errorf("bound %d: %d schedules, want %d", bound, len(seen), want)
		}
	}
}

// countTree counts the choices at n decisions, the second of which has a jump, within a bound.
func countTree(n, bound int) int {
	if n == 0 {
		return 1
	}
	total := 0
	costs := []int{0, 1, 2}
	if n == 4 {
		costs = append(costs, 1)
	}
	for _, c := range costs {
		if c <= bound {
			total += countTree(n-1, bound-c)
		}
	}
	return total
}

func TestSkipOfCases(t *testing.T) {
	d := &decisions{n: 1}
	d.d[0] = decision{n: 4, cases: true}
	d.skip(0, 2) // the first two cases were not ready, the third was
	devs, more := d.next(1)
	if want := []deviation{{at: 0, c: 3, n: 4}}; !more || !slices.Equal(devs, want) {
		t.Errorf("next = %v, %v, want %v", devs, more, want)
	}
}

func TestStacks(t *testing.T) {
	dump := "goroutine 1 [running]:\nmain.main()\n\t/x/main.go:3 +0x1\n\n" +
		"goroutine 7 [IO wait, synctest bubble 2]:\ninternal/poll.runtime_pollWait(0x1)\n\t/go/netpoll.go:1 +0x2\nos.(*File).Read(0xc0)\n\t/go/file.go:2 +0x3\nlab.read()\n\t/x/lab.go:9 +0x4\n\n" +
		"goroutine 6 [chan receive (durable), 2 minutes, synctest bubble 1]:\nlab.old()\n\t/x/lab.go:1 +0x1\n\n" +
		"goroutine 8 [sync.WaitGroup.Wait (durable), synctest bubble 2]:\nlab.wait()\n\t/x/lab.go:4 +0x4"
	all := bubbleGoroutines(dump)
	if len(all) != 2 || all[0].id != 7 || all[0].state != "IO wait" || all[0].durable || !all[1].durable || all[1].state != "sync.WaitGroup.Wait" {
		t.Fatalf("bubbleGoroutines = %+v", all)
	}
	if got, want := all[0].userCall(), "os.(*File).Read at /go/file.go:2"; got != want {
		t.Errorf("userCall = %q, want %q", got, want)
	}
}

func TestPanicText(t *testing.T) {
	type named int
	for _, c := range []struct {
		v    any
		want string
	}{
		{"text", "text"}, {errors.New("an error"), "an error"}, {3, "3"}, {named(4), "sched.named(4)"},
		{struct{ a int }{5}, "(struct { a int }) {5}"},
	} {
		if got := panicText(c.v); got != c.want {
			t.Errorf("panicText(%v) = %q, want %q", c.v, got, c.want)
		}
	}
}

// loudNumber has a method that a timeline must not call: it could wait for a lock.
type loudNumber int

func (loudNumber) String() string { panic("called") }

func TestArgumentText(t *testing.T) {
	n := 1
	for _, c := range []struct {
		v    any
		want string
	}{
		{7, "7"}, {loudNumber(3), "3"}, {"a", `"a"`}, {"01234567890123456789", "…"}, {nil, "nil"}, {&n, "…"}, {struct{}{}, "…"}, {[]int{1}, "…"},
	} {
		if got := argumentText(c.v); got != c.want {
			t.Errorf("argumentText(%v) = %q, want %q", c.v, got, c.want)
		}
	}
}

func TestValueText(t *testing.T) {
	type pair struct {
		A int
		B string
	}
	var nilMap map[string]int
	n := 1
	for _, c := range []struct {
		v    any
		want string
	}{
		{7, "7"}, {"x", `"x"`}, {true, "true"}, {nilMap, "nil"}, {map[string]int{}, "a map[string]int"}, {pair{1, "b"}, `{1 "b"}`},
		{loudNumber(3), "3"}, {time.Second, "1s"}, {1e6, "1e+06"}, {float32(0.1), "0.1"}, {1 + 2i, "(1+2i)"}, {uint8(200), "200"},
		{[]int{1, 2}, "2 elements"}, {&n, "a *int"}, {nil, "nil"}, {"0123456789012345678901234567890123456789", `"012345678901234567890123456789…`},
	} {
		if got := valueText(c.v); got != c.want {
			t.Errorf("valueText(%v) = %q, want %q", c.v, got, c.want)
		}
	}
}
