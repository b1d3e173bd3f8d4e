package seats_test

import (
	"slices"
	"sync/atomic"
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/races/seats"
)

// plan is what the test knows of a show: who was sold which seat.
type plan struct {
	t    *testing.T
	show *seats.Show
	n    int
	sold []int // how often each seat was sold; seat 1 is sold[0]
}

func newPlan(t *testing.T, n int) *plan {
	return &plan{t, seats.New(n), n, make([]int, n)}
}

// sale is what a Book returned.
type sale struct {
	k     int
	seats []int
	ok    bool
}

func (p *plan) book(k int) sale {
	got, ok := p.show.Book(k)
	return sale{k, got, ok}
}

// together books at the same time, each in a goroutine of its own.
func (p *plan) together(ks ...int) []sale {
	sales := make([]sale, len(ks))
	kit.Each(len(ks), func(i int) { sales[i] = p.book(ks[i]) })
	return sales
}

// enter checks sales against each other and all that were entered before.
func (p *plan) enter(sales ...sale) {
	p.t.Helper()
	for _, s := range sales {
		want := 0
		if s.ok {
			want = s.k
		}
		if len(s.seats) != want {
			p.t.Errorf("Book(%d) returned %t with %d seats %v: want %d", s.k, s.ok, len(s.seats), s.seats, want)
		}
		for _, seat := range s.seats {
			if seat < 1 || seat > p.n {
				p.t.Errorf("Book(%d) sold seat %d of a show with the seats 1 to %d", s.k, seat, p.n)
				continue
			}
			if p.sold[seat-1]++; p.sold[seat-1] == 2 {
				p.t.Errorf("seat %d was sold twice", seat)
			}
		}
	}
}

// free returns how many seats have not been sold.
func (p *plan) free() (n int) {
	for _, times := range p.sold {
		if times == 0 {
			n++
		}
	}
	return n
}

// finish sells all that must be left, seat by seat.
func (p *plan) finish() {
	p.t.Helper()
	if p.t.Failed() {
		return
	}
	left := p.free()
	for i := range left {
		s := p.book(1)
		p.enter(s)
		if !s.ok {
			p.t.Errorf("%d of %d seats were not sold yet, but in the end only %d could be booked: seats were lost", left, p.n, i)
			return
		}
	}
	if s := p.book(1); s.ok {
		p.t.Errorf("all %d seats were sold, and another Book(1) returned %v and true", p.n, s.seats)
	}
}

func TestOneGoroutine(t *testing.T) {
	p := newPlan(t, 5)
	for _, step := range []struct {
		k    int
		want bool
	}{{2, true}, {4, false}, {2, true}, {2, false}, {1, true}, {1, false}} {
		s := p.book(step.k)
		if s.ok != step.want {
			t.Fatalf("5 seats, then Book of 2, 4, 2, 2, 1 and 1: Book(%d) returned %t, want %t", step.k, s.ok, step.want)
		}
		p.enter(s)
	}
	p.finish()
	if s := newPlan(t, 0).book(1); s.ok {
		t.Errorf("Book(1) of a show without seats returned %v and true", s.seats)
	}
}

func TestLastSeat(t *testing.T) {
	p := newPlan(t, 1)
	sales := p.together(1, 1)
	p.enter(sales...)
	if sales[0].ok == sales[1].ok {
		t.Errorf("1 seat was free, and two Book(1) at once both returned %t: exactly one must succeed", sales[0].ok)
	}
	p.finish()
}

func TestAllOrNothing(t *testing.T) {
	p := newPlan(t, 3)
	sales := p.together(2, 2)
	p.enter(sales...)
	if sales[0].ok == sales[1].ok {
		t.Errorf("3 seats were free, and two Book(2) at once both returned %t: exactly one must succeed", sales[0].ok)
	}
	p.finish()
}

func TestEnoughForBoth(t *testing.T) {
	p := newPlan(t, 3)
	sales := p.together(1, 2)
	p.enter(sales...)
	for _, s := range sales {
		if !s.ok {
			t.Errorf("3 seats were free, and of Book(1) and Book(2) at once Book(%d) failed: both must succeed", s.k)
		}
	}
	p.finish()
}

func TestTooMany(t *testing.T) {
	p := newPlan(t, 2)
	sales := p.together(3, 2)
	p.enter(sales...)
	p.checkTooMany(sales)
	p.finish()
}

// checkTooMany wants the first sale to have failed and not to have disturbed the second.
func (p *plan) checkTooMany(sales []sale) {
	if sales[0].ok {
		p.t.Errorf("Book(%d) returned true, and only %d seats were free", sales[0].k, p.n)
	}
	if !sales[1].ok {
		p.t.Errorf("Book(%d) failed although %d seats were free: a Book(%d) at the same time, which must fail, got in its way", sales[1].k, p.n, sales[0].k)
	}
}

func TestThreeBuyers(t *testing.T) {
	p := newPlan(t, 4)
	p.enter(p.together(2, 1, 2)...)
	p.finish()
}

// TestAnyOrder looks for an order of the calls, as if they had come one after another, that
// explains which of them succeeded.
func TestAnyOrder(t *testing.T) {
	p := newPlan(t, 3)
	var h kit.History[booking, bool]
	book := func(k int) { h.Do(booking(k), func() bool { return p.book(k).ok }) }
	kit.Together(
		func() { book(2); book(1) },
		func() { book(1); book(2) },
		func() { book(3) },
	)
	if !kit.Linearizable(h.Ops(), 3, step) {
		t.Errorf("3 seats were free, and no order of these calls explains which of them succeeded, in brackets when each began and returned: %s", &h)
	}
}

// step is what a show does when its calls come one after another.
func step(free int, k booking, ok bool) (int, bool) {
	if free < int(k) {
		return free, !ok
	}
	return free - int(k), ok
}

// TestOwnSlice changes what Book returned, and then others book: the slice is the caller's.
func TestOwnSlice(t *testing.T) {
	if _, _, right := threeSales(false); !right {
		return // TestOneGoroutine has said what is wrong
	}
	if second, third, right := threeSales(true); !right {
		t.Errorf("a caller wrote into the slice that Book had returned, and appended to it, and that changed what others had booked to %v and %v: the slices must share no memory with the show or with each other", second, third)
	}
}

// threeSales sells a show of 4 seats to three callers, of whom the first writes into the slice that it
// got and appends to it if it scribbles. It says what the others have in the end, and whether each of the
// seats was sold once.
func threeSales(scribble bool) (second, third []int, right bool) {
	show := seats.New(4)
	first, ok1 := show.Book(1)
	sold := slices.Clone(first)
	second, ok2 := show.Book(1)
	sold = append(sold, second...)
	if scribble {
		for i := range first {
			first[i] = -1
		}
		_ = append(first, -2, -3)
	}
	third, ok3 := show.Book(2)
	all := slices.Concat(sold, third)
	slices.Sort(all)
	right = ok1 && ok2 && ok3 && slices.Equal(all, []int{1, 2, 3, 4}) && (len(sold) == 2 && slices.Equal(second, sold[1:]))
	return second, third, right
}

// booking is a number of seats, as a history shows it.
type booking int

func (k booking) String() string { return "Book(" + string(rune('0'+k)) + ")" }

func TestStressSellOut(t *testing.T) {
	for range 50 {
		p := newPlan(t, 60)
		var sales [8][]sale
		kit.Each(len(sales), func(i int) {
			for k := 1 + i%3; k > 0; {
				s := p.book(k)
				sales[i] = append(sales[i], s)
				if !s.ok {
					k-- // fewer, then
				}
			}
		})
		for _, s := range sales {
			p.enter(s...)
		}
		if free := p.free(); free > 0 && !t.Failed() {
			t.Errorf("8 goroutines booked until Book(1) failed for each, and %d of %d seats are not sold", free, p.n)
		}
		p.finish()
		if t.Failed() {
			return
		}
	}
}

// TestStressLockstep has two goroutines book of many small shows, each at the same moment.
func TestStressLockstep(t *testing.T) {
	for _, ks := range [][2]int{{1, 1}, {2, 2}, {3, 2}} {
		plans := make([]*plan, 4000)
		sales := make([][2]sale, len(plans))
		for i := range plans {
			plans[i] = newPlan(t, max(1, ks[0]-1, ks[1]))
		}
		kit.Lockstep(2, len(plans), func(i, round int) { sales[round][i] = plans[round].book(ks[i]) })
		for i, p := range plans {
			p.enter(sales[i][:]...)
			if ks[0] > p.n {
				p.checkTooMany(sales[i][:])
			}
			p.finish()
			if t.Failed() {
				return
			}
		}
	}
}

// TestStressTooMany has calls that must fail beside others that must not.
func TestStressTooMany(t *testing.T) {
	var failed atomic.Int64
	for range 20 {
		p := newPlan(t, 100)
		var sales [100]sale
		kit.Together(
			func() {
				for i := range sales {
					if sales[i] = p.book(1); !sales[i].ok {
						failed.Add(1)
					}
				}
			},
			func() {
				for range sales {
					p.enterNone(p.book(101))
				}
			},
		)
		if n := failed.Load(); n > 0 {
			t.Errorf("%d of 100 Book(1) failed although there were 100 seats: calls of Book(101) at the same time, which must fail, got in their way", n)
		}
		p.enter(sales[:]...)
		p.finish()
		if t.Failed() {
			return
		}
	}
}

// enterNone wants a sale to have failed. Unlike enter it may be called by several goroutines.
func (p *plan) enterNone(s sale) {
	if s.ok {
		p.t.Errorf("Book(%d) of a show with %d seats returned true", s.k, p.n)
	}
}
