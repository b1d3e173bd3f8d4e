package sched

import (
	"fmt"
	"reflect"
	"testing"
)

func print(a ...any) {
	P(int32(0))
	fmt.Fprint(Output{}, a...)
}

func TestDrawOne(t *testing.T) {
	lock := func() { var m Mutex; m.Lock(); At(7); m.Lock() }
	for _, row := range []struct {
		name string
		main func()
		want Single
	}{
		{"prints", func() { Entry(1); print("a"); Settle() }, Single{Class: Finished, Output: "a", Entries: 1}},
		{"only the last entry", func() { Entry(1); print("a"); Entry(2); print("b"); Settle() }, Single{Class: Finished, Output: "b", Entries: 2}},
		{"others go on in between", func() { Entry(1); Spawn(int32(1), func() { print("a") }); Entry(2); Settle() }, Single{Class: Finished, Entries: 2}},
		{"others go on at the end", func() { Entry(1); Spawn(int32(1), func() { print("a") }); Settle() }, Single{Class: Finished, Output: "a", Entries: 1}},
		{"another waits for what may come", func() { Entry(1); var ch chan int; Spawn(int32(1), func() { ToReceive(1, ch) }); Settle() }, Single{Class: Finished, Entries: 1}},
		{"deadlock", func() { Entry(1); lock() }, Single{Class: "deadlock", Entries: 1, Waits: []Wait{{G: 1, Place: Place{Site: 7}, For: "mutex", Object: 1}}}},
		{"panic", func() { Entry(1); panic("no") }, Single{Class: "panic", Text: "no", Entries: 1}},
		{"a goroutine without end", func() {
			Entry(1)
			Spawn(int32(1), func() {
				for {
					P(int32(1))
				}
			})
			Settle()
			print("on")
		}, Single{Class: Finished, Output: "on", Entries: 1}},
		{"spinning", func() {
			Entry(1)
			done := false
			Spawn(int32(1), func() {
				for B(2) && !done {
					Yield()
				}
				print("seen")
			})
			Entry(2)
			P(3)
			done = true
			Settle()
		}, Single{Class: Finished, Output: "seen", Entries: 2}},
		{"endless", func() {
			Entry(1)
			for {
				P(int32(1))
			}
		}, Single{Class: "endless", Text: "more than 1000000 steps", Entries: 1}},
	} {
		for seed := range uint64(3) {
			got, err := DrawOne(seed, func() {}, row.main)
			for i, w := range got.Waits {
				got.Waits[i] = Wait{G: w.G, Place: Place{Site: w.Site}, For: w.For, Object: w.Object}
			}
			if err != nil || !reflect.DeepEqual(got, row.want) {
				t.Errorf("%s: DrawOne = %+v, %v, want %+v", row.name, got, err, row.want)
			}
		}
	}
}

// What an entry does is the same however many follow it, and another seed draws another schedule.
func TestDrawOneRepeats(t *testing.T) {
	first := func() {
		Entry(1)
		for g := range 4 {
			Spawn(int32(1), func() { print(g) })
		}
		Settle()
	}
	outputs := map[string]bool{}
	for seed := range uint64(20) {
		a, err := DrawOne(seed, func() {}, first)
		if err != nil {
			t.Fatal(err)
		}
		b, err := DrawOne(seed, func() {}, func() { first(); Settle(); print("more") })
		if err != nil || b.Output != a.Output+"more" {
			t.Errorf("seed %d: %q, and then %q, %v", seed, a.Output, b.Output, err)
		}
		outputs[a.Output] = true
	}
	if len(outputs) < 2 {
		t.Errorf("20 seeds give %v", outputs)
	}
}
