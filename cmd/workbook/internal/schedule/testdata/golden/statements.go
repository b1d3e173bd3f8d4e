package statements

import "sync"

type box struct {
	mu   sync.Mutex
	n    int
	ok   bool
	name string
	m    map[string]int
	next *box
}

var total, limit int

func ifs(b *box, x int) int {
	if x > 3 {
		x--
	} else if b.n > x {
		b.n = x
	} else if v, ok := b.m["a"]; ok && v > 1 {
		return v
	} else {
		b.ok = true
	}
	if b.mu.TryLock() {
		defer b.mu.Unlock()
	}
	return b.n
}

func loops(b *box, ch chan int) {
	for !b.ok {
	}
	for i := 0; i < b.n; i++ {
		x := i * i
		_ = x
	}
	for b.n = 0; b.n < 10; b.n++ {
		if b.ok {
			continue
		}
	}
	for v := range ch {
		if v > 3 {
			continue
		}
		total += v
	}
	for range 3 {
		limit--
	}
	for k, v := range b.m {
		b.m[k] = v + 1
	}
	for p := b; p != nil; p = p.next {
	}
	for {
	}
}

func labels(b *box, ch chan int) {
outer:
	for i := range ch {
		for {
			if i > b.n {
				continue outer
			}
			if b.ok {
				break outer
			}
		}
	}
again:
	b.n++
	if b.n < 3 {
		goto again
	}
}

func switches(b *box, x any) string {
	switch b.n {
	case 1, limit:
		return b.name
	case 2:
		fallthrough
	default:
		b.ok = false
	}
	switch {
	case b.n > 4:
	case b.ok:
		b.n = 1
	}
	switch y := x.(type) {
	case *box:
		return y.name
	}
	return ""
}

func oneLine(b *box) { b.mu.Lock(); b.n++; b.mu.Unlock() }

func several(b *box) (int, string) {
	b.m["x"], b.n = b.n, b.m["x"]
	delete(b.m, "x")
	s := b.
		name
	b.next.
		n = 3
	return len(b.m),
		s
}

type flag bool

func named(f *flag) {
	for *f {
		if total > 3 {
			continue
		}
		limit++
	}
}
