package explore

import (
	"fmt"
	"reflect"
	"testing"
)

func print(a ...any) {
	Point(0, noteNone)
	fmt.Fprint(Output{}, a...)
}

func TestRunOnce(t *testing.T) {
	lock := func() { var m Mutex; m.Lock(); At(7); m.Lock() }
	for _, row := range []struct {
		name string
		main func()
		want Single
	}{
		{"prints", func() { Entry(1); print("a"); Settle(0) }, Single{Class: "ok", Output: "a", Entries: 1}},
		{"only the last entry", func() { Entry(1); print("a"); Entry(2); print("b"); Settle(0) }, Single{Class: "ok", Output: "b", Entries: 2}},
		{"others go on in between", func() { Entry(1); Go(1, func() { print("a") }); Entry(2); Settle(0) }, Single{Class: "ok", Entries: 2}},
		{"others go on at the end", func() { Entry(1); Go(1, func() { print("a") }); Settle(0) }, Single{Class: "ok", Output: "a", Entries: 1}},
		{"another waits for what may come", func() { Entry(1); var ch chan int; Go(1, func() { Recv(1, ch) }); Settle(0) }, Single{Class: "ok", Entries: 1}},
		{"deadlock", func() { Entry(1); lock() }, Single{Class: "deadlock", Entries: 1, Waits: []Step{{0, 7, "waits"}}}},
		{"panic", func() { Entry(1); panic("no") }, Single{Class: "panic", Text: "no", Entries: 1}},
		{"a goroutine without end", func() {
			Entry(1)
			Go(1, func() {
				for {
					Point(1, noteNone)
				}
			})
			Settle(0)
			print("on")
		}, Single{Class: "ok", Output: "on", Entries: 1}},
		{"spinning", func() {
			Entry(1)
			var done Bool
			Go(1, func() {
				for !done.Load() {
					Yield()
				}
				print("seen")
			})
			Entry(2)
			done.Store(true)
			Settle(0)
		}, Single{Class: "ok", Output: "seen", Entries: 2}},
		{"endless", func() {
			Entry(1)
			for {
				Point(1, noteNone)
			}
		}, Single{Class: "endless", Text: "more than 1000000 steps", Entries: 1}},
	} {
		for seed := range uint64(3) {
			got, err := RunOnce(seed, func() {}, row.main)
			if err != nil || !reflect.DeepEqual(got, row.want) {
				t.Errorf("%s: RunOnce = %+v, %v, want %+v", row.name, got, err, row.want)
			}
		}
	}
}

// What an entry does is the same however many follow it, and another seed draws another schedule.
func TestRunOnceRepeats(t *testing.T) {
	first := func() {
		Entry(1)
		for g := range 4 {
			Go(1, func() { print(g) })
		}
		Settle(0)
	}
	outputs := map[string]bool{}
	for seed := range uint64(20) {
		a, err := RunOnce(seed, func() {}, first)
		if err != nil {
			t.Fatal(err)
		}
		b, err := RunOnce(seed, func() {}, func() { first(); Settle(1); print("more") })
		if err != nil || b.Output != a.Output+"more" {
			t.Errorf("seed %d: %q, and then %q, %v", seed, a.Output, b.Output, err)
		}
		outputs[a.Output] = true
	}
	if len(outputs) < 2 {
		t.Errorf("20 seeds give %v", outputs)
	}
}
