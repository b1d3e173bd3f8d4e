package sched_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// The scenarios are instrumented by hand as the rewriter does it. Sites below noisy promise to be quiet.
const noisy = 50

func init() {
	var table []sched.Site
	for i := range 100 {
		table = append(table, sched.Site{File: "x.go", Line: int32(i + 1), Op: "call", Text: fmt.Sprintf("statement %d", i+1), Quiet: i+1 < noisy})
	}
	table[0].Op, table[0].Var = "lock", "mu"
	table[1].Op, table[1].Var = "lock", "other"
	sched.Sites(1, table)
}

// scenario is a pair of programs: one that some schedule breaks, and its right twin.
type scenario struct {
	name  string
	class string
	jumps bool
	bug   func(*testing.T)
	ok    func(*testing.T)
}

// both starts f twice and waits.
func both(f func(i int)) {
	var wg sched.WaitGroup
	for i := range 2 {
		sched.P(noisy)
		wg.Add(1)
		go func() {
			defer sched.Start(noisy)()
			defer wg.Done()
			f(i)
		}()
	}
	sched.P(49)
	wg.Wait()
}

func spawn(f func()) {
	sched.P(noisy)
	go func() {
		defer sched.Start(noisy)()
		f()
	}()
}

type account struct {
	mu  sched.Mutex
	bal int
}

func (a *account) balance() int {
	sched.P(1)
	a.mu.Lock()
	defer a.mu.Unlock()
	sched.P(3)
	return a.bal
}

func (a *account) add(n int) {
	sched.P(1)
	a.mu.Lock()
	defer a.mu.Unlock()
	sched.P(4)
	a.bal += n
	sched.W(4, &a.bal)
}

func withdrawBug(t *testing.T) {
	a := &account{bal: 100}
	both(func(int) {
		if a.balance() >= 100 {
			a.add(-100)
		}
	})
	if b := a.balance(); b != 0 {
		t.Errorf("balance %d, want 0", b)
	}
}

func withdrawOK(t *testing.T) {
	a := &account{bal: 100}
	both(func(int) {
		sched.P(1)
		a.mu.Lock()
		defer a.mu.Unlock()
		sched.P(3)
		if a.bal >= 100 {
			sched.P(4)
			a.bal -= 100
		}
	})
	if b := a.balance(); b != 0 {
		t.Errorf("balance %d, want 0", b)
	}
}

func transfer(x, y *account) {
	sched.P(1)
	x.mu.Lock()
	defer x.mu.Unlock()
	sched.P(2)
	y.mu.Lock()
	defer y.mu.Unlock()
	sched.P(3)
	x.bal--
	sched.P(4)
	y.bal++
}

func abba(swap bool) func(*testing.T) {
	return func(*testing.T) {
		var a, b account
		both(func(i int) {
			if i == 1 && swap {
				transfer(&b, &a)
			} else {
				transfer(&a, &b)
			}
		})
	}
}

func condLost(locked bool) func(*testing.T) {
	return func(*testing.T) {
		var mu sched.Mutex
		c := sched.NewCond(&mu)
		var ready atomic.Bool
		done := make(chan struct{})
		spawn(func() {
			if locked {
				sched.P(1)
				mu.Lock()
				for !sched.V(3, ready.Load()) {
					sched.P(4)
					c.Wait()
				}
				mu.Unlock()
			} else if sched.P(3); !sched.V(3, ready.Load()) {
				sched.P(1)
				mu.Lock()
				sched.P(4)
				c.Wait()
				mu.Unlock()
			}
			sched.P(noisy)
			close(done)
		})
		sched.P(1)
		mu.Lock()
		sched.P(5)
		ready.Store(true)
		mu.Unlock()
		sched.P(6)
		c.Broadcast()
		sched.P(noisy)
		<-done
	}
}

func condIf(loop bool) func(*testing.T) {
	return func(*testing.T) {
		var mu sched.Mutex
		c := sched.NewCond(&mu)
		n := 0
		get := func() {
			sched.P(1)
			mu.Lock()
			defer mu.Unlock()
			for n == 0 {
				sched.P(4)
				c.Wait()
				if !loop {
					break
				}
			}
			sched.P(5)
			if n == 0 {
				panic(errors.New("took from nothing"))
			}
			n--
		}
		put := func() {
			sched.P(1)
			mu.Lock()
			sched.P(5)
			n++
			mu.Unlock()
			sched.P(6)
			c.Broadcast()
		}
		spawn(put)
		spawn(put)
		both(func(int) { get() })
	}
}

var scenarios = []scenario{
	{name: "withdraw", class: sched.Wrong, bug: withdrawBug, ok: withdrawOK},
	{name: "abba", class: sched.Deadlock, bug: abba(true), ok: abba(false)},
	{name: "condlost", class: sched.Deadlock, bug: condLost(false), ok: condLost(true)},
	{name: "condif", class: sched.Panic, bug: condIf(false), ok: condIf(true)},
	{name: "leak", class: sched.Leak, bug: leak(0), ok: leak(1)},
	{name: "doubleclose", class: sched.Panic, bug: doubleClose(false), ok: doubleClose(true)},
	{name: "sleepsync", class: sched.Wrong, jumps: true, bug: sleepSync(false), ok: sleepSync(true)},
	{name: "selectorder", class: sched.Wrong, bug: selectOrder(false), ok: selectOrder(true)},
	{name: "unlocktwice", class: sched.Panic, bug: unlockTwice(false), ok: withdrawOK},
}
