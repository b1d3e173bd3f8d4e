package philosophers_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/mutual-exclusion/philosophers"
)

// table watches philosophers eat.
type table struct {
	t      *testing.T
	n      int
	begun  []atomic.Int64 // meals of each philosopher
	ended  []atomic.Int64
	forks  []kit.Gauge // fork f lies between the philosophers f-1 and f
	strays atomic.Int64
}

func newTable(t *testing.T, n int) *table {
	return &table{t: t, n: n, begun: make([]atomic.Int64, n), ended: make([]atomic.Int64, n), forks: make([]kit.Gauge, n)}
}

// meal is a meal of philosopher p, and calls during between its beginning and its end.
func (tb *table) meal(p int, during func(p int)) {
	if p < 0 || p >= tb.n {
		tb.strays.Add(1)
		return
	}
	left, right := &tb.forks[p], &tb.forks[(p+1)%tb.n]
	tb.begun[p].Add(1)
	left.Enter()
	right.Enter()
	during(p)
	right.Leave()
	left.Leave()
	tb.ended[p].Add(1)
}

// dine has all of them dine, and checks what it saw.
func (tb *table) dine(meals int, during func(p int)) {
	tb.t.Helper()
	philosophers.Dine(tb.n, meals, func(p int) { tb.meal(p, during) })
	tb.check(meals)
}

// check wants everybody to have eaten, and no neighbours at the same time.
func (tb *table) check(meals int) {
	tb.t.Helper()
	if n := tb.strays.Load(); n > 0 {
		tb.t.Errorf("Dine(%d, %d, eat) called eat with a philosopher that there is not: they are 0 to %d", tb.n, meals, tb.n-1)
	}
	for p := range tb.n {
		if most := tb.forks[p].Most(); most > 1 {
			tb.t.Errorf("the philosophers %d and %d ate at the same time, and they are neighbours: they have a fork in common", (p+tb.n-1)%tb.n, p)
			return
		}
	}
	for p := range tb.n {
		switch begun, ended := tb.begun[p].Load(), tb.ended[p].Load(); {
		case begun > ended:
			tb.t.Errorf("Dine returned while philosopher %d was eating", p)
			return
		case ended != int64(meals):
			tb.t.Errorf("Dine(%d, %d, eat) returned when philosopher %d had eaten %d times, want %d", tb.n, meals, p, ended, meals)
			return
		}
	}
}

// quick is a meal that takes no time.
func quick(int) {}

func TestTwo(t *testing.T)      { newTable(t, 2).dine(1, quick) }
func TestTwoTwice(t *testing.T) { newTable(t, 2).dine(2, quick) }
func TestThree(t *testing.T)    { newTable(t, 3).dine(1, quick) }
func TestNoMeals(t *testing.T)  { newTable(t, 3).dine(0, quick) }

// TestLongMeals has the meals of three philosophers take some steps.
func TestLongMeals(t *testing.T) {
	newTable(t, 3).dine(1, func(int) {
		for range 3 {
			runtime.Gosched()
		}
	})
}

// TestOpposite has four philosophers. Where both neighbours of a philosopher have eaten, and the one
// opposite has not, nobody else is hungry: the two must be able to eat at the same time.
func TestOpposite(t *testing.T) {
	pairs := [2]*kit.Overlap{
		kit.NewOverlap(2, "meals of philosophers 0 and 2, whose neighbours have eaten,"),
		kit.NewOverlap(2, "meals of philosophers 1 and 3, whose neighbours have eaten,"),
	}
	var eaten [4]atomic.Bool
	newTable(t, 4).dine(1, func(p int) {
		if eaten[(p+1)%4].Load() && eaten[(p+3)%4].Load() && !eaten[(p+2)%4].Load() {
			pairs[p%2].Inside()
		}
		eaten[p].Store(true)
	})
}

// TestOtherTable has a table at which the first meal lasts until everybody at another one has eaten.
func TestOtherTable(t *testing.T) {
	over := make(chan struct{})
	slow, other := newTable(t, 2), newTable(t, 2)
	kit.Together(
		func() { slow.dine(1, func(int) { <-over }) },
		func() { other.dine(1, quick); close(over) },
	)
}

// TestStressTwoTables has two tables of two, at each of which one can eat.
func TestStressTwoTables(t *testing.T) {
	both := kit.NewOverlap(2, "meals at two tables")
	tables := [2]*table{newTable(t, 2), newTable(t, 2)}
	kit.Each(2, func(i int) {
		tables[i].dine(1, func(int) { both.Inside() })
	})
}

// TestStressAtOnce wants two of five to eat at the same time once in many meals. No single meal has to
// overlap another one: there are moments when four wait in a row for the one who eats.
func TestStressAtOnce(t *testing.T) {
	var eating kit.Gauge
	for range 50 {
		tb := newTable(t, 5)
		tb.dine(20, func(int) {
			eating.Enter()
			for range 20 {
				if eating.Most() > 1 {
					break
				}
				runtime.Gosched()
			}
			eating.Leave()
		})
		if t.Failed() {
			return
		}
	}
	if eating.Most() < 2 {
		t.Errorf("not concurrent: in 5000 meals of 5 philosophers never more than 1 ate at the same time, and 2 could have")
	}
}

func TestStressMeals(t *testing.T) {
	for _, n := range []int{2, 3, 4, 5, 8} {
		if newTable(t, n).dine(1000, quick); t.Failed() {
			return
		}
	}
}
