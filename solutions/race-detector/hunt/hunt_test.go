package hunt_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"workbook/solutions/kit"
	"workbook/solutions/race-detector/hunt"
)

func TestSave(t *testing.T) {
	errDisk, errCloud := errors.New("disk is full"), errors.New("cloud is down")
	for _, tt := range []struct{ disk, cloud, want error }{
		{nil, nil, nil},
		{errDisk, nil, errDisk},
		{nil, errCloud, errCloud},
		{errDisk, errCloud, errDisk},
	} {
		got := hunt.Save(
			func() error { return tt.disk },
			func() error { return tt.cloud },
		)
		if got != tt.want {
			t.Errorf("Save, where disk returns %v and cloud %v, returned %v, want %v", tt.disk, tt.cloud, got, tt.want)
		}
	}
	meet := kit.NewOverlap(2, "disk and cloud of Save")
	both := func() error {
		meet.Inside()
		return nil
	}
	hunt.Save(both, both)
	checkMet(t, meet)
}

// checkMet wants the calls to have been under way at the same time.
func checkMet(t *testing.T, meet *kit.Overlap) {
	t.Helper()
	if err := meet.Err(); err != nil {
		t.Error(err)
	}
}

func TestLookup(t *testing.T) {
	miss := func() (int, bool) { return 7, false }
	if got := hunt.Lookup(miss, func() int { return 42 }); got != 42 {
		t.Errorf("Lookup, where quick returns false and slow 42, returned %d", got)
	}
	hit := func() (int, bool) { return 7, true }
	if got := hunt.Lookup(hit, func() int { return 42 }); got != 7 {
		t.Errorf("Lookup, where quick returns 7 and true, and slow 42, returned %d", got)
	}
	meet := kit.NewOverlap(2, "quick and slow of Lookup")
	hunt.Lookup(
		func() (int, bool) { meet.Inside(); return 7, true },
		func() int { meet.Inside(); return 42 },
	)
	checkMet(t, meet)
}

// TestLookupReturnsAtOnce has a slow that does not return before Lookup has.
func TestLookupReturnsAtOnce(t *testing.T) {
	returned := make(chan struct{})
	ended := make(chan struct{})
	got := hunt.Lookup(
		func() (int, bool) { return 7, true },
		func() int {
			defer close(ended)
			<-returned
			return 42
		},
	)
	close(returned)
	<-ended
	if got != 7 {
		t.Errorf("Lookup, where quick returns 7 and true, returned %d", got)
	}
}

func TestCollect(t *testing.T) {
	if got := hunt.Collect(0, nil); len(got) != 0 {
		t.Errorf("Collect(0, f) returned %v, want nothing", got)
	}
	seen := make([][]int, 2)
	got := hunt.Collect(2, func(i int, sofar []int) int {
		seen[i] = slices.Clone(sofar)
		return 10 + i
	})
	if sorted := slices.Sorted(slices.Values(got)); !slices.Equal(sorted, []int{10, 11}) {
		t.Errorf("Collect of two calls that return 10 and 11 returned %v: want both, in any order", got)
		return
	}
	for i, sofar := range seen {
		if len(sofar) > 0 && (len(sofar) > 1 || sofar[0] != got[0] || got[0] == 10+i) {
			t.Errorf("Collect returned %v, and the call that returned %d got %v as the results so far: want those that were there before it began", got, 10+i, sofar)
		}
	}
	meet := kit.NewOverlap(2, "calls of Collect's f")
	hunt.Collect(2, func(i int, sofar []int) int { meet.Inside(); return i })
	checkMet(t, meet)
}

// TestCollectSoFar has a second call that begins when the first has ended, or does not.
func TestCollectSoFar(t *testing.T) {
	got := hunt.Collect(3, func(i int, sofar []int) int { return len(sofar) })
	for i, n := range got {
		if n > i {
			t.Errorf("three calls of Collect's f returned how many results they were given, and the results are %v: the one in place %d was given %d, more than there were", got, i, n)
		}
	}
	if len(got) != 3 {
		t.Errorf("Collect(3, f) returned %d results", len(got))
	}
}

// TestCollectOrder holds the first call back until nothing else moves: by then the second has ended, and its
// result has arrived. Only under the scheduler, whose clock begins in 2000, does that hold of goroutines that
// wait for a lock, too.
func TestCollectOrder(t *testing.T) {
	if time.Now().Year() != 2000 {
		return
	}
	got := hunt.Collect(2, func(i int, sofar []int) int {
		if i == 0 {
			synctest.Wait()
		}
		return 10 + i
	})
	if slices.Equal(got, []int{10, 11}) {
		t.Errorf("of two calls of Collect's f the first, which returned 10, ended long after the second, which returned 11, and the results are %v: want them in the order in which they arrived", got)
	}
}

func TestIndex(t *testing.T) {
	meet := kit.NewOverlap(2, "calls of Index's f")
	got := hunt.Index([]string{"a", "bcd"}, func(key string) int {
		meet.Inside()
		return len(key)
	})
	checkMet(t, meet)
	if len(got) != 2 || got["a"] != 1 || got["bcd"] != 3 {
		t.Errorf(`Index of "a" and "bcd" with their lengths returned %v`, got)
	}
	if got := hunt.Index(nil, nil); got == nil || len(got) != 0 {
		t.Errorf("Index of no keys returned %#v, want an empty map that can be written to", got)
	}
}

func TestRunAll(t *testing.T) {
	hunt.RunAll()
	meet := kit.NewOverlap(2, "tasks of RunAll")
	var ran [2]bool
	hunt.RunAll(
		func() { meet.Inside(); ran[0] = true },
		func() { meet.Inside(); ran[1] = true },
	)
	checkMet(t, meet)
	if ran != [2]bool{true, true} {
		t.Errorf("RunAll returned before all of its 2 tasks had")
	}
}

func TestTry(t *testing.T) {
	meet := kit.NewOverlap(2, "tasks of Try")
	got := hunt.Try(
		func() { meet.Inside(); panic("no such file") },
		func() { meet.Inside() },
	)
	checkMet(t, meet)
	if want := []any{"no such file", nil}; !slices.Equal(got, want) {
		t.Errorf(`Try of a task that panics with "no such file" and one that does not returned %#v, want %#v`, got, want)
	}
}

func TestTally(t *testing.T) {
	meet := kit.NewOverlap(2, "calls of Tally's f")
	got := hunt.Tally(2, func(i int) int {
		meet.Inside()
		return 5 + i
	})
	checkMet(t, meet)
	if got != 11 {
		t.Errorf("Tally of two calls that return 5 and 6 returned %d, want 11", got)
	}
	if got := hunt.Tally(0, nil); got != 0 {
		t.Errorf("Tally(0, f) returned %d", got)
	}
}
