package kit

import (
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// both runs f as it is and in a bubble.
func both(t *testing.T, f func(t *testing.T)) {
	t.Run("free", f)
	t.Run("bubble", func(t *testing.T) { synctest.Test(t, f) })
}

func TestTogetherRunsAllAtOnce(t *testing.T) {
	both(t, func(t *testing.T) {
		meet := NewOverlap(3, "functions")
		var ran atomic.Int64
		Each(3, func(i int) {
			meet.Inside()
			ran.Add(1 << (8 * i))
		})
		if err := meet.Err(); err != nil {
			t.Error(err)
		}
		if got := ran.Load(); got != 0x010101 {
			t.Errorf("Each(3, f) ran f as %#x, want each index once", got)
		}
		Together()
	})
}

func TestLockstep(t *testing.T) {
	for _, n := range []int{1, 2, 5} {
		var began, ended [200]atomic.Int64
		var early atomic.Int64
		Lockstep(n, len(began), func(i, round int) {
			began[round].Add(1 << i)
			if round > 0 && ended[round-1].Load() != int64(n) {
				early.Add(1)
			}
			ended[round].Add(1)
		})
		if early.Load() > 0 {
			t.Errorf("of %d goroutines some began a round before all had ended the one before", n)
		}
		for round := range began {
			if got := began[round].Load(); got != 1<<n-1 {
				t.Fatalf("round %d ran for the goroutines %b, want all %d", round, got, n)
			}
		}
	}
}

func TestOverlapOfSequentialCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := NewOverlap(2, "loads")
		go func() {
			o.Inside()
			o.Inside()
		}()
		synctest.Wait() // the first call waits for a second one that cannot come
		o.Close()
		synctest.Wait()
		const want = "not concurrent: of the loads never more than 1 ran at the same time, and 2 could have"
		if err := o.Err(); err == nil || err.Error() != want {
			t.Errorf("Err() = %v, want %s", err, want)
		}
		o.Close() // twice is fine
	})
}

func TestOverlapOfNothing(t *testing.T) {
	const want = "none of the loads had begun when all of them should have ended"
	if err := NewOverlap(2, "loads").Err(); err == nil || err.Error() != want {
		t.Errorf("Err() = %v, want %s", err, want)
	}
}

func TestGauge(t *testing.T) {
	both(t, func(t *testing.T) {
		var g Gauge
		meet := NewOverlap(4, "holders")
		Each(4, func(int) {
			g.Enter()
			meet.Inside()
			g.Leave()
		})
		g.EnterN(3)
		g.LeaveN(3)
		if got := g.Most(); got != 4 {
			t.Errorf("Most() = %d, want 4", got)
		}
	})
}

func TestHistory(t *testing.T) {
	var h History[string, any]
	if got := h.Do("Value", func() any { return 7 }); got != 7 {
		t.Errorf("Do returned %v, want what f returned, 7", got)
	}
	h.Do("Inc", func() any {
		h.Do("Reset", func() any { return 1 })
		return nil
	})
	const want = "Value = 7 [1-2], Inc [3-6], Reset = 1 [4-5]"
	if got := h.String(); got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
}

func TestHistoryKeepsEveryCall(t *testing.T) {
	both(t, func(t *testing.T) {
		var h History[int, int]
		Each(4, func(i int) {
			for range 100 {
				h.Do(i, func() int { return i })
			}
		})
		ops := h.Ops()
		if len(ops) != 400 {
			t.Fatalf("%d calls recorded, want 400", len(ops))
		}
		seen := map[int64]bool{}
		for _, op := range ops {
			if op.Call >= op.Return || op.In != op.Out || seen[op.Call] || seen[op.Return] {
				t.Errorf("recorded %+v, want moments of its own, in order", op)
			}
			seen[op.Call], seen[op.Return] = true, true
		}
	})
}

// register is the model of one integer: a write has Out -1, a read has In -1.
func register(state, in, out int) (int, bool) {
	if in >= 0 {
		return in, true
	}
	return state, out == state
}

func TestLinearizable(t *testing.T) {
	op := func(in, out int, call, ret int64) Op[int, int] { return Op[int, int]{in, out, call, ret} }
	for _, test := range []struct {
		name string
		ops  []Op[int, int]
		want bool
	}{
		{"nothing", nil, true},
		{"read of the start", []Op[int, int]{op(-1, 0, 1, 2)}, true},
		{"read after the write", []Op[int, int]{op(5, -1, 1, 2), op(-1, 5, 3, 4)}, true},
		{"stale read after the write", []Op[int, int]{op(5, -1, 1, 2), op(-1, 0, 3, 4)}, false},
		{"either read during the write", []Op[int, int]{op(5, -1, 1, 6), op(-1, 0, 2, 3), op(-1, 5, 4, 5)}, true},
		{"reads during the write that go back", []Op[int, int]{op(5, -1, 1, 6), op(-1, 5, 2, 3), op(-1, 0, 4, 5)}, false},
		{"two writes seen in two orders", []Op[int, int]{
			op(1, -1, 1, 10), op(2, -1, 2, 11), op(-1, 1, 3, 4), op(-1, 2, 5, 6), op(-1, 1, 7, 8)}, false},
		{"value of nobody", []Op[int, int]{op(1, -1, 1, 2), op(-1, 7, 3, 4)}, false},
	} {
		if got := Linearizable(test.ops, 0, register); got != test.want {
			t.Errorf("%s: Linearizable = %t, want %t", test.name, got, test.want)
		}
	}
}

// TestLinearizableIsFast has an answer of no that costs 12! orders without memory of dead ends.
func TestLinearizableIsFast(t *testing.T) {
	var ops []Op[int, int]
	for i := range 12 {
		ops = append(ops, Op[int, int]{In: 1 + i%2, Out: -1, Call: int64(i), Return: int64(100 + i)})
	}
	ops = append(ops, Op[int, int]{In: -1, Out: 9, Call: 200, Return: 201})
	if Linearizable(ops, 0, register) {
		t.Error("a read of 9, which nobody wrote, was explained")
	}
}

// TestObserversHideNoRace runs racy itself, with KIT_RACY set, in a process of its own: the race
// detector must see the race through the observers.
func TestObserversHideNoRace(t *testing.T) {
	if !raceEnabled {
		t.Skip("this binary has no race detector")
	}
	for _, observer := range []string{"overlap", "gauge", "history"} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRacy$")
		cmd.Env = append(os.Environ(), "KIT_RACY="+observer, "GORACE=atexit_sleep_ms=0")
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "DATA RACE") {
			t.Errorf("%s: the race of x was not reported: %v\n%s", observer, err, out)
		}
	}
}

// TestRacy is the program of TestObserversHideNoRace: the second write of x comes after the first
// in every run, and nothing that the race detector may know of says so.
func TestRacy(t *testing.T) {
	var g Gauge
	var h History[int, int]
	o := NewOverlap(1, "writers")
	observe := map[string]func(){
		"overlap": o.Inside,
		"gauge":   func() { g.Enter(); g.Leave() },
		"history": func() { h.Do(0, func() int { return 0 }) },
	}[os.Getenv("KIT_RACY")]
	if observe == nil {
		t.Skip("TestObserversHideNoRace runs this")
	}
	x := 0
	next := make(chan struct{})
	Together(func() {
		x = 1
		observe()
		unseen(func() { close(next) })
	}, func() {
		unseen(func() { <-next })
		observe()
		x = 2
	})
	_ = x
}
