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
	mu.Lock()
	defer mu.Unlock()
	return balance
}

// TODO: Every access is locked, there is no data race, and yet two goroutines can both get the last 10.

// Withdraw takes amount out and returns true, or changes nothing and returns false if there is less.
func Withdraw(amount int) bool {
	if Balance() < amount {
		return false
	}
	Deposit(-amount)
	return true
}
