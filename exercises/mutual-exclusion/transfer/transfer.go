// Package transfer moves money between accounts.
package transfer

import "sync"

// Account is an account. Any number of goroutines may use it at the same time.
type Account struct {
	mu      sync.Mutex
	balance int // guarded by mu
}

// NewAccount returns an account with a balance, which is 0 or more.
func NewAccount(balance int) *Account {
	return &Account{balance: balance}
}

// TODO: One Transfer goes from a to b, another from b to a, and each has one of the two locks.

// Transfer moves n ≥ 0 between two accounts and returns true. If from has less than n, it changes
// nothing and returns false. From and to may be the same account.
func Transfer(from, to *Account, n int) bool {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	if from.balance < n {
		return false
	}
	from.balance -= n
	to.balance += n
	return true
}

// Total returns what is in all of these accounts together at one moment. They are different ones.
func Total(as ...*Account) int {
	total := 0
	for _, a := range as {
		a.mu.Lock()
		total += a.balance
		a.mu.Unlock()
	}
	return total
}
