package tokens_test

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"workbook/solutions/atomicity/tokens"
	"workbook/solutions/kit"
)

func TestOneGoroutine(t *testing.T) {
	ts := tokens.New(3)
	for _, step := range []struct {
		put, take int64
		want      bool
	}{
		{0, 2, true},
		{0, 2, false}, // 1 is free
		{0, 1, true},  // the failed attempt has taken nothing
		{0, 1, false},
		{3, 4, false},
		{0, 3, true},
		{2, 1, true},
	} {
		if step.put > 0 {
			ts.Put(step.put)
		}
		if got := ts.TryTake(step.take); got != step.want {
			t.Fatalf("New(3), then one goroutine: TryTake(2), TryTake(2), TryTake(1), TryTake(1), Put(3), TryTake(4), TryTake(3), Put(2), TryTake(1): TryTake(%d) returned %t, want %t",
				step.take, got, step.want)
		}
	}
	if tokens.New(0).TryTake(1) {
		t.Errorf("TryTake(1) of New(0) returned true")
	}
}

// take calls TryTake(ks[i]) in goroutine i, all at once, and says which succeeded.
func take(ts *tokens.Tokens, ks ...int64) []bool {
	got := make([]bool, len(ks))
	kit.Each(len(ks), func(i int) { got[i] = ts.TryTake(ks[i]) })
	return got
}

func TestLastToken(t *testing.T) {
	checkOne(t, 1, take(tokens.New(1), 1, 1))
}

// checkOne wants exactly one of two TryTake(k) to succeed where k were free.
func checkOne(t *testing.T, k int64, got []bool) {
	if got[0] == got[1] {
		t.Errorf("free: %d, and two TryTake(%d) at once both returned %t: exactly one must succeed", k, k, got[0])
	}
}

func TestEnoughForBoth(t *testing.T) {
	ts := tokens.New(3)
	checkBoth(t, take(ts, 1, 2))
	checkFree(t, ts, 0)
}

// TestEnoughForThree has a goroutine that can be quicker than the other one twice.
func TestEnoughForThree(t *testing.T) {
	ts := tokens.New(3)
	var got [3]bool
	kit.Together(
		func() { got[0] = ts.TryTake(1) },
		func() {
			got[1] = ts.TryTake(1)
			runtime.Gosched()
			got[2] = ts.TryTake(1)
		},
	)
	for i, ok := range got {
		if !ok {
			t.Errorf("3 were free, and of three TryTake(1) in two goroutines number %d returned false although 1 was left for it", i+1)
		}
	}
	checkFree(t, ts, 0)
}

// checkBoth wants TryTake(1) and TryTake(2) to succeed where 3 were free.
func checkBoth(t *testing.T, got []bool) {
	if !got[0] || !got[1] {
		t.Errorf("TryTake(1) and TryTake(2) at once returned %t and %t although 3 were free: both must succeed", got[0], got[1])
	}
}

// checkFree takes all tokens, one by one, and compares their number with want.
func checkFree(t *testing.T, ts *tokens.Tokens, want int64) {
	var got int64
	for got <= want && ts.TryTake(1) {
		got++
	}
	switch {
	case got < want:
		t.Errorf("in the end %d tokens must be free, but %d can be taken: tokens were lost", want, got)
	case got > want:
		t.Errorf("in the end %d tokens must be free, but more can be taken", want)
	}
}

func TestTooMany(t *testing.T) {
	ts := tokens.New(1)
	got := take(ts, 2, 1)
	if got[0] {
		t.Errorf("TryTake(2) returned true although only 1 was free")
	}
	if !got[1] {
		t.Errorf("TryTake(1) returned false although 1 was free: a TryTake(2) at the same time, which must fail, got in its way")
	}
}

func TestAllOrNothing(t *testing.T) {
	checkOne(t, 2, take(tokens.New(2), 2, 2))
}

func TestPutTogether(t *testing.T) {
	ts := tokens.New(0)
	kit.Together(
		func() { ts.Put(1) },
		func() { ts.Put(2) },
	)
	checkFree(t, ts, 3)
}

func TestPutDuringTake(t *testing.T) {
	ts := tokens.New(1)
	var ok bool
	kit.Together(
		func() { ok = ts.TryTake(1) },
		func() { ts.Put(1) },
	)
	if !ok {
		t.Fatalf("TryTake(1) returned false although 1 was free: a Put at the same time got in its way")
	}
	checkFree(t, ts, 1)
}

// TestAnyOrder looks for an order of the calls, as if they had come one after another, that
// explains every result.
func TestAnyOrder(t *testing.T) {
	ts := tokens.New(2)
	var h kit.History[call, any]
	try := func(k int64) { h.Do(call{"TryTake", k}, func() any { return ts.TryTake(k) }) }
	put := func(k int64) { h.Do(call{"Put", k}, func() any { ts.Put(k); return nil }) }
	kit.Together(
		func() { try(2); put(2) },
		func() { try(1); try(2) },
		func() { try(3); put(1) },
	)
	if !kit.Linearizable(h.Ops(), 2, step) {
		t.Errorf("2 were free, and no order of these calls explains their results, in brackets when each began and returned: %s", &h)
	}
}

// call is what a history holds of a call.
type call struct {
	name string
	k    int64
}

func (c call) String() string { return fmt.Sprintf("%s(%d)", c.name, c.k) }

// step is what Tokens do when their calls come one after another.
func step(free int64, c call, result any) (int64, bool) {
	switch {
	case c.name == "Put":
		return free + c.k, true
	case free >= c.k:
		return free - c.k, result == true
	default:
		return free, result == false
	}
}

func TestStressEnoughForBoth(t *testing.T) {
	rounds := fresh(3)
	got := make([][2]bool, len(rounds))
	kit.Lockstep(2, len(rounds), func(i, round int) { got[round][i] = rounds[round].TryTake(int64(i + 1)) })
	for round := range got {
		checkBoth(t, got[round][:])
		if t.Failed() {
			return
		}
	}
}

func TestStressScarce(t *testing.T) {
	for range 10 {
		ts := tokens.New(3)
		var held kit.Gauge
		kit.Each(8, func(i int) {
			k := int64(1 + i%2)
			for range 2500 {
				if ts.TryTake(k) {
					held.EnterN(k)
					held.LeaveN(k)
					ts.Put(k)
				}
			}
		})
		if most := held.Most(); most > 3 {
			t.Fatalf("of 3 tokens %d were taken at the same time", most)
		}
		checkFree(t, ts, 3)
		if t.Failed() {
			return
		}
	}
}

func TestStressTooMany(t *testing.T) {
	ts := tokens.New(1)
	var failed, succeeded atomic.Int64
	kit.Lockstep(2, 20000, func(i, _ int) {
		switch {
		case i == 1 && ts.TryTake(2):
			succeeded.Add(1)
			ts.Put(2)
		case i == 0 && ts.TryTake(1):
			ts.Put(1)
		case i == 0:
			failed.Add(1)
		}
	})
	if succeeded.Load() > 0 {
		t.Fatalf("TryTake(2) returned true although never more than 1 was free")
	}
	if n := failed.Load(); n > 0 {
		t.Fatalf("%d of 20000 TryTake(1) returned false although 1 was free: a TryTake(2) at the same time, which must fail, got in its way", n)
	}
}

func TestStressLastToken(t *testing.T) {
	stressOne(t, 1)
}

func TestStressAllOrNothing(t *testing.T) {
	stressOne(t, 2)
}

// stressOne repeats two TryTake(k) at once where k are free.
func stressOne(t *testing.T, k int64) {
	rounds := fresh(k)
	got := make([][2]bool, len(rounds))
	kit.Lockstep(2, len(rounds), func(i, round int) { got[round][i] = rounds[round].TryTake(k) })
	for round := range got {
		checkOne(t, k, got[round][:])
		if t.Failed() {
			return
		}
	}
}

func TestStressPut(t *testing.T) {
	rounds := fresh(0)
	kit.Lockstep(2, len(rounds), func(i, round int) { rounds[round].Put(int64(i + 1)) })
	for _, ts := range rounds {
		checkFree(t, ts, 3)
		if t.Failed() {
			return
		}
	}
}

// fresh returns Tokens for many rounds, each with n free ones.
func fresh(n int64) []*tokens.Tokens {
	all := make([]*tokens.Tokens, 10000)
	for i := range all {
		all[i] = tokens.New(n)
	}
	return all
}
