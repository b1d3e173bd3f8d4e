package overdraw

import "sync"

type Account struct {
	mu    sync.Mutex
	cents int
}

func (a *Account) Cents() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.cents
}

func (a *Account) take(n int) {
	a.mu.Lock()
	a.cents -= n
	a.mu.Unlock()
}

func (a *Account) Withdraw(n int) bool {
	if n > a.Cents() {
		return false
	}
	a.take(n)
	return true
}
