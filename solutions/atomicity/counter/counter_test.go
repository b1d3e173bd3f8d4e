package counter_test

import (
	"slices"
	"testing"

	"workbook/solutions/atomicity/counter"
	"workbook/solutions/kit"
)

func TestOneGoroutine(t *testing.T) {
	var c counter.Counter
	if got := c.Value(); got != 0 {
		t.Fatalf("the Value of a new Counter is %d, want 0", got)
	}
	c.Inc()
	c.Add(41)
	if got := c.Value(); got != 42 {
		t.Fatalf("after Inc and Add(41) Value is %d, want 42", got)
	}
	if got := c.Reset(); got != 42 {
		t.Errorf("Reset of a Counter at 42 returned %d", got)
	}
	if got := c.Value(); got != 0 {
		t.Errorf("after Reset Value is %d, want 0", got)
	}
	c.Add(-3)
	if got := c.Value(); got != -3 {
		t.Errorf("after Reset and Add(-3) Value is %d, want -3", got)
	}
}

// TestIncTogether has one Inc that others overtake several times: a program may not stop trying.
func TestIncTogether(t *testing.T) {
	var c counter.Counter
	kit.Together(c.Inc, func() {
		for range 4 {
			c.Inc()
		}
	})
	checkSum(t, "5 Inc by 2 goroutines", 5, c.Value())
}

func TestAddTogether(t *testing.T) {
	var c counter.Counter
	kit.Together(
		func() { c.Add(5) },
		func() { c.Add(-2) },
		func() { c.Inc() },
	)
	checkSum(t, "Add(5), Add(-2) and Inc at once", 4, c.Value())
}

// checkSum compares the count with what was added.
func checkSum(t *testing.T, what string, want, got int64) {
	switch {
	case got < want:
		t.Errorf("%s, but Value is %d instead of %d: an update was lost", what, got, want)
	case got > want:
		t.Errorf("%s, but Value is %d instead of %d: something was counted twice", what, got, want)
	}
}

// TestValueBetween has a goroutine add and take away what it has added.
func TestValueBetween(t *testing.T) {
	var c counter.Counter
	var got int64
	kit.Together(
		func() {
			c.Add(3)
			c.Add(-3)
		},
		func() { got = c.Value() },
	)
	if got != 0 && got != 3 {
		t.Errorf("Value beside Add(3) and then Add(-3) is %d: the count was never %d", got, got)
	}
}

func TestValueDuringInc(t *testing.T) {
	var c counter.Counter
	var first, second int64
	kit.Together(
		func() {
			c.Inc()
			c.Inc()
		},
		func() {
			first = c.Value()
			second = c.Value()
		},
	)
	if first < 0 || second < first || second > 2 {
		t.Errorf("while another goroutine called Inc twice, Value returned %d and then %d", first, second)
	}
}

func TestResetDuringInc(t *testing.T) {
	var c counter.Counter
	var first, second int64
	kit.Together(
		func() {
			c.Inc()
			c.Inc()
		},
		func() {
			first = c.Reset()
			second = c.Reset()
		},
	)
	checkResets(t, 2, first+second+c.Value())
}

// checkResets compares what the Resets handed out, and what is left, with the number of Inc.
func checkResets(t *testing.T, want, got int64) {
	if got != want {
		t.Errorf("%d Inc, but the results of Reset and the last Value add up to %d", want, got)
	}
}

func TestTwoResets(t *testing.T) {
	var c counter.Counter
	c.Add(5)
	var got [2]int64
	kit.Each(2, func(i int) { got[i] = c.Reset() })
	checkTwo(t, got)
	if got := c.Value(); got != 0 {
		t.Errorf("after two Resets at once Value is %d, want 0", got)
	}
}

// checkTwo wants one of two Resets to have got the 5 that were there.
func checkTwo(t *testing.T, got [2]int64) {
	if a, b := got[0], got[1]; min(a, b) != 0 || max(a, b) != 5 {
		t.Errorf("two Resets at once of a Counter at 5 returned %d and %d: one must get the 5, the other 0", a, b)
	}
}

// TestAnyOrder looks for an order of the calls, as if they had come one after another, that
// explains every result.
func TestAnyOrder(t *testing.T) {
	var c counter.Counter
	var h kit.History[string, int64]
	inc := func() int64 {
		c.Inc()
		return 0
	}
	kit.Together(
		func() {
			h.Do("Inc", inc)
			h.Do("Reset", c.Reset)
		},
		func() {
			h.Do("Reset", c.Reset)
			h.Do("Value", c.Value)
		},
		func() { h.Do("Inc", inc) },
	)
	if !kit.Linearizable(h.Ops(), 0, count) {
		t.Errorf("no order of these calls explains their results, in brackets when each began and returned: %s", &h)
	}
}

// count is what a Counter does when its calls come one after another.
func count(n int64, call string, result int64) (int64, bool) {
	switch call {
	case "Inc":
		return n + 1, true
	case "Reset":
		return 0, result == n
	default:
		return n, result == n
	}
}

func TestStressInc(t *testing.T) {
	var c counter.Counter
	kit.Each(8, func(int) {
		for range 2500 {
			c.Inc()
			c.Add(3)
		}
	})
	checkSum(t, "20000 Inc and 20000 Add(3) by 8 goroutines", 80000, c.Value())
}

func TestStressReset(t *testing.T) {
	var c counter.Counter
	var sums, lowest [8]int64
	kit.Each(8, func(i int) {
		for range 2500 {
			c.Inc()
			got := c.Reset()
			sums[i] += got
			lowest[i] = min(lowest[i], got)
		}
	})
	if low := slices.Min(lowest[:]); low < 0 {
		t.Fatalf("a Reset returned %d though only Inc was called: two Resets took away the same units", low)
	}
	total := c.Value()
	for _, sum := range sums {
		total += sum
	}
	checkResets(t, 20000, total)
}

func TestStressTwoResets(t *testing.T) {
	cs := make([]counter.Counter, 5000)
	for i := range cs {
		cs[i].Add(5)
	}
	got := make([][2]int64, len(cs))
	kit.Lockstep(2, len(cs), func(i, round int) { got[round][i] = cs[round].Reset() })
	for _, g := range got {
		checkTwo(t, g)
		if t.Failed() {
			return
		}
	}
}
