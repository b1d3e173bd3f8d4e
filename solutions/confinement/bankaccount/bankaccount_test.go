package bankaccount_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"workbook/solutions/confinement/bankaccount"
	"workbook/solutions/kit"
)

// result is what a method returned.
type result struct {
	n  int64
	ok bool
}

func (r result) String() string { return fmt.Sprintf("%d, %t", r.n, r.ok) }

// account is an account of a test.
type account struct {
	*bankaccount.Account
	t *testing.T
}

func open(t *testing.T, balance int64) account {
	t.Helper()
	a := bankaccount.Open(balance)
	if a == nil {
		t.Fatalf("Open(%d) returned nil", balance)
	}
	return account{a, t}
}

func (a account) balance() (r result)        { r.n, r.ok = a.Balance(); return r }
func (a account) deposit(n int64) (r result) { r.n, r.ok = a.Deposit(n); return r }
func (a account) close() (r result)          { r.n, r.ok = a.Close(); return r }

// check compares what Balance returns with what it should.
func (a account) check(when string, want result) {
	a.t.Helper()
	if got := a.balance(); got != want {
		a.t.Errorf("%s Balance returned %v, want %v", when, got, want)
	}
}

// finish closes the account, which must pay out what is left.
func (a account) finish(when string, want int64) {
	a.t.Helper()
	if got := a.close(); got != (result{want, true}) {
		a.t.Errorf("%s Close returned %v, want %v", when, got, result{want, true})
	}
}

func TestOneGoroutine(t *testing.T) {
	a := open(t, 100)
	a.check("after Open(100)", result{100, true})
	for _, step := range []struct {
		amount int64
		ok     bool
		left   int64
	}{{20, true, 120}, {-60, true, 60}, {-61, false, 60}, {0, true, 60}, {-60, true, 0}, {-1, false, 0}, {7, true, 7}} {
		got := a.deposit(step.amount)
		if got.ok != step.ok {
			t.Fatalf("Open(100), then Deposit of 20, -60, -61, 0, -60, -1 and 7: Deposit(%d) returned %t, want %t", step.amount, got.ok, step.ok)
		}
		if got.ok && got.n != step.left {
			t.Fatalf("Deposit(%d) returned %v, want the new balance, %v", step.amount, got, result{step.left, true})
		}
		a.check(fmt.Sprintf("after Deposit(%d), which returned %t,", step.amount, step.ok), result{step.left, true})
	}
	a.finish("with a balance of 7", 7)
}

func TestNegative(t *testing.T) {
	if bankaccount.Open(-1) != nil {
		t.Errorf("Open(-1) returned an account, want nil")
	}
	a := open(t, 0)
	a.check("after Open(0)", result{0, true})
	a.finish("after Open(0)", 0)
}

func TestClosed(t *testing.T) {
	a := open(t, 10)
	a.finish("after Open(10)", 10)
	a.check("after Close", result{0, false})
	for _, amount := range []int64{5, 0, -5, -10} {
		if got := a.deposit(amount); got.ok {
			t.Errorf("the account is closed, and Deposit(%d) returned true", amount)
		}
	}
	a.check("after Close, and Deposits that returned false,", result{0, false})
	if got := a.close(); got != (result{}) {
		t.Errorf("the second Close returned %v, want %v", got, result{})
	}
}

// TestTwoAccounts has two accounts, which must have nothing to do with each other.
func TestTwoAccounts(t *testing.T) {
	a, b := open(t, 10), open(t, 20)
	a.deposit(5)
	b.check("another account got 5: after Open(20)", result{20, true})
	a.finish("after Open(10) and Deposit(5), and another account opened with 20,", 15)
	b.check("another account was closed: after Open(20)", result{20, true})
	if got := b.deposit(1); got != (result{21, true}) {
		t.Errorf("another account was closed: Open(20), and Deposit(1) returned %v, want %v", got, result{21, true})
	}
	b.finish("after Open(20) and Deposit(1)", 21)
}

func TestDepositTogether(t *testing.T) {
	a := open(t, 0)
	var got [2]result
	kit.Together(
		func() { got[0] = a.deposit(100) },
		func() { got[1] = a.deposit(20) },
		func() { a.balance() },
	)
	a.check("after Deposit(100) and Deposit(20) at once", result{120, true})
	if got != [2]result{{100, true}, {120, true}} && got != [2]result{{120, true}, {20, true}} {
		t.Errorf("the balance was 0, and Deposit(100) and Deposit(20) at once returned %v and %v: want the balance right after each, which is 100 and 120, or 120 and 20", got[0], got[1])
	}
	a.finish("with a balance of 120", 120)
}

func TestLastMoney(t *testing.T) {
	a := open(t, 10)
	var got [2]result
	kit.Each(2, func(i int) { got[i] = a.deposit(-10) })
	switch {
	case got[0].ok && got[1].ok:
		t.Error(bothTaken)
	case !got[0].ok && !got[1].ok:
		t.Errorf("0 of 2 concurrent Deposit(-10) with a balance of 10 succeeded: one of them must")
	}
	a.check("after two Deposit(-10) with 10", result{0, true})
	a.finish("with a balance of 0", 0)
}

const bothTaken = "2 of 2 concurrent Deposit(-10) with a balance of 10 succeeded: the check and the change are two steps"

// TestFailureHarmsNobody has a withdrawal that must fail beside one that must not, and a look at the balance.
func TestFailureHarmsNobody(t *testing.T) {
	a := open(t, 10)
	var large, small, seen result
	kit.Together(
		func() { large = a.deposit(-15) },
		func() {
			seen = a.balance()
			small = a.deposit(-10)
		},
	)
	if large.ok {
		t.Errorf("Deposit(-15) with a balance of 10 returned true")
	}
	if !small.ok {
		t.Errorf("Deposit(-10) with a balance of 10 failed: a Deposit(-15) at the same time, which must fail, got in its way")
	}
	if seen != (result{10, true}) {
		t.Errorf("a Deposit(-15) with a balance of 10 failed, and meanwhile Balance returned %v: it must change nothing, not even for a moment", seen)
	}
	a.finish("after Deposit(-10) with 10", 0)
}

func TestCloseTogether(t *testing.T) {
	a := open(t, 10)
	var got [2]result
	kit.Each(2, func(i int) { got[i] = a.close() })
	checkPaidOnce(t, got[:])
	a.check("after two Close", result{0, false})
}

// checkPaidOnce wants one of several Close with a balance of 10 to have paid it.
func checkPaidOnce(t *testing.T, got []result) {
	paid := 0
	for _, r := range got {
		switch r {
		case result{10, true}:
			paid++
		case result{}:
		default:
			t.Errorf("the balance was 10, and a Close beside another returned %v, want %v or %v", r, result{10, true}, result{})
		}
	}
	if paid != 1 && !t.Failed() {
		t.Errorf("%d of %d concurrent Close calls paid the 10 that were in the account: exactly one must", paid, len(got))
	}
}

// TestCloseOrBalance looks at an account that is being closed: it is open with 10, or closed with 0.
func TestCloseOrBalance(t *testing.T) {
	a := open(t, 10)
	var got [2]result
	kit.Together(
		func() { a.finish("with a balance of 10", 10) },
		func() {
			got[0] = a.balance()
			got[1] = a.balance()
		},
	)
	for _, r := range got {
		if r != (result{10, true}) && r != (result{}) {
			t.Errorf("an account with 10 was being closed, and Balance returned %v: want %v or %v, the two belong together", r, result{10, true}, result{})
		}
	}
	if got[1].ok && !got[0].ok {
		t.Errorf("an account was being closed, and Balance returned first %v and then %v", got[0], got[1])
	}
}

// TestCloseOrDeposit closes the account while one goroutine pays in and another takes out: nothing may get
// lost, and nothing be paid twice.
func TestCloseOrDeposit(t *testing.T) {
	for _, amount := range []int64{5, -10} {
		a := open(t, 10)
		var in, out result
		kit.Together(
			func() { in = a.deposit(amount) },
			func() { out = a.close() },
		)
		if !out.ok {
			t.Errorf("the first Close of an account returned %v: a Deposit(%d) was at work", out, amount)
		}
		want := int64(10)
		if in.ok {
			want += amount
		}
		if out.n != want {
			t.Errorf("the balance was 10, a Deposit(%d) returned %v, and a Close at the same time %v: it must pay %d", amount, in, out, want)
		}
		a.check("after Close", result{0, false})
	}
}

// TestAnyOrder looks for an order of the calls, as if they had come one after another, that
// explains every result.
func TestAnyOrder(t *testing.T) {
	a := open(t, 20)
	var h kit.History[call, result]
	deposit := func(n int64) { h.Do(call{"Deposit", n}, func() result { return a.deposit(n) }) }
	kit.Together(
		func() { deposit(-15); deposit(5) },
		func() { deposit(-10); h.Do(call{name: "Balance"}, a.balance) },
		func() { h.Do(call{name: "Close"}, a.close) },
	)
	if !kit.Linearizable(h.Ops(), result{20, true}, step) {
		t.Errorf("the balance was 20, and no order of these calls explains their results, in brackets when each began and returned: %s", &h)
	}
}

// call is what a history holds of a call.
type call struct {
	name   string
	amount int64
}

func (c call) String() string {
	if c.name == "Deposit" {
		return fmt.Sprintf("Deposit(%d)", c.amount)
	}
	return c.name + "()"
}

// step is what an account does when its calls come one after another. What a Deposit that fails returns
// beside false is not laid down.
func step(account result, c call, out result) (result, bool) {
	next := result{account.n + c.amount, true}
	switch {
	case c.name == "Balance":
		return account, out == account
	case c.name == "Close":
		return result{}, out == account
	case account.ok && next.n >= 0:
		return next, out == next
	default:
		return account, !out.ok
	}
}

// TestStressClose has the last moment of many accounts.
func TestStressClose(t *testing.T) {
	const rounds = 5000
	accounts := make([]account, rounds)
	got := make([][2]result, rounds)
	for i := range accounts {
		accounts[i] = open(t, 10)
	}
	kit.Lockstep(2, rounds, func(i, round int) { got[round][i] = accounts[round].close() })
	for _, r := range got {
		if checkPaidOnce(t, r[:]); t.Failed() {
			return
		}
	}
}

// TestStressPayout has customers pay in while the account is closed.
func TestStressPayout(t *testing.T) {
	for range 50 {
		a := open(t, 10)
		var taken atomic.Int64
		var out result
		kit.Together(
			func() { countDeposits(a, &taken) },
			func() { countDeposits(a, &taken) },
			func() {
				for range 10 {
					if a.deposit(1).ok {
						taken.Add(1)
					}
				}
				out = a.close()
			},
		)
		if want := 10 + taken.Load(); out != (result{want, true}) {
			t.Errorf("Open(10), and %d Deposit(1) returned true: Close returned %v, want %v", want-10, out, result{want, true})
			return
		}
	}
}

// countDeposits counts the deposits that the account takes until it is closed.
func countDeposits(a account, taken *atomic.Int64) {
	for range 2000 {
		if !a.deposit(1).ok {
			return
		}
		taken.Add(1)
	}
}

// TestStressLastMoney has many goroutines take the last 10 and bring it back, and others who look.
func TestStressLastMoney(t *testing.T) {
	a := open(t, 10)
	var inside kit.Gauge
	var odd atomic.Int64
	kit.Each(8, func(i int) {
		for range 1500 {
			if b := a.balance(); i == 0 && b.n != 0 && b.n != 10 {
				odd.Store(b.n)
			}
			if i > 0 && a.deposit(-10).ok {
				inside.Enter()
				inside.Leave()
				a.deposit(10)
			}
		}
	})
	if inside.Most() > 1 {
		t.Error(bothTaken)
	}
	if n := odd.Load(); n != 0 {
		t.Errorf("10 were taken out and brought back, and Balance returned %d where only 0 and 10 are possible", n)
	}
	a.finish("after as many Deposit(10) as successful Deposit(-10) with 10", 10)
}
