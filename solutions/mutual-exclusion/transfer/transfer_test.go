package transfer_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/mutual-exclusion/transfer"
)

// balance returns what is in one account.
func balance(a *transfer.Account) int { return transfer.Total(a) }

// check compares what is in accounts with what must be there.
func check(t *testing.T, when string, as []*transfer.Account, want ...int) {
	t.Helper()
	for i, a := range as {
		if got := balance(a); got != want[i] {
			t.Errorf("%s there is %d in account %c, want %d", when, got, 'a'+rune(i), want[i])
		}
	}
}

// open opens accounts with these balances.
func open(balances ...int) []*transfer.Account {
	as := make([]*transfer.Account, len(balances))
	for i, b := range balances {
		as[i] = transfer.NewAccount(b)
	}
	return as
}

func TestOneGoroutine(t *testing.T) {
	as := open(100, 20)
	a, b := as[0], as[1]
	check(t, "in the beginning", as, 100, 20)
	for _, step := range []struct {
		from, to    *transfer.Account
		n           int
		want        bool
		lefta, left int
	}{{a, b, 30, true, 70, 50}, {a, b, 71, false, 70, 50}, {b, a, 50, true, 120, 0}, {b, a, 1, false, 120, 0}, {b, a, 0, true, 120, 0}, {a, b, 120, true, 0, 120}} {
		if got := transfer.Transfer(step.from, step.to, step.n); got != step.want {
			t.Fatalf("a has 100 and b has 20, then Transfer of 30 and 71 from a to b, of 50, 1 and 0 from b to a, and of 120 from a to b: Transfer of %d returned %t, want %t", step.n, got, step.want)
		}
		if check(t, fmt.Sprintf("after a Transfer of %d that returned %t", step.n, step.want), as, step.lefta, step.left); t.Failed() {
			return
		}
		if got := transfer.Total(as...); got != 120 {
			t.Fatalf("Total of two accounts with %d and %d is %d, want 120", step.lefta, step.left, got)
		}
	}
	if got := transfer.Total(); got != 0 {
		t.Errorf("Total of no accounts is %d, want 0", got)
	}
}

func TestToItself(t *testing.T) {
	as := open(50)
	for n, want := range map[int]bool{50: true, 10: true, 0: true, 51: false} {
		if got := transfer.Transfer(as[0], as[0], n); got != want {
			t.Errorf("a has 50, and Transfer(a, a, %d) returned %t, want %t", n, got, want)
		}
		check(t, fmt.Sprintf("a had 50, and after Transfer(a, a, %d)", n), as, 50)
	}
}

// TestStressAccounts has accounts of which any two may meet.
func TestStressAccounts(t *testing.T) {
	const n = 100
	as := open(make([]int, n)...)
	as[0] = transfer.NewAccount(n)
	for i := 1; i < n; i++ {
		if !transfer.Transfer(as[0], as[i], 1) {
			t.Fatalf("of %d accounts the first had %d, and a Transfer of 1 to another one returned false", n, n+1-i)
		}
	}
	if total := transfer.Total(as...); total != n {
		t.Errorf("of %d accounts the first had %d, and after a Transfer of 1 to each of the others Total is %d", n, n, total)
	}
}

func TestOpposite(t *testing.T) {
	as := open(10, 10)
	var got [2]bool
	kit.Each(2, func(i int) { got[i] = transfer.Transfer(as[i], as[1-i], 5+i) })
	if !got[0] || !got[1] {
		t.Errorf("a and b have 10, and Transfer(a, b, 5) and Transfer(b, a, 6) at once returned %t and %t: both must succeed", got[0], got[1])
	}
	check(t, "a and b had 10, and after Transfer(a, b, 5) and Transfer(b, a, 6)", as, 11, 9)
}

func TestCircle(t *testing.T) {
	as := open(10, 10, 10)
	kit.Each(3, func(i int) { transfer.Transfer(as[i], as[(i+1)%3], 1+i) })
	check(t, "three accounts had 10, and after Transfer(a, b, 1), Transfer(b, c, 2) and Transfer(c, a, 3)", as, 12, 9, 9)
}

// TestFailedOpposite has a Transfer fail: it must give back its locks.
func TestFailedOpposite(t *testing.T) {
	as := open(0, 10)
	var got [2]bool
	kit.Each(2, func(i int) { got[i] = transfer.Transfer(as[i], as[1-i], 20-10*i) })
	if got[0] || !got[1] {
		t.Errorf("a has 0 and b has 10, and Transfer(a, b, 20) and Transfer(b, a, 10) at once returned %t and %t, want false and true", got[0], got[1])
	}
	check(t, "a had 0 and b 10, and after Transfer(a, b, 20) and Transfer(b, a, 10)", as, 10, 0)
}

func TestLastMoney(t *testing.T) {
	as := open(10, 0, 0)
	var got [2]bool
	kit.Each(2, func(i int) { got[i] = transfer.Transfer(as[0], as[1+i], 10) })
	if got[0] == got[1] {
		t.Errorf("a has 10, and Transfer(a, b, 10) and Transfer(a, c, 10) at once both returned %t: exactly one must succeed", got[0])
	}
	if left, total := balance(as[0]), transfer.Total(as...); left != 0 || total != 10 {
		t.Errorf("a had 10, and after two Transfer of 10 from it, it has %d, and all accounts together %d: want 0 and 10", left, total)
	}
}

// TestFailureHarmsNobody has a Transfer that must fail beside one that must not.
func TestFailureHarmsNobody(t *testing.T) {
	as := open(10, 0)
	var small, large bool
	kit.Together(
		func() { large = transfer.Transfer(as[0], as[1], 15) },
		func() { small = transfer.Transfer(as[0], as[1], 10) },
	)
	if large {
		t.Errorf("a has 10, and Transfer(a, b, 15) returned true")
	}
	if !small {
		t.Errorf("a has 10, and Transfer(a, b, 10) failed: a Transfer(a, b, 15) at the same time, which must fail, got in its way")
	}
}

// TestOnTheWay looks for money that one account has no more, and another not yet.
func TestOnTheWay(t *testing.T) {
	as := open(10, 0, 0)
	var again, onward bool
	kit.Together(
		func() { transfer.Transfer(as[0], as[1], 10) },
		func() {
			again = transfer.Transfer(as[0], as[2], 10)
			onward = transfer.Transfer(as[1], as[2], 10)
		},
	)
	if !again && !onward {
		t.Errorf("a has 10, and during Transfer(a, b, 10) another goroutine called Transfer(a, c, 10), which failed, and then Transfer(b, c, 10), which failed too: the money had left a and was not in b yet")
	}
}

// checkTotal wants a Total during a Transfer to be what it was before.
func checkTotal(t *testing.T, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("the accounts have %d together, and during a Transfer between them total %d was seen: a Transfer moves money, and Total counts it at one moment", want, got)
	}
}

func TestTotalMeanwhile(t *testing.T) {
	as := open(50, 50)
	var total int
	kit.Together(
		func() { transfer.Transfer(as[0], as[1], 10) },
		func() { total = transfer.Total(as[1], as[0]) },
	)
	checkTotal(t, total, 100)
}

func TestTotalOfThree(t *testing.T) {
	as := open(10, 0, 0)
	var total int
	kit.Together(
		func() {
			transfer.Transfer(as[0], as[1], 10)
			transfer.Transfer(as[1], as[2], 10)
		},
		func() { total = transfer.Total(as[2], as[0], as[1]) },
	)
	checkTotal(t, total, 10)
}

// TestTotalOfEnds moves money between the first and the last account, whichever of the two is locked first.
func TestTotalOfEnds(t *testing.T) {
	as := open(10, 0, 10)
	var total int
	kit.Together(
		func() { transfer.Transfer(as[2], as[0], 10) },
		func() { total = transfer.Total(as...) },
	)
	checkTotal(t, total, 20)
}

// TestTotalOfTwoTransfers has money move twice to the account that may be counted first: who counts without
// holding all the locks can get the same wrong total twice. The second one comes before the first in the list, and
// waits for it: so two delays are enough for a schedule that has both come into the midst of the Total.
func TestTotalOfTwoTransfers(t *testing.T) {
	as := open(0, 10, 10)
	first := make(chan struct{})
	var total int
	kit.Together(
		func() { total = transfer.Total(as...) },
		func() { <-first; transfer.Transfer(as[2], as[0], 10) },
		func() { transfer.Transfer(as[1], as[0], 10); close(first) },
	)
	checkTotal(t, total, 20)
}

// TestTwoTotals counts the same accounts in two orders.
func TestTwoTotals(t *testing.T) {
	as := open(1, 2)
	var totals [2]int
	kit.Each(2, func(i int) { totals[i] = transfer.Total(as[i], as[1-i]) })
	for _, total := range totals {
		if total != 3 {
			t.Errorf("a has 1 and b has 2, and Total is %d", total)
		}
	}
}

// TestCallersSlice has Total count a slice that the caller goes on using, whatever its order.
func TestCallersSlice(t *testing.T) {
	as := open(1, 2, 3)
	for _, order := range [][3]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		mine := []*transfer.Account{as[order[0]], as[order[1]], as[order[2]]}
		was := [3]*transfer.Account(mine)
		transfer.Total(mine...)
		if now := [3]*transfer.Account(mine); now != was {
			t.Fatalf("a caller passed a slice of accounts to Total, and Total has changed it: the slice is the caller's, who may use it in several goroutines")
		}
	}
}

// TestOneMeanwhile looks at one account while a Transfer from it fails.
func TestOneMeanwhile(t *testing.T) {
	as := open(10, 0)
	var seen [2]int
	kit.Together(
		func() { transfer.Transfer(as[0], as[1], 15) },
		func() { seen = [2]int{balance(as[0]), balance(as[1])} },
	)
	if seen != [2]int{10, 0} {
		t.Errorf("a has 10 and b 0, and while a Transfer(a, b, 15) failed they were seen with %d and %d: it must change nothing, not even for a moment", seen[0], seen[1])
	}
}

// TestToItselfMeanwhile looks at an account while it gives money to itself.
func TestToItselfMeanwhile(t *testing.T) {
	as := open(10)
	var seen int
	kit.Together(
		func() { transfer.Transfer(as[0], as[0], 10) },
		func() { seen = balance(as[0]) },
	)
	if seen != 10 {
		t.Errorf("a has 10, and during Transfer(a, a, 10) it was seen with %d", seen)
	}
}

// TestToItselfBesideAnother gives the money to another account while it goes from its account to itself.
func TestToItselfBesideAnother(t *testing.T) {
	as := open(10, 0)
	var other bool
	kit.Together(
		func() { transfer.Transfer(as[0], as[0], 10) },
		func() { other = transfer.Transfer(as[0], as[1], 10) },
	)
	if !other {
		t.Errorf("a has 10, and Transfer(a, b, 10) failed: a Transfer(a, a, 10) at the same time, which changes nothing, got in its way")
	}
	check(t, "a had 10, and after Transfer(a, a, 10) and Transfer(a, b, 10) at once", as, 0, 10)
}

// TestNewMeanwhile opens two accounts at the same time.
func TestNewMeanwhile(t *testing.T) {
	var as [2]*transfer.Account
	kit.Each(2, func(i int) { as[i] = transfer.NewAccount(10) })
	kit.Each(2, func(i int) { transfer.Transfer(as[i], as[1-i], 1) })
	check(t, "two accounts with 10 were opened at the same time, and after a Transfer of 1 from each to the other", as[:], 10, 10)
}

// TestAnyOrder looks for an order of the calls, as if they had come one after another, that explains every result.
func TestAnyOrder(t *testing.T) {
	as := open(10, 5)
	var h kit.History[call, any]
	move := func(from, n int) {
		h.Do(call{from, n}, func() any { return transfer.Transfer(as[from], as[1-from], n) })
	}
	kit.Together(
		func() { move(0, 10); move(1, 5) },
		func() {
			move(1, 10)
			h.Do(call{0, -1}, func() any { return balance(as[0]) })
		},
	)
	if !kit.Linearizable(h.Ops(), 10, step) {
		t.Errorf("a had 10 and b had 5, and no order of these calls explains their results, in brackets when each began and returned: %s", &h)
	}
}

// call is what a history holds of a call: a Transfer of n from account a or b to the other, or with
// n = -1 a Total of a.
type call struct{ from, n int }

func (c call) String() string {
	switch {
	case c.n < 0:
		return "Total(a)"
	case c.from == 0:
		return fmt.Sprintf("Transfer(a, b, %d)", c.n)
	default:
		return fmt.Sprintf("Transfer(b, a, %d)", c.n)
	}
}

// step is what two accounts with 15 together do when their calls come one after another; a is what is in the first.
func step(a int, c call, result any) (int, bool) {
	has := [2]int{a, 15 - a}[c.from]
	switch {
	case c.n < 0:
		return a, result == a
	case has < c.n:
		return a, result == false
	case c.from == 0:
		return a - c.n, result == true
	default:
		return a + c.n, result == true
	}
}

func TestStressCircle(t *testing.T) {
	as := open(100, 100, 100, 100)
	var odd atomic.Int64
	kit.Each(6, func(i int) {
		for k := range 2000 {
			switch from := (i + k) % 4; i {
			case 5:
				if total := transfer.Total(as[from], as[(from+3)%4], as[(from+1)%4], as[(from+2)%4]); total != 400 {
					odd.Store(int64(total))
				}
			default:
				transfer.Transfer(as[from], as[(from+1+i%3)%4], 1+k%7)
			}
		}
	})
	if total := odd.Load(); total != 0 {
		checkTotal(t, int(total), 400)
	}
	if total := transfer.Total(as...); total != 400 {
		t.Errorf("four accounts had 100 each, and after 10000 Transfer between them they have %d together, want 400", total)
	}
	for i, a := range as {
		if b := balance(a); b < 0 {
			t.Errorf("account %c is overdrawn: %d", 'a'+rune(i), b)
		}
	}
}

func TestStressOpposite(t *testing.T) {
	as := open(1000, 1000)
	kit.Lockstep(2, 5000, func(i, _ int) { transfer.Transfer(as[i], as[1-i], 1) })
	if total := transfer.Total(as...); total != 2000 {
		t.Errorf("two accounts had 1000 each, and after 10000 Transfer between them they have %d together, want 2000", total)
	}
}
