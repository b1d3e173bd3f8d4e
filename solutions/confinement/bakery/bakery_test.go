package bakery_test

import (
	"fmt"
	"slices"
	"testing"

	"workbook/solutions/confinement/bakery"
	"workbook/solutions/kit"
)

// Cakes as they must be after each station.
func baked(number int) bakery.Cake {
	return bakery.Cake{Number: number, State: "baked", Layers: []string{"sponge"}}
}

func iced(number int) bakery.Cake {
	return bakery.Cake{Number: number, State: "iced", Layers: []string{"sponge", "icing"}}
}

func boxed(number int) bakery.Cake {
	return bakery.Cake{Number: number, State: "boxed", Layers: []string{"sponge", "icing"}}
}

// check compares a cake with what it should be.
func check(t *testing.T, when string, got *bakery.Cake, want bakery.Cake) {
	t.Helper()
	switch {
	case got == nil:
		t.Errorf("%s there is no cake where number %d should come", when, want.Number)
	case got.Number != want.Number || got.State != want.State || !slices.Equal(got.Layers, want.Layers):
		t.Errorf("%s there is the cake %s, want %s", when, text(*got), text(want))
	}
}

func text(c bakery.Cake) string { return fmt.Sprintf("{%d %q %q}", c.Number, c.State, c.Layers) }

// all receives until the channel is closed.
func all(cakes <-chan *bakery.Cake) (got []*bakery.Cake) {
	for c := range cakes {
		got = append(got, c)
	}
	return got
}

// checkAll compares cakes with the numbers 1 to n with what they should be.
func checkAll(t *testing.T, when string, got []*bakery.Cake, n int, want func(int) bakery.Cake) {
	t.Helper()
	if len(got) != n {
		t.Errorf("%s there are %d cakes, want %d", when, len(got), n)
		return
	}
	for i, c := range got {
		check(t, when, c, want(i+1))
	}
}

func TestThreeStations(t *testing.T) {
	checkBoxed(t, "after Box(Ice(Bake(2)))", bakery.Box(bakery.Ice(bakery.Bake(2))), 2)
}

func TestBake(t *testing.T) {
	checkAll(t, "after Bake(3)", all(bakery.Bake(3)), 3, baked)
}

// TestBakeUsed has a receiver who changes each cake while the next one is baked.
func TestBakeUsed(t *testing.T) {
	n := 0
	for c := range bakery.Bake(3) {
		n++
		check(t, "after Bake(3), whose receiver changes every cake that arrives,", c, baked(n))
		if c == nil || len(c.Layers) == 0 {
			return
		}
		c.Number, c.State, c.Layers[0] = -1, "eaten", "crumbs"
		_ = append(c.Layers, "crumbs")
	}
	if n != 3 {
		t.Errorf("after Bake(3) there are %d cakes, want 3", n)
	}
}

// TestIce gives a cake to Ice, and the next one only when it has come back.
func TestIce(t *testing.T) {
	in := make(chan *bakery.Cake)
	out := bakery.Ice(in)
	for number := 1; number <= 2; number++ {
		c := baked(number)
		in <- &c
		check(t, "after Ice, which was given one cake after another,", <-out, iced(number))
	}
	close(in)
	if c, ok := <-out; ok {
		t.Errorf("the channel given to Ice was closed after 2 cakes, and then a third came out of Ice: %v", c)
	}
}

// TestIceUsed changes an iced cake at once.
func TestIceUsed(t *testing.T) {
	in := make(chan *bakery.Cake, 2)
	for number := 1; number <= 2; number++ {
		c := baked(number)
		in <- &c
	}
	close(in)
	n := 0
	for c := range bakery.Ice(in) {
		n++
		check(t, "after Ice, whose receiver changes every cake that arrives,", c, iced(n))
		if c == nil || len(c.Layers) == 0 {
			return
		}
		c.Number, c.State, c.Layers[0] = -1, "eaten", "crumbs"
		_ = append(c.Layers, "crumbs")
	}
	if n != 2 {
		t.Errorf("Ice was given 2 cakes, and %d came out", n)
	}
}

func TestBox(t *testing.T) {
	in := make(chan *bakery.Cake, 3)
	for number := 1; number <= 3; number++ {
		c := iced(number)
		in <- &c
	}
	close(in)
	checkBoxed(t, "after Box", bakery.Box(in), 3)
}

// TestBoxWaits has cakes come slowly, over a channel that may be empty for a while.
func TestBoxWaits(t *testing.T) {
	in := make(chan *bakery.Cake, 1)
	var got []bakery.Cake
	kit.Together(
		func() {
			defer close(in)
			for number := 1; number <= 2; number++ {
				c := iced(number)
				in <- &c
			}
		},
		func() { got = bakery.Box(in) },
	)
	checkBoxed(t, "after Box, whose cakes came one by one,", got, 2)
}

// TestOtherCake has a cake of another bakery pass Ice and Box, which leave its number and its layers as they are.
func TestOtherCake(t *testing.T) {
	in := make(chan *bakery.Cake, 1)
	in <- &bakery.Cake{Number: 7, State: "baked", Layers: []string{"sponge", "jam"}}
	close(in)
	got := bakery.Box(bakery.Ice(in))
	if len(got) != 1 {
		t.Fatalf("one cake was given to Ice, and after Box there are %d", len(got))
	}
	want := bakery.Cake{Number: 7, State: "boxed", Layers: []string{"sponge", "jam", "icing"}}
	check(t, `of a cake number 7 with the layers "sponge" and "jam", after Ice and Box`, &got[0], want)
}

// checkBoxed compares what Box returned with what it should.
func checkBoxed(t *testing.T, when string, got []bakery.Cake, n int) {
	t.Helper()
	cakes := make([]*bakery.Cake, len(got))
	for i := range got {
		cakes[i] = &got[i]
	}
	checkAll(t, when, cakes, n, boxed)
}

func TestNone(t *testing.T) {
	for c := range bakery.Bake(0) {
		t.Errorf("Bake(0) baked a cake: %v", c)
	}
	in := make(chan *bakery.Cake)
	close(in)
	for c := range bakery.Ice(in) {
		t.Errorf("no cake was given to Ice, and one came out: %v", c)
	}
	if got := bakery.Box(in); len(got) > 0 {
		t.Errorf("no cake was given to Box, and it returned %v", got)
	}
}

// TestLookBetween has somebody who looks at each cake between the stations, and hands it on.
func TestLookBetween(t *testing.T) {
	toIce := make(chan *bakery.Cake)
	var got []bakery.Cake
	kit.Together(
		func() {
			defer close(toIce)
			number := 0
			for c := range bakery.Bake(2) {
				number++
				check(t, "between Bake and Ice", c, baked(number))
				toIce <- c
			}
		},
		func() { got = bakery.Box(bakery.Ice(toIce)) },
	)
	checkBoxed(t, "after Box", got, 2)
}

// TestTwoIcers has two icers at one oven, who share nothing but the channel.
func TestTwoIcers(t *testing.T) {
	oven := bakery.Bake(2)
	var got [2][]*bakery.Cake
	kit.Each(2, func(i int) { got[i] = all(bakery.Ice(oven)) })
	checkShared(t, "after two Ice that receive from one Bake(2)", slices.Concat(got[0], got[1]), 2)
}

// checkShared compares iced cakes that came in no particular order.
func checkShared(t *testing.T, when string, got []*bakery.Cake, n int) {
	t.Helper()
	number := func(c *bakery.Cake) int {
		if c == nil {
			return 0
		}
		return c.Number
	}
	slices.SortFunc(got, func(a, b *bakery.Cake) int { return number(a) - number(b) })
	checkAll(t, when, got, n, iced)
}

// TestTwoBakeries has two bakeries at work at the same time.
func TestTwoBakeries(t *testing.T) {
	var got [2][]bakery.Cake
	kit.Each(2, func(i int) { got[i] = bakery.Box(bakery.Ice(bakery.Bake(1))) })
	for _, cakes := range got {
		checkBoxed(t, "after Box(Ice(Bake(1))), done by two goroutines at once,", cakes, 1)
	}
}

// TestBoxedApart writes on one boxed cake, which must not be seen on another.
func TestBoxedApart(t *testing.T) {
	got := bakery.Box(bakery.Ice(bakery.Bake(2)))
	if len(got) != 2 || len(got[0].Layers) != 2 || len(got[1].Layers) != 2 {
		return // TestThreeStations has said it
	}
	got[0].Layers[0], got[0].Layers[1] = "crumbs", "crumbs"
	_ = append(got[0].Layers, "crumbs")
	if !slices.Equal(got[1].Layers, boxed(2).Layers) {
		t.Errorf("somebody wrote into the Layers of one boxed cake, and that changed another's to %q: each must have a slice of its own", got[1].Layers)
	}
}

func TestStressThreeStations(t *testing.T) {
	for range 5 {
		checkBoxed(t, "after Box(Ice(Bake(1000)))", bakery.Box(bakery.Ice(bakery.Bake(1000))), 1000)
		oven := bakery.Bake(300)
		var got [4][]*bakery.Cake
		kit.Each(len(got), func(i int) { got[i] = all(bakery.Ice(oven)) })
		checkShared(t, "after four Ice that receive from one Bake(300)", slices.Concat(got[:]...), 300)
		if t.Failed() {
			return
		}
	}
}
