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

func (a *Account) Withdraw(n int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n > a.cents {
		return false
	}
	a.cents -= n
	return true
}
