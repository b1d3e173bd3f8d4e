// Package bankaccount keeps accounts that can be opened and closed.
package bankaccount

// TODO: An account that one goroutine uses is right. Many use it.

// Account is an account that is open or closed.
type Account struct {
	balance int64
	open    bool
}

// Open returns a new account with the given balance, or nil if that is negative.
func Open(balance int64) *Account {
	if balance < 0 {
		return nil
	}
	return &Account{balance: balance, open: true}
}

// Balance returns what is in the account and true, or 0 and false if it is closed.
func (a *Account) Balance() (balance int64, ok bool) {
	return a.balance, a.open
}

// Deposit adds amount, or takes out -amount if amount is negative, and returns the new balance and true.
// If the account is closed or the balance would become negative, it changes nothing and returns false.
func (a *Account) Deposit(amount int64) (balance int64, ok bool) {
	if !a.open || a.balance+amount < 0 {
		return a.balance, false
	}
	a.balance += amount
	return a.balance, true
}

// Close closes the account and returns what was in it and true, or 0 and false if it is closed already.
func (a *Account) Close() (payout int64, ok bool) {
	if !a.open {
		return 0, false
	}
	payout = a.balance
	a.balance, a.open = 0, false
	return payout, true
}
