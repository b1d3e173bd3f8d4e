package split

import "sync"

type account struct {
	mu      sync.Mutex
	rw      sync.RWMutex
	balance int
	small   int8
	rate    float64
	name    string
	m       map[string]int
	xs      []uint8
	done    bool
	cents   cents
}

type cents int64

var count int

func price() int { count++; return count }

func (a *account) plain(n, i int) {
	count++
	count--
	a.balance = a.balance - n
	a.balance -= n
	a.balance += price()
	a.balance = a.balance + price()
	a.balance = price()
	a.small++
	a.small <<= 2
	a.cents *= 100
	a.rate /= 2
	a.name += "x"
	a.m["k"]++
	a.m[a.name] |= n
	a.xs[i] ^= 0x0f
	a.xs[price()]++
	a.done = a.done || n > 3
	a.done = a.balance == n
	a.balance = 1 << a.xs[0]
}

func (a *account) locked(n int) {
	a.mu.Lock()
	a.balance -= n
	if n > 3 {
		a.mu.Unlock()
		return
	}
	a.balance++
	a.mu.Unlock()
	a.balance++
	a.rw.RLock()
	defer a.rw.RUnlock()
	a.balance++
}

func headers(a *account) {
	if a.balance++; a.balance > 3 {
		return
	}
	for ; count < 3; count += 2 {
	}
	switch a.balance -= price(); {
	}
}

func locals() int {
	x, y := 0, 0
	go func() { x++ }()
	func() { y++ }()
	p := &y
	*p += 2
	x += y
	return x
}
