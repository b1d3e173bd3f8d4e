package teller_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"workbook/solutions/confinement/teller"
	"workbook/solutions/kit"
)

// open leaves the account with the given balance, whatever was there. It asks for little, because every request is
// a step of the schedules.
func open(t *testing.T, balance int) {
	t.Helper()
	if b := teller.Balance(); b > 0 && !teller.Withdraw(b) {
		t.Fatalf("Withdraw(%d) from a balance of %d returned false", b, b)
	}
	if balance > 0 {
		teller.Deposit(balance)
	}
}

func checkBalance(t *testing.T, when string, want int) {
	t.Helper()
	if got := teller.Balance(); got != want {
		t.Errorf("%s Balance is %d, want %d", when, got, want)
	}
}

func TestOneGoroutine(t *testing.T) {
	open(t, 100)
	checkBalance(t, "after Deposit(100), which had returned,", 100)
	for _, step := range []struct {
		amount int
		want   bool
		left   int
	}{{40, true, 60}, {61, false, 60}, {0, true, 60}, {60, true, 0}, {1, false, 0}, {0, true, 0}} {
		if got := teller.Withdraw(step.amount); got != step.want {
			t.Fatalf("100 deposited, then Withdraw of 40, 61, 0, 60, 1 and 0: Withdraw(%d) returned %t, want %t", step.amount, got, step.want)
		}
		checkBalance(t, fmt.Sprintf("after a Withdraw(%d) that returned %t", step.amount, step.want), step.left)
	}
}

// TestNotOld looks, and looks again after a change: an answer that lay ready would be from before.
func TestNotOld(t *testing.T) {
	open(t, 0)
	for want := 5; want <= 15; want += 5 {
		teller.Deposit(5)
		checkBalance(t, fmt.Sprintf("after %d times Deposit(5), and a Balance before the last,", want/5), want)
	}
	if !teller.Withdraw(15) {
		t.Errorf("3 times Deposit(5), and then Withdraw(15) returned false")
	}
	checkBalance(t, "after the Withdraw(15) of all that was there", 0)
}

func TestDepositTogether(t *testing.T) {
	open(t, 0)
	kit.Together(
		func() { teller.Deposit(100) },
		func() { teller.Deposit(20) },
		func() { teller.Balance() },
	)
	checkBalance(t, "after Deposit(100) and Deposit(20) at once", 120)
}

// TestDepositIsOver has one goroutine deposit and say so, and another withdraw when it knows.
func TestDepositIsOver(t *testing.T) {
	open(t, 0)
	said := make(chan struct{})
	var got bool
	kit.Together(
		func() { teller.Deposit(10); close(said) },
		func() { <-said; got = teller.Withdraw(10) },
	)
	if !got {
		t.Errorf("Withdraw(10) returned false although a Deposit(10) of another goroutine was over before it began")
	}
	checkBalance(t, "after a Deposit(10), and then a Withdraw(10),", 0)
}

func TestLastMoney(t *testing.T) {
	open(t, 10)
	var got [2]bool
	kit.Each(2, func(i int) { got[i] = teller.Withdraw(10) })
	switch {
	case got[0] && got[1]:
		t.Error(bothPaid)
	case !got[0] && !got[1]:
		t.Error(nonePaid)
	}
	checkBalance(t, "after two Withdraw(10) from 10", 0)
}

const (
	bothPaid = "2 of 2 concurrent Withdraw(10) from a balance of 10 succeeded: the look and the taking must be one request to the teller, not two"
	nonePaid = "0 of 2 concurrent Withdraw(10) from a balance of 10 succeeded: one of them must"
)

// TestDepositBetween has a deposit come between two withdrawals of the last 10: it is not enough for both.
func TestDepositBetween(t *testing.T) {
	open(t, 10)
	var got [2]bool
	kit.Together(
		func() { got[0] = teller.Withdraw(10) },
		func() { teller.Deposit(5) },
		func() { got[1] = teller.Withdraw(10) },
	)
	switch {
	case got[0] && got[1]:
		t.Errorf("10 were there, 5 were deposited, and 2 of 2 Withdraw(10) succeeded: while the teller answers one request, another one must not come in between")
	case !got[0] && !got[1]:
		t.Error(nonePaid)
	}
	checkBalance(t, "after one Withdraw(10) from 10, and a Deposit(5),", 5)
}

func TestEnoughForBoth(t *testing.T) {
	open(t, 30)
	var got [2]bool
	kit.Each(2, func(i int) { got[i] = teller.Withdraw(10 * (i + 1)) })
	if !got[0] || !got[1] {
		t.Errorf("Withdraw(10) and Withdraw(20) from a balance of 30 returned %t and %t: both must succeed", got[0], got[1])
	}
	checkBalance(t, "after Withdraw(10) and Withdraw(20) from 30", 0)
}

// TestOwnAnswer asks for the impossible and for a trifle at once: in every order the answers differ.
func TestOwnAnswer(t *testing.T) {
	open(t, 10)
	var large, small bool
	kit.Together(
		func() { large = teller.Withdraw(1000) },
		func() { small = teller.Withdraw(1) },
	)
	checkAnswers(t, large, small)
	checkBalance(t, "after Withdraw(1000) and Withdraw(1) from 10", 9)
}

// checkAnswers wants Withdraw(1000) to have failed and Withdraw(1) to have succeeded, from 10.
func checkAnswers(t *testing.T, large, small bool) {
	switch {
	case large && !small:
		t.Errorf("the balance was 10, and of two Withdraw at once the one of 1000 returned true and the one of 1 false: the answers went to the wrong callers")
	case large:
		t.Errorf("Withdraw(1000) from a balance of 10 returned true: a Withdraw(1) at the same time did, too, and got its own answer or another's")
	case !small:
		t.Errorf("Withdraw(1) from a balance of 10 failed: a Withdraw(1000) at the same time, which must fail, got in its way")
	}
}

// TestAnswersOfBothKinds has a Balance beside a Withdraw, whose answers must not be exchanged either.
func TestAnswersOfBothKinds(t *testing.T) {
	open(t, 10)
	var got [2]int
	var paid bool
	kit.Together(
		func() { paid = teller.Withdraw(15) },
		func() {
			got[0] = teller.Balance()
			got[1] = teller.Balance()
		},
	)
	if paid {
		t.Errorf("Withdraw(15) from a balance of 10 returned true")
	}
	for _, b := range got {
		if b != 10 {
			t.Errorf("a Withdraw(15) from a balance of 10 failed, and meanwhile Balance was %d: it must change nothing, not even for a moment", b)
		}
	}
}

// TestTwoLooks has two goroutines look while a third takes: each looks first, and cannot see more later.
func TestTwoLooks(t *testing.T) {
	open(t, 10)
	var seen [2][2]int
	look := func(i int) func() {
		return func() {
			seen[i][0] = teller.Balance()
			seen[i][1] = teller.Balance()
		}
	}
	kit.Together(look(0), look(1), func() { teller.Withdraw(4) })
	for _, s := range seen {
		if s != [2]int{10, 10} && s != [2]int{10, 6} && s != [2]int{6, 6} {
			t.Errorf("the balance was 10, and during a Withdraw(4) one goroutine found first %d and then %d", s[0], s[1])
		}
	}
}

// TestFailureHarmsNobody has a Withdraw that must fail beside one that must not.
func TestFailureHarmsNobody(t *testing.T) {
	open(t, 10)
	var small, large bool
	kit.Together(
		func() { large = teller.Withdraw(15) },
		func() { small = teller.Withdraw(10) },
	)
	checkSmall(t, small)
	if large {
		t.Errorf("Withdraw(15) from a balance of 10 returned true")
	}
	checkBalance(t, "after Withdraw(10) and Withdraw(15) from 10", 0)
}

func checkSmall(t *testing.T, got bool) {
	if !got {
		t.Errorf("Withdraw(10) from a balance of 10 failed: a Withdraw(15) at the same time, which must fail, got in its way")
	}
}

// TestAnyOrder looks for an order of the calls, as if they had come one after another, that
// explains every result.
func TestAnyOrder(t *testing.T) {
	open(t, 20)
	var h kit.History[call, any]
	withdraw := func(n int) { h.Do(call{"Withdraw", n}, func() any { return teller.Withdraw(n) }) }
	deposit := func(n int) { h.Do(call{"Deposit", n}, func() any { teller.Deposit(n); return nil }) }
	look := func() { h.Do(call{name: "Balance"}, func() any { return teller.Balance() }) }
	kit.Together(
		func() { withdraw(20); deposit(5) },
		func() { withdraw(15); look() },
		func() { withdraw(5) },
	)
	if !kit.Linearizable(h.Ops(), 20, step) {
		t.Errorf("the balance was 20, and no order of these calls explains their results, in brackets when each began and returned: %s", &h)
	}
}

// call is what a history holds of a call.
type call struct {
	name   string
	amount int
}

func (c call) String() string {
	if c.name == "Balance" {
		return "Balance()"
	}
	return fmt.Sprintf("%s(%d)", c.name, c.amount)
}

// step is what the account does when its calls come one after another.
func step(balance int, c call, result any) (int, bool) {
	switch {
	case c.name == "Deposit":
		return balance + c.amount, true
	case c.name == "Balance":
		return balance, result == balance
	case balance >= c.amount:
		return balance - c.amount, result == true
	default:
		return balance, result == false
	}
}

// TestStressAnswers has goroutines that always ask for too much beside others that never do.
func TestStressAnswers(t *testing.T) {
	const callers, calls = 8, 500
	open(t, callers/2*calls)
	var wrong atomic.Int64
	kit.Each(callers, func(i int) {
		for range calls {
			if modest := i%2 == 0; modest {
				if !teller.Withdraw(1) {
					wrong.Add(1)
				}
			} else if teller.Withdraw(1_000_000) {
				wrong.Add(1)
			}
		}
	})
	if n := wrong.Load(); n > 0 {
		t.Errorf("%d answers went to the wrong caller: Withdraw(1) failed though there was enough for all, or Withdraw(1000000) succeeded", n)
	}
	checkBalance(t, "after as many Withdraw(1) as there was money for", 0)
}

// TestStressLastMoney has many goroutines take the last 10 and bring it back.
func TestStressLastMoney(t *testing.T) {
	open(t, 10)
	var inside kit.Gauge
	kit.Each(8, func(int) {
		for range 1000 {
			if teller.Withdraw(10) {
				inside.Enter()
				inside.Leave()
				teller.Deposit(10)
			}
		}
	})
	if inside.Most() > 1 {
		t.Error(bothPaid)
	}
	checkBalance(t, "after as many Deposit(10) as successful Withdraw(10) from 10", 10)
}

// TestStressFailure has calls that must fail beside some that must not, and beside looks.
func TestStressFailure(t *testing.T) {
	open(t, 10)
	var failed, succeeded, odd atomic.Int64
	kit.Together(
		func() {
			for range 3000 {
				if teller.Withdraw(15) {
					succeeded.Add(1)
					teller.Deposit(15)
				}
			}
		},
		func() {
			for range 1500 {
				if b := teller.Balance(); b != 10 {
					odd.Store(int64(b))
				}
				if teller.Withdraw(10) {
					teller.Deposit(10)
				} else {
					failed.Add(1)
				}
			}
		},
	)
	if succeeded.Load() > 0 {
		t.Errorf("Withdraw(15) returned true although there was never more than 10")
	}
	checkSmall(t, failed.Load() == 0)
	if b := odd.Load(); b != 0 {
		t.Errorf("Balance was %d where only 10 is possible: a Withdraw(15) that must fail has changed it for a moment", b)
	}
}

func TestStressDeposit(t *testing.T) {
	open(t, 0)
	kit.Each(8, func(int) {
		for range 1000 {
			teller.Deposit(3)
			teller.Balance()
			if !teller.Withdraw(2) {
				t.Errorf("a goroutine deposited 3, and then its Withdraw(2) returned false")
				return
			}
		}
	})
	checkBalance(t, "after 8000 Deposit(3) and as many Withdraw(2)", 8000)
}
