package mapordered_test

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"workbook/solutions/goroutines/mapordered"
	"workbook/solutions/kit"
)

// double is the f of most tests: none of its results is 0, or another element.
func double(v int) int { return 2*v + 1000 }

// numbers returns n elements, in no order that a sort would give.
func numbers(n int) []int {
	in := make([]int, n)
	for i := range in {
		in[i] = 100 - i
	}
	return in
}

// check compares results with double of the elements.
func check(t *testing.T, in, out []int) {
	t.Helper()
	if len(out) != len(in) {
		t.Errorf("Map of %d elements returned %d results", len(in), len(out))
		return
	}
	for i, got := range out {
		if got == double(in[i]) {
			continue
		}
		if from := slices.IndexFunc(in, func(v int) bool { return double(v) == got }); from >= 0 {
			t.Errorf("element %d of the result is f(in[%d]), want f(in[%d])", i, from, i)
		} else {
			t.Errorf("element %d of the result is %d, want f(in[%d]), which is %d", i, got, i, double(in[i]))
		}
		return
	}
}

func TestOrder(t *testing.T) {
	in := numbers(3)
	check(t, in, mapordered.Map(in, double))
}

func TestNoElements(t *testing.T) {
	for _, in := range [][]int{nil, {}} {
		if out := mapordered.Map(in, double); len(out) != 0 {
			t.Errorf("Map of no elements returned %v", out)
		}
	}
}

func TestOneElement(t *testing.T) {
	check(t, []int{7}, mapordered.Map([]int{7}, double))
}

// TestOtherTypes has equal elements, and results that are no numbers.
func TestOtherTypes(t *testing.T) {
	type answer struct{ text string }
	var calls atomic.Int64
	out := mapordered.Map([]string{"a", "b", "a"}, func(s string) answer {
		calls.Add(1)
		return answer{s + s}
	})
	if want := []answer{{"aa"}, {"bb"}, {"aa"}}; !slices.Equal(out, want) {
		t.Errorf("Map of a, b and a, to be doubled, returned %v, want %v", out, want)
	}
	if n := calls.Load(); n != 3 {
		t.Errorf("Map of 3 elements called f %d times", n)
	}
}

// TestOnce counts the calls, and looks for changes of the elements.
func TestOnce(t *testing.T) {
	in := []int{0, 1, 2}
	var calls [3]atomic.Int64
	mapordered.Map(in, func(v int) int {
		calls[v].Add(1)
		return double(v)
	})
	for i := range calls {
		if n := calls[i].Load(); n != 1 {
			t.Errorf("Map called f %d times for in[%d], want once", n, i)
		}
	}
	if !slices.Equal(in, []int{0, 1, 2}) {
		t.Errorf("Map of [0 1 2] has changed its elements: they are %v now", in)
	}
}

// TestAllAtOnce has every call of f wait for all the others.
func TestAllAtOnce(t *testing.T) {
	const n = 3
	in := numbers(n)
	all := kit.NewOverlap(n, "calls of f")
	out := mapordered.Map(in, func(v int) int {
		all.Inside()
		return double(v)
	})
	check(t, in, out)
	if err := all.Err(); err != nil {
		t.Error(err)
	}
}

// caught calls Map, and returns what it panicked with.
func caught(in []int, f func(int) int) (value any, out []int) {
	defer func() { value = recover() }()
	out = mapordered.Map(in, f)
	return nil, out
}

// checkPanic has f panic with the value that belongs to an element, or not at all where that is nil. All
// the calls are under way by then.
func checkPanic(t *testing.T, values ...any) {
	t.Helper()
	var calls, ended atomic.Int64
	all := kit.NewOverlap(len(values), "calls of f")
	in := make([]int, len(values))
	want := int64(len(values))
	for i := range in {
		in[i] = i
		if values[i] != nil {
			want--
		}
	}
	got, out := caught(in, func(i int) int {
		calls.Add(1)
		all.Inside()
		if values[i] != nil {
			panic(values[i])
		}
		ended.Add(1)
		return double(i)
	})
	if n := calls.Load(); n > int64(len(in)) {
		t.Errorf("Map of %d elements called f %d times, where calls panicked", len(in), n)
	}
	n := ended.Load()
	list := slices.DeleteFunc(slices.Clone(values), func(v any) bool { return v == nil })
	switch {
	case got == nil:
		t.Errorf("f panicked with %v, and Map returned %v as if nothing had happened", list[0], out)
	case !slices.Contains(list, got):
		t.Errorf("f panicked with %T(%v), and Map panicked with %T(%v): want the same value", list[0], list[0], got, got)
	case n < want:
		t.Errorf("f panicked with %v, and so did Map, while %d of the other calls of f had not ended", list[0], want-n)
	}
}

func TestPanic(t *testing.T) {
	checkPanic(t, nil, errors.New("boom"), nil)
}

func TestPanicAtTheEnds(t *testing.T) {
	checkPanic(t, "boom", nil)
	checkPanic(t, nil, 42)
	checkPanic(t, fmt.Errorf("boom"))
}

func TestTwoPanics(t *testing.T) {
	checkPanic(t, "boom", "bang")
}

// TestAfterPanic calls Map again after a panic, with elements of the same types.
func TestAfterPanic(t *testing.T) {
	checkPanic(t, nil, "boom")
	in := numbers(2)
	check(t, in, mapordered.Map(in, double))
}

// TestNested has f call Map.
func TestNested(t *testing.T) {
	in := numbers(2)
	rows := mapordered.Map([]int{1, 2}, func(int) []int { return mapordered.Map(in, double) })
	for _, out := range rows {
		check(t, in, out)
	}
}

func TestTwoCalls(t *testing.T) {
	a, b := []int{1, 2}, []int{7, 8}
	var outA, outB []int
	kit.Together(
		func() { outA = mapordered.Map(a, double) },
		func() { outB = mapordered.Map(b, double) },
	)
	check(t, a, outA)
	check(t, b, outB)
}

// TestStressAtOnce has a bubble say when nobody else will come: time passes there when nothing moves.
func TestStressAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 1000
		in := numbers(n)
		all := kit.NewOverlap(n, "calls of f by Map")
		defer time.AfterFunc(time.Hour, all.Close).Stop()
		out := mapordered.Map(in, func(v int) int {
			all.Inside()
			return double(v)
		})
		check(t, in, out)
		if err := all.Err(); err != nil {
			t.Error(err)
		}
	})
}

func TestStressMany(t *testing.T) {
	in := numbers(10_000)
	check(t, in, mapordered.Map(in, double))
}

func TestStressOrder(t *testing.T) {
	for range 500 {
		in := numbers(8)
		if check(t, in, mapordered.Map(in, double)); t.Failed() {
			return
		}
	}
}

func TestStressPanic(t *testing.T) {
	for range 200 {
		if checkPanic(t, nil, "boom", nil, nil, "bang", nil); t.Failed() {
			return
		}
	}
}
