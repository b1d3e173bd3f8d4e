package build

import (
	"strconv"
	"testing"
)

// TestRecent: the last entries are there, and what is older goes.
func TestRecent(t *testing.T) {
	const least = 10
	r := newRecent[int](least)
	for i := range 100 {
		r.put(strconv.Itoa(i), i)
		for back := range min(i+1, least) {
			if v, ok := r.get(strconv.Itoa(i - back)); !ok || v != i-back {
				t.Fatalf("after %d entries, the last but %d is %d, %v", i+1, back, v, ok)
			}
		}
		if n := len(r.young) + len(r.old); n > 2*least {
			t.Fatalf("after %d entries it holds %d", i+1, n)
		}
	}
	if _, ok := r.get("0"); ok {
		t.Error("the first of a hundred is still there")
	}
	r.put("99", 7)
	if v, _ := r.get("99"); v != 7 {
		t.Errorf("what was put again is %d, want 7", v)
	}
}
