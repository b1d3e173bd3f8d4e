package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type level int

type box struct {
	n    int
	next *box
}

var (
	x, y  int
	depth level
	head  *box
	list  = []int{1, 2}
	fixed = []int{3}
	n     atomic.Int64
	mu    sync.Mutex
	err   error
	f     = func(i int) int { return i }
)

func init() { x = 1 }

func (b *box) add(k int) *box { b.n += k; return b }

func twice(k int) int { return 2 * k }

// reads has a step for each access, in the order of evaluation.
func reads(own int) (int, bool) {
	own = x + y
	x = x + own
	x, y = y, 5
	x++
	depth++
	x += twice(y)
	own += x
	list[0], _ = list[1], fixed[0]
	head.next.n = head.n
	fmt.Println(x, twice(x), "two")
	if x == 0 && y == 0 || own > 1 {
		return x, y > 0
	} else if y == 3 {
		own--
	}
	switch {
	case x > 1:
	case y > 1, own > 1:
	}
	switch y {
	case x:
	}
	for x = 0; x < 3; x++ {
		if x == 1 {
			continue
		}
	}
	for i := range list {
		list[i] = i
	}
	for x, list[1] = range fixed {
	}
	for own = range 3 {
	}
	for y != 0 {
	}
	return f(x), head.add(y) == nil
}

// locks have no point before them: they are points themselves.
func locks(wg *sync.WaitGroup, once *sync.Once) {
	mu.Lock()
	x = int(n.Load()) + y
	mu.Unlock()
	n.Store(n.Load() + 1)
	once.Do(func() { y = 2 })
	wg.Add(1)
	wg.Go(func() { defer wg.Done(); x++ })
	wg.Wait()
}

func main() {
	reads(1)
	go twice(x)
	go head.add(y)
	go fmt.Println(x)
	go func(k int) { x = k }(y)
	go func() { panic(err) }()
	defer fmt.Println(x)
	defer mu.Unlock()
}
