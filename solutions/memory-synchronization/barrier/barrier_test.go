package barrier_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"workbook/solutions/kit"
	"workbook/solutions/memory-synchronization/barrier"
)

// race sends n goroutines through rounds of a Barrier, and wants nobody to overtake.
func race(t *testing.T, n, rounds int) {
	b := barrier.NewBarrier(n)
	arrived := make([]atomic.Int64, rounds)
	index := make([][]int, rounds) // what Wait returned, by round and goroutine
	for round := range index {
		index[round] = make([]int, n)
	}
	kit.Each(n, func(g int) {
		for round := range rounds {
			arrived[round].Add(1)
			index[round][g] = b.Wait()
			if got := arrived[round].Load(); got != int64(n) {
				t.Errorf("Wait let goroutine %d through in round %d when %d of %d had arrived: it overtook the others", g+1, round+1, got, n)
			}
		}
	})
	for round, got := range index {
		checkIndex(t, round+1, got)
	}
}

// checkIndex wants what Wait returned in a round to be 0 to n-1, in any order.
func checkIndex(t *testing.T, round int, got []int) {
	seen := make([]bool, len(got))
	for _, i := range got {
		if i < 0 || i >= len(got) || seen[i] {
			t.Errorf("in round %d Wait returned %v to %d goroutines, want each of 0 to %d once", round, got, len(got), len(got)-1)
			return
		}
		seen[i] = true
	}
}

func TestOneRound(t *testing.T)    { race(t, 2, 1) }
func TestThreeRounds(t *testing.T) { race(t, 2, 3) }
func TestThreeAtOnce(t *testing.T) { race(t, 3, 2) }

// TestInOrder has goroutines arrive one after another: each begins its Wait when those before it are
// asleep in theirs. Only the scheduler knows that of any barrier, also of one that sleeps at a lock,
// which synctest by itself cannot tell; its clock begins in 2000.
func TestInOrder(t *testing.T) {
	const n = 3
	if time.Now().Year() != 2000 {
		return
	}
	b := barrier.NewBarrier(n)
	var index [n]int
	var wg sync.WaitGroup
	for g := range n {
		wg.Go(func() { index[g] = b.Wait() })
		synctest.Wait()
	}
	wg.Wait()
	if index != [n]int{0, 1, 2} {
		t.Errorf("3 goroutines came to Wait one after another, and Wait returned %v to the first, the second and the third: want [0 1 2]", index)
	}
}

// TestMemory has each goroutine read, without a lock, what the other one wrote before the Wait.
func TestMemory(t *testing.T) {
	b := barrier.NewBarrier(2)
	var wrote [2]int
	kit.Each(2, func(g int) {
		wrote[g] = 1
		b.Wait()
		if wrote[1-g] != 1 {
			t.Errorf("one goroutine wrote a variable before its Wait, and after the Wait the other one read the value from before")
		}
	})
}

func TestAlone(t *testing.T) {
	b := barrier.NewBarrier(1)
	for range 3 {
		if i := b.Wait(); i != 0 {
			t.Errorf("Wait of a Barrier for 1 returned %d, want 0", i)
		}
	}
}

// TestStressRounds computes in rounds: each goroutine adds up what all had in the round before.
func TestStressRounds(t *testing.T) {
	const n, rounds = 4, 1000
	b := barrier.NewBarrier(n)
	var values [2][n]uint32
	for g := range n {
		values[0][g] = 1
	}
	kit.Each(n, func(g int) {
		for round := range rounds {
			from, to := &values[round%2], &values[1-round%2]
			sum := uint32(0)
			for _, v := range from {
				sum += v
			}
			to[g] = sum + uint32(g)
			b.Wait()
		}
	})
	want := [n]uint32{1, 1, 1, 1}
	for range rounds {
		sum := want[0] + want[1] + want[2] + want[3]
		want = [n]uint32{sum, sum + 1, sum + 2, sum + 3}
	}
	if got := values[rounds%2]; got != want {
		t.Errorf("4 goroutines computed %d rounds, each from the results of the round before, and came to %v instead of %v: some were in different rounds", rounds, got, want)
	}
}

func TestStressIndexes(t *testing.T) { race(t, 5, 500) }
