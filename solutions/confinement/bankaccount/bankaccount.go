// Package bankaccount keeps accounts that can be opened and closed.
package bankaccount

import "sync"

// Account is an account that is open or closed.
type Account struct {
	// Confinement would do as well: a goroutine for each account, which owns both fields. But an account
	// that is hardly ever used would cost a goroutine all the same, and somebody would have to end it. A
	// lock costs a word and needs no end.
	mu      sync.Mutex
	balance int64 // guarded by mu, and 0 if the account is closed
	open    bool  // guarded by mu: one lock, because the two say something about each other
}

// Open returns a new account with the given balance, or nil if that is negative.
func Open(balance int64) *Account {
	if balance < 0 {
		return nil
	}
	// Until Open returns, nobody else has the account: it is confined, and needs no lock yet.
	return &Account{balance: balance, open: true}
}

// Balance returns what is in the account and true, or 0 and false if it is closed.
func (a *Account) Balance() (balance int64, ok bool) {
	a.mu.Lock() // reading alone, but two fields, and others may be writing
	defer a.mu.Unlock()
	return a.balance, a.open
}

// Deposit adds amount, or takes out -amount if amount is negative, and returns the new balance and true.
// If the account is closed or the balance would become negative, it changes nothing and returns false.
func (a *Account) Deposit(amount int64) (balance int64, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.open || a.balance+amount < 0 {
		return a.balance, false
	}
	a.balance += amount
	// The result is read with the lock held, too: after the Unlock it may be somebody else's.
	return a.balance, true
}

// Close closes the account and returns what was in it and true, or 0 and false if it is closed already.
func (a *Account) Close() (payout int64, ok bool) {
	// The look at open and the change of it are one step, so only one Close finds it true, however many
	// come at once.
	a.mu.Lock()
	defer a.mu.Unlock()
	payout, ok = a.balance, a.open
	a.balance, a.open = 0, false
	return payout, ok
}
