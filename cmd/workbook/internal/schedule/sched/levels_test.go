package sched

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"
)

// steps starts n goroutines of k steps each and waits for them.
func steps(n, k int) func() {
	return func() {
		var wg WaitGroup
		for g := range n {
			wg.Add(1)
			Spawn(int32(g), func() {
				defer wg.Done()
				for i := range k {
					P(int32(i))
				}
			})
		}
		At(100)
		wg.Wait()
	}
}

func explored(t *testing.T, l Limits, main func()) Enumeration {
	t.Helper()
	r, err := Enumerate(l, func() {}, main)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSearchCounts(t *testing.T) {
	tests := []struct{ n, k, want int }{
		{1, 5, 1},
		{2, 1, 2},
		{2, 2, 6},    // C(4,2)
		{2, 4, 70},   // C(8,4)
		{3, 2, 90},   // 6!/(2!2!2!)
		{2, 6, 924},  // C(12,6)
		{3, 3, 1680}, // 9!/(3!3!3!)
	}
	for _, test := range tests {
		r := explored(t, Limits{2, 1e6, 1e6, 1e9}, steps(test.n, test.k))
		if r.Schedules != test.want || !r.All || len(r.Outcomes) != 1 {
			t.Errorf("%d goroutines of %d steps: %d schedules, all %v, %d outcomes, want %d", test.n, test.k, r.Schedules, r.All, len(r.Outcomes), test.want)
		}
	}
}

// The schedules with at most b preemptions of two goroutines with two steps are known by hand: 2
// with none, 2 more with one, 2 more with two.
func TestSearchBounds(t *testing.T) {
	all := explored(t, DefaultLimits, steps(2, 2))
	if all.Bound != 2 || !all.All {
		t.Errorf("bound %d, all %v, want 2, true", all.Bound, all.All)
	}
	tests := []struct {
		limits    Limits
		schedules int
		bound     int
		cut       bool
	}{
		{Limits{0, 1, 100, 1e9}, 2, 0, false},
		{Limits{0, 4, 100, 1e9}, 4, 1, false},
		{Limits{1, 1, 100, 1e9}, 4, 1, false},
		{Limits{2, 1, 5, 1e9}, 5, 2, true},
		{Limits{2, 100, 100, 12}, 3, 1, true}, // five steps a schedule
	}
	for _, test := range tests {
		r := explored(t, test.limits, steps(2, 2))
		if r.Schedules != test.schedules || r.Bound != test.bound || r.Cut != test.cut || r.All {
			t.Errorf("Search(%v) = %d schedules, bound %d, cut %v, all %v, want %d, %d, %v, false",
				test.limits, r.Schedules, r.Bound, r.Cut, r.All, test.schedules, test.bound, test.cut)
		}
	}
}

// A search repeats itself and leaves no goroutine, whatever became of the program.
func TestSearchLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	programs := map[string]func(){
		"deadlock": func() {
			var a, b Mutex
			for i := range 2 {
				first, second := &a, &b
				if i == 1 {
					first, second = &b, &a
				}
				Spawn(int32(i), func() {
					first.Lock()
					defer first.Unlock()
					second.Lock()
					defer second.Unlock()
				})
			}
			var wg WaitGroup
			wg.Add(1)
			wg.Wait()
		},
		"panic": func() {
			Spawn(int32(1), func() { P(int32(1)); panic("boom") })
			Spawn(int32(2), func() { P(int32(2)); P(int32(2)) })
			P(int32(3))
		},
		"early end": func() {
			Spawn(int32(1), func() { defer P(int32(2)); P(int32(1)) })
		},
		"goexit": func() {
			Spawn(int32(1), func() { P(int32(1)); runtime.Goexit() })
			runtime.Goexit()
		},
		"fatal": func() {
			var m Mutex
			Spawn(int32(1), func() { defer m.Lock(); m.Unlock() })
			P(int32(1))
		},
		"spin": func() {
			done := false
			Spawn(1, func() { P(2); done = true })
			for B(1) && !done {
				Yield()
			}
		},
	}
	want := map[string][]string{
		"deadlock":  {"DEADLOCK"},
		"panic":     {"", "PANIC: boom"},
		"early end": {""},
		"goexit":    {"DEADLOCK"},
		"fatal":     {"FATAL: sync: unlock of unlocked mutex"},
		"spin":      {""},
	}
	for name, main := range programs {
		r := explored(t, DefaultLimits, main)
		if again := explored(t, DefaultLimits, main); !reflect.DeepEqual(r, again) {
			t.Errorf("%s: two searches differ:\n%v\n%v", name, r, again)
		}
		var texts []string
		for _, o := range r.Outcomes {
			texts = append(texts, o.Text)
		}
		slices.Sort(texts)
		if !slices.Equal(texts, want[name]) {
			t.Errorf("%s: outcomes %q, want %q", name, texts, want[name])
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond) // an ended goroutine is counted a moment longer
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// A program that chance has a hand in is found out.
func TestSearchChance(t *testing.T) {
	n := 0
	_, err := Enumerate(DefaultLimits, func() {}, func() {
		n++
		steps(1+n%2, 3)()
	})
	if err == nil {
		t.Error("Search of a program that does not repeat itself = nil, want an error")
	}
}

func TestPrimitives(t *testing.T) {
	tests := []struct {
		name string
		main func()
		want []string
	}{
		{"rwmutex", func() {
			var m RWMutex
			Spawn(int32(1), func() { m.RLock(); m.RLock(); Mark(1); m.RUnlock(); m.RUnlock() })
			m.Lock()
			Mark(2)
			m.Unlock()
		}, []string{"", "DEADLOCK"}}, // a waiting writer keeps the second reader out
		{"once", func() {
			var once Once
			Spawn(int32(1), func() { once.Do(func() { P(int32(1)); fmt.Fprint(Output{}, "a") }) })
			once.Do(func() { P(int32(2)); fmt.Fprint(Output{}, "b") })
		}, []string{"a", "b"}},
		{"trylock", func() {
			var m Mutex
			Spawn(int32(1), func() { m.Lock(); P(int32(1)); m.Unlock() })
			fmt.Fprint(Output{}, m.TryLock())
		}, []string{"false", "true"}},
		{"negative", func() {
			var wg WaitGroup
			wg.Done()
		}, []string{"PANIC: sync: negative WaitGroup counter"}},
		{"unbuffered", func() {
			ch := make(chan int, 1)
			Spawn(int32(1), func() { ToSend(1, ch); ch <- 1; P(int32(2)); fmt.Fprint(Output{}, "sent ") })
			ToReceive(3, ch)
			<-ch
			P(int32(4))
			fmt.Fprint(Output{}, "got ")
		}, []string{"got ", "got sent ", "sent got "}},
		{"nil channel", func() {
			var ch chan int
			ToReceive(1, ch)
		}, []string{"DEADLOCK"}},
	}
	for _, test := range tests {
		r := explored(t, DefaultLimits, test.main)
		var texts []string
		for _, o := range r.Outcomes {
			texts = append(texts, o.Text)
		}
		slices.Sort(texts)
		if !slices.Equal(texts, test.want) {
			t.Errorf("%s: outcomes %q, want %q", test.name, texts, test.want)
		}
	}
}

func BenchmarkInterpretedSchedule(b *testing.B) {
	main := steps(2, 4)
	e := &interpreter{reset: func() {}, main: main, cap: enumeratedSteps}
	for b.Loop() {
		e.run(&plan{kind: planDeviations}, false).clear()
	}
}
