// Package transfer moves money between accounts.
package transfer

import (
	"slices"
	"sync"
)

// Account is an account. Any number of goroutines may use it at the same time.
type Account struct {
	// Whoever needs several accounts locks them by rising id. With one order for all, nobody can
	// have a later lock and wait for an earlier one, so there can be no circle.
	id int // never changes after NewAccount

	mu      sync.Mutex
	balance int // guarded by mu
}

var (
	idMu   sync.Mutex
	lastID int // guarded by idMu
)

// NewAccount returns an account with a balance, which is 0 or more.
func NewAccount(balance int) *Account {
	// Two accounts with the same id would have no order, so handing ids out is a critical section
	// of its own. The balance would not do as an order: it changes.
	idMu.Lock()
	defer idMu.Unlock()
	lastID++
	return &Account{id: lastID, balance: balance}
}

// Transfer moves n ≥ 0 between two accounts and returns true. If from has less than n, it changes
// nothing and returns false. From and to may be the same account.
func Transfer(from, to *Account, n int) bool {
	// The invariant spans both accounts, so both locks are held from the look to the second change.
	unlock := lock([]*Account{from, to})
	defer unlock()
	if from.balance < n {
		return false
	}
	from.balance -= n
	to.balance += n
	return true
}

// Total returns what is in all of these accounts together at one moment. They are different ones.
func Total(as ...*Account) int {
	// All at once: adding up one account after another, a transfer can be missed that is in the
	// middle, or counted twice.
	unlock := lock(as)
	defer unlock()
	total := 0
	for _, a := range as {
		total += a.balance
	}
	return total
}

// lock locks accounts by rising id, each once, and returns what unlocks them.
func lock(as []*Account) (unlock func()) {
	ordered := slices.Clone(as) // as may be the caller's slice
	slices.SortFunc(ordered, func(a, b *Account) int { return a.id - b.id })
	ordered = slices.Compact(ordered) // a Mutex locked twice waits for its own holder
	for _, a := range ordered {
		a.mu.Lock()
	}
	return func() {
		for _, a := range ordered { // in whatever order: unlocking waits for nobody
			a.mu.Unlock()
		}
	}
}
