package locals

import (
	"sort"
	"strings"
	"sync"
)

type point struct{ x, y int }

func (p *point) move() { p.x++ }

func (p point) sum() int { return p.x + p.y }

func private(xs []int) int {
	n, p, q := 0, point{}, [3]int{}
	for i := 0; i < 3; i++ {
		n += i
		p.x = n
		q[i] = p.sum()
	}
	var sb strings.Builder
	sb.WriteString("x")
	func() { n++ }()
	defer func() { n = 0 }()
	sort.Slice(xs, func(i, j int) bool { n++; return xs[i] < xs[j] })
	return n + q[1] + len(sb.String())
}

func captured() int {
	n, once, kept := 0, 0, 5
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n += kept
			once = i
		}()
	}
	wg.Wait()
	return n + once + kept
}

func addressed() int {
	a, b := point{}, 0
	a.move()
	p := &b
	*p = a.x
	return a.x + b
}

func results() (err error, n int) {
	go func() { n = 1 }()
	n = 2
	return err, n
}

func loopVariables(f func(func() int)) {
	for i := 0; i < 3; i++ {
		f(func() int { return i })
	}
	for i := range 3 {
		i++
		f(func() int { i++; return i })
	}
}
