package account_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/races/account"
)

// open leaves the account with the given balance, whatever was in it.
func open(t *testing.T, balance int) {
	t.Helper()
	if b := account.Balance(); b < 0 {
		account.Deposit(-b)
	} else if !account.Withdraw(b) {
		t.Fatalf("Withdraw(%d) from a balance of %d returned false", b, b)
	}
	account.Deposit(balance)
	checkBalance(t, fmt.Sprintf("after Deposit(%d) into the empty account", balance), balance)
}

func checkBalance(t *testing.T, when string, want int) {
	t.Helper()
	if got := account.Balance(); got != want {
		t.Errorf("%s Balance is %d, want %d", when, got, want)
	}
}

func TestOneGoroutine(t *testing.T) {
	open(t, 100)
	for _, step := range []struct {
		amount int
		want   bool
		left   int
	}{{40, true, 60}, {61, false, 60}, {0, true, 60}, {60, true, 0}, {1, false, 0}, {0, true, 0}} {
		if got := account.Withdraw(step.amount); got != step.want {
			t.Fatalf("100 deposited, then Withdraw of 40, 61, 0, 60, 1 and 0: Withdraw(%d) returned %t, want %t", step.amount, got, step.want)
		}
		checkBalance(t, fmt.Sprintf("after a Withdraw(%d) that returned %t", step.amount, step.want), step.left)
	}
}

func TestDepositTogether(t *testing.T) {
	open(t, 0)
	kit.Together(
		func() { account.Deposit(100) },
		func() { account.Deposit(20) },
		func() { account.Balance() },
	)
	checkBalance(t, "after Deposit(100) and Deposit(20) at once", 120)
}

func TestLastMoney(t *testing.T) {
	open(t, 10)
	var got [2]bool
	kit.Each(2, func(i int) { got[i] = account.Withdraw(10) })
	checkLast(t, got[0], got[1])
}

// checkLast wants one of two Withdraw(10) from 10 to have succeeded.
func checkLast(t *testing.T, a, b bool) {
	t.Helper()
	switch {
	case a && b:
		t.Errorf("2 of 2 concurrent Withdraw(10) from a balance of 10 succeeded: the check and the withdrawal are two steps")
	case !a && !b:
		t.Errorf("0 of 2 concurrent Withdraw(10) from a balance of 10 succeeded: one of them must")
	}
	checkBalance(t, "after two Withdraw(10) from 10", 0)
}

func TestEnoughForBoth(t *testing.T) {
	open(t, 30)
	var got [2]bool
	kit.Each(2, func(i int) { got[i] = account.Withdraw(10 * (i + 1)) })
	if !got[0] || !got[1] {
		t.Errorf("Withdraw(10) and Withdraw(20) from a balance of 30 returned %t and %t: both must succeed", got[0], got[1])
	}
	checkBalance(t, "after Withdraw(10) and Withdraw(20) from 30", 0)
}

// TestNeverNegative looks at the balance while a Withdraw fails.
func TestNeverNegative(t *testing.T) {
	open(t, 10)
	var got bool
	var seen [2]int
	kit.Together(
		func() { got = account.Withdraw(15) },
		func() {
			seen[0] = account.Balance()
			seen[1] = account.Balance()
		},
	)
	if got {
		t.Errorf("Withdraw(15) from a balance of 10 returned true")
	}
	for _, b := range seen {
		if b != 10 {
			t.Errorf("a Withdraw(15) from a balance of 10 failed, and meanwhile Balance was %d: it must change nothing, not even for a moment", b)
		}
	}
}

// TestFailureHarmsNobody has a Withdraw that must fail beside one that must not.
func TestFailureHarmsNobody(t *testing.T) {
	open(t, 10)
	var small, large bool
	kit.Together(
		func() { large = account.Withdraw(15) },
		func() { small = account.Withdraw(10) },
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

func TestDepositDuringWithdraw(t *testing.T) {
	open(t, 0)
	var got bool
	kit.Together(
		func() { account.Deposit(10) },
		func() { got = account.Withdraw(10) },
	)
	want := 10
	if got {
		want = 0
	}
	checkBalance(t, fmt.Sprintf("after Deposit(10) and a Withdraw(10) at once that returned %t", got), want)
}

// TestAnyOrder looks for an order of the calls, as if they had come one after another, that
// explains every result.
func TestAnyOrder(t *testing.T) {
	open(t, 20)
	var h kit.History[call, any]
	withdraw := func(n int) { h.Do(call{"Withdraw", n}, func() any { return account.Withdraw(n) }) }
	deposit := func(n int) { h.Do(call{"Deposit", n}, func() any { account.Deposit(n); return nil }) }
	kit.Together(
		func() { withdraw(20); deposit(5) },
		func() { withdraw(15); h.Do(call{name: "Balance"}, func() any { return account.Balance() }) },
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

// TestStressLastMoney has many goroutines take the last 10 and bring it back.
func TestStressLastMoney(t *testing.T) {
	for range 10 {
		open(t, 10)
		var inside kit.Gauge
		kit.Each(8, func(int) {
			for range 2000 {
				if account.Withdraw(10) {
					inside.Enter()
					inside.Leave()
					account.Deposit(10)
				}
			}
		})
		checkMost(t, inside.Most())
		checkBalance(t, "after as many Deposit(10) as successful Withdraw(10) from 10", 10)
		if t.Failed() {
			return
		}
	}
}

// checkMost wants the last 10 to have been in one pair of hands at a time.
func checkMost(t *testing.T, most int64) {
	if most > 1 {
		t.Errorf("%d concurrent Withdraw(10) from a balance of 10 succeeded: the check and the withdrawal are two steps", most)
	}
}

// TestStressLockstep has two goroutines withdraw the last 10 at the same moment, again and again. In
// each second round one of them brings it back.
func TestStressLockstep(t *testing.T) {
	open(t, 10)
	var won, least, most atomic.Int64
	least.Store(1)
	kit.Lockstep(2, 20000, func(i, round int) {
		switch {
		case round%2 == 0 && account.Withdraw(10):
			won.Add(1)
		case round%2 == 1 && i == 0:
			n := won.Swap(0)
			least.Store(min(n, least.Load()))
			most.Store(max(n, most.Load()))
			account.Deposit(10 * int(n))
		}
	})
	checkMost(t, most.Load())
	if least.Load() == 0 {
		t.Errorf("0 of 2 concurrent Withdraw(10) from a balance of 10 succeeded: one of them must")
	}
	checkBalance(t, "after as many Deposit(10) as successful Withdraw(10) from 10", 10)
}

// TestStressFailure has a Withdraw that must fail beside one that must not, and beside a Balance.
func TestStressFailure(t *testing.T) {
	open(t, 10)
	var failed, succeeded, odd atomic.Int64
	left := 10 // what must be in the account; of the first goroutine
	kit.Lockstep(2, 30000, func(i, round int) {
		switch {
		case i == 1 && round%3 < 2 && account.Withdraw(15):
			succeeded.Add(1)
			account.Deposit(15)
		case i == 1:
		case round%3 == 0 && account.Withdraw(10):
			left = 0
		case round%3 == 0:
			failed.Add(1)
		case round%3 == 1:
			if b := account.Balance(); b != left {
				odd.Store(int64(b))
			}
		case left == 0:
			account.Deposit(10)
			left = 10
		}
	})
	if succeeded.Load() > 0 {
		t.Errorf("Withdraw(15) returned true although there was never more than 10")
	}
	checkSmall(t, failed.Load() == 0)
	if b := odd.Load(); b != 0 {
		t.Errorf("Balance was %d where only 0 and 10 are possible: a Withdraw(15) that must fail has changed it for a moment", b)
	}
}

func TestStressDeposit(t *testing.T) {
	open(t, 0)
	kit.Each(8, func(int) {
		for range 2500 {
			account.Deposit(3)
			account.Balance()
			if !account.Withdraw(2) {
				t.Errorf("a goroutine deposited 3, and then its Withdraw(2) returned false")
				return
			}
		}
	})
	checkBalance(t, "after 20000 Deposit(3) and as many Withdraw(2)", 20000)
}
