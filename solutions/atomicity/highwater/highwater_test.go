package highwater_test

import (
	"runtime"
	"testing"

	"workbook/solutions/atomicity/highwater"
	"workbook/solutions/kit"
)

func TestOneGoroutine(t *testing.T) {
	var m highwater.Max
	if got := m.Value(); got != 0 {
		t.Fatalf("the Value of a Max that has observed nothing is %d, want 0", got)
	}
	for _, step := range []struct{ v, want int64 }{{-7, -7}, {-9, -7}, {3, 3}, {3, 3}, {0, 3}, {91, 91}, {64, 91}} {
		m.Observe(step.v)
		if got := m.Value(); got != step.want {
			t.Fatalf("after Observe(%d) Value is %d, want %d", step.v, got, step.want)
		}
	}
}

func TestTwoObservers(t *testing.T) {
	var m highwater.Max
	m.Observe(1)
	kit.Together(
		func() { m.Observe(64) },
		func() { m.Observe(91) },
	)
	if got := m.Value(); got != 91 {
		t.Errorf("Observe(64) and Observe(91) at once, but Value is %d: the larger was lost", got)
	}
}

// TestQuickerTwice has a goroutine that can be quicker than the other one twice.
func TestQuickerTwice(t *testing.T) {
	var m highwater.Max
	m.Observe(1)
	kit.Together(
		func() { m.Observe(91) },
		func() {
			m.Observe(27)
			runtime.Gosched()
			m.Observe(64)
		},
	)
	if got := m.Value(); got != 91 {
		t.Errorf("Observe(91) while another goroutine called Observe(27) and Observe(64), but Value is %d: the largest was lost", got)
	}
}

func TestNegativeFirst(t *testing.T) {
	var m highwater.Max
	kit.Together(
		func() { m.Observe(-5) },
		func() { m.Observe(-3) },
	)
	checkNegative(t, m.Value())
}

// checkNegative wants the larger of -5 and -3, the first two values.
func checkNegative(t *testing.T, got int64) {
	if got != -3 {
		t.Errorf("Observe(-5) and Observe(-3) at once were the first, but Value is %d instead of -3: the larger was lost", got)
	}
}

func TestNeverBack(t *testing.T) {
	var m highwater.Max
	m.Observe(50)
	var first, second int64
	kit.Together(
		func() { m.Observe(64) },
		func() { m.Observe(91) },
		func() {
			first = m.Value()
			second = m.Value()
		},
	)
	checkForward(t, 50, first)
	checkForward(t, first, second)
}

// checkForward says so if a later Value is smaller.
func checkForward(t *testing.T, first, second int64) {
	if second < first {
		t.Errorf("Max went back from %d to %d: the larger was lost, if only for a moment", first, second)
	}
}

func TestSmallerChangesNothing(t *testing.T) {
	var m highwater.Max
	m.Observe(91)
	var seen int64
	kit.Together(
		func() { m.Observe(64) },
		func() { seen = m.Value() },
	)
	checkForward(t, 91, seen)
}

// TestOwnObservation asks a goroutine for the maximum right after it has observed something.
func TestOwnObservation(t *testing.T) {
	var m highwater.Max
	var after [2]int64
	kit.Each(2, func(i int) {
		m.Observe(int64(i + 1))
		after[i] = m.Value()
	})
	for i, got := range after {
		checkOwn(t, int64(i+1), got)
	}
}

// checkOwn compares a Value with what the same goroutine had observed just before.
func checkOwn(t *testing.T, v, got int64) {
	if got < v {
		t.Errorf("a goroutine called Observe(%d), and the Value it then got was %d: its value was lost", v, got)
	}
}

// mismatch is a value observed and the smaller Value got after it.
type mismatch struct{ v, got int64 }

func TestStressClimb(t *testing.T) {
	for range 10 {
		var m highwater.Max
		var lost [8]mismatch
		kit.Each(8, func(i int) {
			for range 2500 {
				v := m.Value() + 1 + int64(i) // larger than all so far, by not much
				m.Observe(v)
				if got := m.Value(); got < v {
					lost[i] = mismatch{v, got}
				}
			}
		})
		for _, l := range lost {
			checkOwn(t, l.v, l.got)
		}
		if t.Failed() {
			return
		}
	}
}

func TestStressLockstep(t *testing.T) {
	var m highwater.Max
	var lost [2]mismatch
	kit.Lockstep(2, 20000, func(i, round int) {
		v := int64(2*round + i + 1)
		m.Observe(v)
		if got := m.Value(); got < v {
			lost[i] = mismatch{v, got}
		}
	})
	for _, l := range lost {
		checkOwn(t, l.v, l.got)
	}
}

func TestStressNeverBack(t *testing.T) {
	for range 10 {
		var m highwater.Max
		m.Observe(0)
		var back [4]mismatch
		kit.Each(4, func(i int) {
			var first int64
			for range 2500 {
				m.Observe(m.Value() - 1 + int64(i))
				second := m.Value()
				if second < first {
					back[i] = mismatch{first, second}
				}
				first = second
			}
		})
		for _, b := range back {
			checkForward(t, b.v, b.got)
		}
		if t.Failed() {
			return
		}
	}
}

func TestStressSmaller(t *testing.T) {
	var m highwater.Max
	m.Observe(10000)
	var lowest int64 = 10000
	kit.Lockstep(2, 10000, func(i, round int) {
		if i == 0 {
			m.Observe(int64(round))
			return
		}
		for range 5 {
			lowest = min(lowest, m.Value())
		}
	})
	checkForward(t, 10000, lowest)
}

func TestStressNegativeFirst(t *testing.T) {
	ms := make([]highwater.Max, 20000)
	kit.Lockstep(2, len(ms), func(i, round int) { ms[round].Observe(int64(2*i - 5)) })
	for i := range ms {
		checkNegative(t, ms[i].Value())
		if t.Failed() {
			return
		}
	}
}
