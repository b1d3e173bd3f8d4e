// Package account is a bank with one account.
package account

import "sync"

var (
	mu      sync.Mutex
	balance int // guarded by mu
)

// Deposit adds amount, which is 0 or more.
func Deposit(amount int) {
	mu.Lock()
	defer mu.Unlock()
	balance += amount
}

// Balance returns what is in the account.
func Balance() int {
	// Only reading does not make the lock superfluous: the other goroutine may be writing.
	mu.Lock()
	defer mu.Unlock()
	return balance
}

// Withdraw takes amount out and returns true, or changes nothing and returns false if there is less.
func Withdraw(amount int) bool {
	// The lock is held from the look to the change, so what was seen is still true when it is acted
	// upon. Calling Balance and Deposit would let go of it in between, and calling them from here
	// would lock it twice: a Mutex does not know who holds it, and waits for its own holder.
	mu.Lock()
	defer mu.Unlock()
	if balance < amount {
		return false
	}
	balance -= amount
	return true
}
