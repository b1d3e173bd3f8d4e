package sametree_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"workbook/solutions/channels/sametree"
	"workbook/solutions/kit"
)

type tree = sametree.Tree

// insert returns t with v in its place.
func insert(t *tree, v int) *tree {
	switch {
	case t == nil:
		return &tree{Value: v}
	case v < t.Value:
		t.Left = insert(t.Left, v)
	default:
		t.Right = insert(t.Right, v)
	}
	return t
}

// of is a tree into which the values were put in the given order. The first one is at the root.
func of(values ...int) (t *tree) {
	for _, v := range values {
		t = insert(t, v)
	}
	return t
}

// chain is a tree of the values 1 to n, which go down on one side only.
func chain(n int, right bool) (t *tree) {
	for i := range n {
		if right {
			t = &tree{Value: n - i, Right: t}
		} else {
			t = &tree{Left: t, Value: i + 1}
		}
	}
	return t
}

// shuffled is a tree of step, 2*step, … n*step, of a shape that seed decides.
func shuffled(n, step int, seed uint64) (t *tree) {
	for _, i := range rand.New(rand.NewPCG(seed, 2)).Perm(n) {
		t = insert(t, (i+1)*step)
	}
	return t
}

// balanced is a tree of first*step, … last*step, in which all ways down are about as long.
func balanced(first, last, step int) *tree {
	if first > last {
		return nil
	}
	middle := (first + last) / 2
	return &tree{balanced(first, middle-1, step), middle * step, balanced(middle+1, last, step)}
}

// walk receives what Walk sends. It must have been sent when Walk returns; whether Walk closes the channel, is its matter.
func walk(t *tree) (got []int) {
	ch := make(chan int)
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		sametree.Walk(t, ch)
	}()
	for {
		select {
		case v, ok := <-ch:
			if !ok {
				<-returned
				return got
			}
			got = append(got, v)
		case <-returned:
			return got
		}
	}
}

func checkWalk(t *testing.T, want ...int) {
	t.Helper()
	order := slices.Clone(want)
	slices.Sort(want)
	if got := walk(of(order...)); !slices.Equal(got, want) {
		t.Errorf("into a tree came %v, in this order, and Walk had sent %v when it returned: want %v", order, got, want)
	}
}

func TestWalk(t *testing.T) { checkWalk(t, 2, 1, 3) }

func TestStressWalk(t *testing.T) {
	checkWalk(t, 3, -1, 2, 0)
	checkWalk(t, 1, 2, 3, 4, 5)
	checkWalk(t, 5, 4, 3, 2, 1)
}

func TestWalkOne(t *testing.T) { checkWalk(t, 0) }

func TestWalkNone(t *testing.T) {
	if got := walk(nil); len(got) > 0 {
		t.Errorf("of an empty tree, which is nil, Walk sent %v", got)
	}
}

// checkSame builds a tree of each list of values and compares them.
func checkSame(t *testing.T, a, b []int, want bool) {
	t.Helper()
	if got := sametree.Same(of(a...), of(b...)); got != want {
		t.Errorf("Same of a tree of %v and one of %v returned %t, want %t", a, b, got, want)
	}
}

func TestSame(t *testing.T) { checkSame(t, []int{4}, []int{4}, true) }

func TestOtherShape(t *testing.T) { checkSame(t, []int{1, 2}, []int{2, 1}, true) }

func TestOtherValue(t *testing.T) { checkSame(t, []int{2}, []int{3}, false) }

// TestOtherFirst has an answer that is clear before both trees have been walked.
func TestOtherFirst(t *testing.T) { checkSame(t, []int{1, 3}, []int{2, 3}, false) }

func TestLonger(t *testing.T) { checkSame(t, []int{1}, []int{1, 2}, false) }

func TestShorter(t *testing.T) { checkSame(t, []int{1, 2}, []int{1}, false) }

// TestLongerByZero has a 0 where the other tree has nothing, and where a closed channel gives a 0, too.
func TestLongerByZero(t *testing.T) { checkSame(t, []int{-1}, []int{-1, 0}, false) }

func TestEmpty(t *testing.T) { checkSame(t, nil, nil, true) }

func TestEmptyFirst(t *testing.T) { checkSame(t, nil, []int{0}, false) }

func TestEmptySecond(t *testing.T) { checkSame(t, []int{5}, nil, false) }

// TestItself compares a tree with itself.
func TestItself(t *testing.T) {
	t1 := of(7)
	if !sametree.Same(t1, t1) {
		t.Errorf("Same of a tree and itself returned false")
	}
}

// TestTwoAtOnce has two goroutines compare trees at the same time, one of which they share.
func TestTwoAtOnce(t *testing.T) {
	t1 := of(1)
	var got [2]bool
	kit.Together(
		func() { got[0] = sametree.Same(t1, of(1)) },
		func() { got[1] = sametree.Same(of(2), t1) },
	)
	if got != [2]bool{true, false} {
		t.Errorf("two goroutines called Same at once, with trees of [1] and [1], and of [2] and [1]: they got %t and %t, want true and false", got[0], got[1])
	}
}

// TestStressValues compares trees with few values in all kinds of ways, both ways round.
func TestStressValues(t *testing.T) {
	for _, c := range []struct {
		a, b []int
		want bool
	}{
		{[]int{2, 1, 3}, []int{2, 1, 3}, true},
		{[]int{1, 2, 3}, []int{3, 2, 1}, true},
		{[]int{1, 2, 3}, []int{2, 1, 3}, true},
		{[]int{2, 1, 3}, []int{2, 1, 4}, false},
		{[]int{2, 1, 3}, []int{2, 0, 3}, false},
		{[]int{1, 4}, []int{2, 3}, false},
		{[]int{1, 2, 3}, []int{2, 3}, false},
		{[]int{1, 2, 3}, []int{1, 3}, false},
		{[]int{1, 2, 3}, []int{1, 2}, false},
		{[]int{-1}, []int{-1, 0}, false},
		{[]int{0}, []int{0}, true},
		{[]int{0, 1}, []int{1}, false},
		{[]int{1}, []int{1, 2, 3}, false},
		{[]int{2, 1}, []int{1, 2, 3, 4, 5}, false},
		{nil, []int{1, 2, 3}, false},
		{[]int{-1}, []int{math.MaxInt}, false},
		{[]int{0}, []int{math.MinInt}, false},
		{nil, []int{5}, false},
		{nil, []int{0}, false},
	} {
		checkSame(t, c.a, c.b, c.want)
		checkSame(t, c.b, c.a, c.want)
	}
}

// TestStressNoMark has a tree of one value where the other is empty: no value can stand for the end.
func TestStressNoMark(t *testing.T) {
	for p := 1; p < math.MaxInt/10; p *= 10 {
		for _, v := range []int{p, p - 1, -p, 1 - p} {
			checkSame(t, nil, []int{v}, false)
		}
	}
	for p := 1; p > 0; p *= 2 {
		for _, v := range []int{p, p - 1, -p, 1 - p, -p - 1} {
			checkSame(t, nil, []int{v}, false)
		}
	}
	checkSame(t, nil, []int{math.MinInt}, false)
	checkSame(t, nil, []int{math.MaxInt}, false)
}

// TestStressShared has several look at one tree at the same time.
func TestStressShared(t *testing.T) {
	t1 := shuffled(100, 2, 3)
	kit.Each(4, func(i int) {
		if !sametree.Same(t1, t1) {
			t.Errorf("Same of a tree of 100 values and itself returned false, while others compared it, too")
		}
	})
}

// TestStressUnchanged looks whether the trees are as they were.
func TestStressUnchanged(t *testing.T) {
	t1, t2 := of(2, 1, 3), of(1, 3)
	before := text(t1) + " and " + text(t2)
	sametree.Same(t1, t2)
	walk(t1)
	if after := text(t1) + " and " + text(t2); before != after {
		t.Errorf("the trees were %s, and after Same and Walk they are %s: nobody must change them", before, after)
	}
}

func text(t *tree) string {
	if t == nil {
		return "()"
	}
	return fmt.Sprintf("(%s %d %s)", text(t.Left), t.Value, text(t.Right))
}

// TestStressSizes compares trees of many sizes.
func TestStressSizes(t *testing.T) {
	for i, n := range []int{1, 9, 10, 11, 20, 50, 100, 101, 1000} {
		a, b := shuffled(n, 2, uint64(i)), shuffled(n, 2, uint64(i)+100)
		if !sametree.Same(a, b) {
			t.Errorf("Same of two trees of the same %d values, in different shapes, returned false", n)
		}
		if sametree.Same(a, shuffled(n+1, 2, 7)) || sametree.Same(shuffled(n+1, 2, 7), a) {
			t.Errorf("Same of a tree of %d values and one with the same values and a larger one returned true", n)
		}
		if sametree.Same(a, shuffled(n, 3, 7)) {
			t.Errorf("Same of trees of %d values, 2, 4, 6 and so on and 3, 6, 9 and so on, returned true", n)
		}
		b = insert(b, n|1) // an odd one in the middle
		if sametree.Same(a, b) || sametree.Same(b, a) {
			t.Errorf("Same of a tree of %d values and one that has another value in the middle returned true", n)
		}
	}
}

// TestStressChains compares trees of 1000 values that are lists.
func TestStressChains(t *testing.T) {
	left, right := chain(1000, false), chain(1000, true)
	if got := walk(right); !slices.IsSorted(got) || len(got) != 1000 {
		t.Errorf("of a tree of 1000 values that goes down to the right only, Walk sent %d values, in ascending order: %t", len(got), slices.IsSorted(got))
	}
	if !sametree.Same(left, right) {
		t.Errorf("Same of two trees of the values 1 to 1000, of which one goes down to the left only and the other to the right, returned false")
	}
	if sametree.Same(left, chain(999, true)) || sametree.Same(chain(999, true), left) {
		t.Errorf("Same of trees of the values 1 to 1000 and 1 to 999 returned true")
	}
}

// TestStressLeftBehind compares different trees many times, and at last large ones.
func TestStressLeftBehind(t *testing.T) {
	a, b := shuffled(100, 2, 1), shuffled(100, 3, 2)
	for range 20 {
		if sametree.Same(a, b) {
			t.Errorf("Same of two different trees of 100 values returned true")
			return
		}
	}
	const many = 50_000
	if sametree.Same(of(1), balanced(1, many, 2)) {
		t.Errorf("Same of a tree of one value and one of %d values returned true", many)
	}
}
