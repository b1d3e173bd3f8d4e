package producer_test

import (
	"math"
	"slices"
	"testing"

	"workbook/solutions/channels/producer"
	"workbook/solutions/kit"
)

// The channels have a direction: whoever has one of these can receive, and do nothing else.
var (
	_ func(n int) <-chan int  = producer.Count
	_ func(in <-chan int) int = producer.Sum
)

// count is Count, whose channel must not be nil.
func count(t *testing.T, n int) <-chan int {
	t.Helper()
	c := producer.Count(n)
	if c == nil {
		t.Fatalf("Count(%d) returned a nil channel, from which nobody will ever receive anything", n)
	}
	return c
}

// first receives n numbers, or fewer if the channel is closed before.
func first(n int, c <-chan int) (got []int) {
	for range n {
		v, ok := <-c
		if !ok {
			break
		}
		got = append(got, v)
	}
	return got
}

// checkClosed wants no further number.
func checkClosed(t *testing.T, n int, c <-chan int) {
	t.Helper()
	if v, ok := <-c; ok {
		t.Errorf("Count(%d) sent another number after the last, %d: its channel must be closed by then", n, v)
	}
}

// checkCount receives all that Count(n) sends.
func checkCount(t *testing.T, n int) {
	t.Helper()
	c := count(t, n)
	var want []int
	for i := range n {
		want = append(want, i+1)
	}
	if got := first(n, c); !slices.Equal(got, want) {
		if n <= 10 {
			t.Errorf("on the channel of Count(%d) came %v, want %v", n, got, want)
		} else {
			t.Errorf("on the channel of Count(%d) came %d numbers, want 1 to %d in this order", n, len(got), n)
		}
		return
	}
	checkClosed(t, n, c)
}

// checkSumOfCount joins the two.
func checkSumOfCount(t *testing.T, n int) {
	t.Helper()
	if got, want := producer.Sum(count(t, n)), n*(n+1)/2; got != want {
		t.Errorf("Sum(Count(%d)) returned %d, want %d", n, got, want)
	}
}

func TestSumOfCount(t *testing.T) { checkSumOfCount(t, 3) }

func TestSumOfNone(t *testing.T) { checkSumOfCount(t, 0) }

func TestCount(t *testing.T) { checkCount(t, 3) }

func TestCountOne(t *testing.T) { checkCount(t, 1) }

func TestCountNone(t *testing.T) { checkCount(t, 0) }

// TestClosedForEver receives from the closed channel again and again.
func TestClosedForEver(t *testing.T) {
	c := count(t, 1)
	first(1, c)
	for range 2 {
		checkClosed(t, 1, c)
	}
}

// checkSum has the numbers lie ready in a channel that is closed.
func checkSum(t *testing.T, numbers ...int) {
	t.Helper()
	in := make(chan int, len(numbers))
	want := 0
	for _, v := range numbers {
		in <- v
		want += v
	}
	close(in)
	if got := producer.Sum(in); got != want {
		t.Errorf("Sum of a closed channel that still holds %v returned %d, want %d", numbers, got, want)
	}
}

func TestSum(t *testing.T) { checkSum(t, 3, 4, 5) }

func TestSumNone(t *testing.T) { checkSum(t) }

func TestSumZero(t *testing.T) { checkSum(t, 3, 0, 4) }

func TestSumZeros(t *testing.T) { checkSum(t, 0, 0, 7) }

func TestSumNegative(t *testing.T) { checkSum(t, -1, 5, -1, -2) }

// TestSumMeets has the numbers come one by one, over a channel without a buffer.
func TestSumMeets(t *testing.T) {
	in := make(chan int)
	var got, left int
	kit.Together(
		func() {
			defer close(in)
			for _, v := range []int{2, 0, 3} {
				in <- v
			}
		},
		func() {
			got = producer.Sum(in)
			for range in { // so that the sender can end if Sum did not wait for it
				left++
			}
		},
	)
	switch {
	case left > 0:
		t.Errorf("2, 0 and 3 were sent one by one, and Sum returned %d when %d of them had not been received: it must go on until the channel is closed", got, left)
	case got != 5:
		t.Errorf("2, 0 and 3 were sent one by one, then the channel was closed, and Sum returned %d, want 5", got)
	}
}

// TestSumWaits has a channel that is empty for a while, and not closed.
func TestSumWaits(t *testing.T) {
	in := make(chan int, 2)
	var got int
	kit.Together(
		func() {
			in <- 6
			in <- 7
			close(in)
		},
		func() { got = producer.Sum(in) },
	)
	if got != 13 {
		t.Errorf("6 and 7 were sent, then the channel was closed, and Sum returned %d, want 13: a channel that is empty for a moment is not closed", got)
	}
}

// TestTwoCounts has two producers at work, whose numbers are not to be mixed.
func TestTwoCounts(t *testing.T) {
	var got [2][]int
	kit.Each(2, func(i int) {
		c := producer.Count(2)
		if c == nil {
			return // TestCount has said it
		}
		for v := range c {
			got[i] = append(got[i], v)
		}
	})
	for _, numbers := range got {
		if !slices.Equal(numbers, []int{1, 2}) {
			t.Errorf("two goroutines called Count(2) at once, and on one of the channels came %v, want [1 2]: each call has a channel of its own", numbers)
		}
	}
}

// TestCountsInTurn asks for a second channel before it has received anything from the first.
func TestCountsInTurn(t *testing.T) {
	a, b := count(t, 2), count(t, 3)
	if got := producer.Sum(b); got != 6 {
		t.Errorf("the second of two channels, that of Count(3), has the sum %d, want 6", got)
	}
	if got := producer.Sum(a); got != 3 {
		t.Errorf("the first of two channels, that of Count(2), has the sum %d after the second was received from, want 3", got)
	}
}

// TestTwoSums has two goroutines receive from one channel: each number goes to one of them.
func TestTwoSums(t *testing.T) {
	c := count(t, 3)
	var got [2]int
	kit.Each(2, func(i int) { got[i] = producer.Sum(c) })
	if got[0]+got[1] != 6 {
		t.Errorf("two goroutines called Sum with the channel of one Count(3), and got %d and %d: together it must be 1+2+3 = 6", got[0], got[1])
	}
}

func TestStressSumOfCount(t *testing.T) {
	checkSumOfCount(t, 10)
	checkSumOfCount(t, 100)
	checkCount(t, 1000)
}

// TestStressRoom asks for more numbers than a buffer of a fixed size has room for.
func TestStressRoom(t *testing.T) {
	const tooMuch = 100_000
	if room := cap(count(t, 0)); room > tooMuch {
		t.Errorf("the channel of Count(0) has room for %d numbers: a fixed size is too much for a few numbers, and not enough for many", room)
		return
	}
	c := count(t, 1000)
	room := cap(c)
	if first(1001, c); room >= 1000 { // perhaps the numbers are all there before Count returns
		checkCount(t, tooMuch+10_000)
	}
}

// TestStressSum has many numbers lie ready, and large ones.
func TestStressSum(t *testing.T) {
	const n = 20_000
	in := make(chan int, n)
	for i := range n {
		in <- i
	}
	close(in)
	if got, want := producer.Sum(in), n*(n-1)/2; got != want {
		t.Errorf("Sum of the numbers 0 to %d returned %d, want %d", n-1, got, want)
	}
	checkSum(t, math.MaxInt-5, 3, -7)
	checkSum(t, math.MinInt+5, -3)
}

// TestStressManySums has several goroutines share the numbers of one channel.
func TestStressManySums(t *testing.T) {
	const n = 100
	c := count(t, n)
	var got [4]int
	kit.Each(len(got), func(i int) { got[i] = producer.Sum(c) })
	sum := 0
	for _, s := range got {
		sum += s
	}
	if want := n * (n + 1) / 2; sum != want {
		t.Errorf("%d goroutines called Sum with the channel of one Count(%d), and together got %d, want %d", len(got), n, sum, want)
	}
}
