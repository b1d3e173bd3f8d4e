package popcount_test

import (
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/once/popcount"
)

// check wants PopCount(x) to be want.
func check(t *testing.T, x uint64, want int) {
	if got := popcount.PopCount(x); got != want {
		t.Errorf("PopCount(%#x) returned %d, want %d", x, got, want)
	}
}

func TestOneGoroutine(t *testing.T) {
	check(t, 1, 1)
	check(t, 0, 0)
	check(t, 1<<63, 1)
	check(t, 0x1234567890ABCDEF, 32)
	check(t, 1<<64-1, 64)
}

// TestFirstCalls has two goroutines call PopCount when nobody has called it before.
func TestFirstCalls(t *testing.T) {
	kit.Together(
		func() { check(t, 0xFF, 8) },
		func() { check(t, 0xFF, 8) },
	)
}

// TestLaterCalls has goroutines call PopCount when a call has returned already.
func TestLaterCalls(t *testing.T) {
	check(t, 3, 2)
	kit.Together(
		func() { check(t, 5, 2) },
		func() { check(t, 1<<63|7, 4) },
	)
}

// TestStressFirstCalls is the same with many goroutines, whose first calls meet.
func TestStressFirstCalls(t *testing.T) {
	kit.Each(64, func(i int) {
		check(t, 1<<i, 1)
		check(t, 1<<i-1, i)
	})
}
