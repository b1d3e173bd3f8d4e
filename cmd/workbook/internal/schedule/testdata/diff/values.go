package diff

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// A printer takes what a program has to say.
type printer = func(args ...any)

type cell struct {
	n    int
	b    byte
	f    float64
	s    string
	ok   bool
	next *cell
	arr  [3]int
	m    map[string]int
	xs   []int
}

var global = cell{m: map[string]int{}}

var trace []string

func mark(s string, n int) int { trace = append(trace, s); return n }

func flush() string { s := strings.Join(trace, " "); trace = nil; return s }

func Operators(p printer) {
	c := &cell{m: map[string]int{"a": 1}, xs: []int{1, 2, 3}}
	c.n += 3
	c.n -= 1
	c.n *= 7
	c.n /= 2
	c.n %= 5
	c.n |= 8
	c.n &= 12
	c.n ^= 5
	c.n &^= 1
	c.n <<= 3
	c.n >>= 1
	c.n++
	c.b--
	c.b += 3
	c.b <<= 7
	c.f += 1
	c.f /= 4
	c.s += "x" + "y"
	c.m["a"]++
	c.m["b"] += 2
	c.xs[1] *= 4
	c.arr[2]--
	p(c.n, c.b, c.f, c.s, c.m, c.xs, c.arr)
}

func SideEffects(p printer) {
	global.n = 1
	f := func() int { global.n *= 10; return 3 }
	global.n += f()
	p(global.n)
	global.n = global.n + f()
	p(global.n)
	global.n = f() - global.n
	p(global.n)
	global.xs = []int{1, 2, 3, 4}
	global.xs[mark("i", 2)] += mark("v", 5)
	global.xs[mark("i", 0)]++
	global.xs[mark("a", 1)], global.xs[mark("b", 3)] = mark("x", 7), mark("y", 8)
	p(global.xs, flush())
	global.m[fmt.Sprint(mark("k", 1))] += mark("v", 4)
	p(global.m, flush())
}

func Untyped(p printer) {
	type level uint8
	type flag bool
	c := struct {
		l level
		f flag
		u uint64
		r rune
		e error
		i any
	}{}
	q := &c
	n := 70
	q.u = 1 << (n & 31)
	q.u |= 1 << 40
	q.l += 1
	q.l = q.l << 2
	q.f = q.l > 3
	q.f = q.f && q.u > 5
	q.f = !q.f
	q.r = 'a' + q.r
	q.r++
	q.e = nil
	q.i = q.l
	q.i = nil
	q.u = q.u + 1<<(n%7)
	p(q.l, q.f, q.u, q.r, q.e, q.i)
}

func Swaps(p printer) {
	a, b := &cell{n: 1}, &cell{n: 2}
	a.n, b.n = b.n, a.n
	a, b = b, a
	a.next, b.next = b, a
	a.next.n, b.next.n = b.next.n, a.next.n
	i := 0
	xs := []int{10, 20, 30}
	i, xs[i] = 2, 99
	p(a.n, b.n, i, xs)
}

func Nested(p printer) {
	c := cell{next: &cell{next: &cell{n: 5}}}
	c.next.next.n++
	c.next.
		next.n += 2
	d := c
	d.n = 4
	d.arr[1] = 3
	e := d.arr
	e[1]++
	q := &d.arr[1]
	*q += 10
	r := &q
	**r++
	p(c.n, c.next.next.n, d.n, d.arr, e)
}

func Switches(p printer) {
	for i := range 6 {
		global.n = i
		switch global.n += 1; {
		case global.n < 2, global.n == 4:
			p("small or four")
			if i == 0 {
				break
			}
			fallthrough
		case global.n == 3:
			p("three or from four")
		case i > 4:
			p("end")
		default:
			p("other", i)
		}
	}
	for _, x := range []any{1, "a", nil, errors.New("e"), 2.5, &global, []int{1}} {
		switch y := x.(type) {
		case int, string:
			p("basic", y)
		case error:
			p(y.Error())
		case *cell:
			p("cell", y == &global)
		case nil:
			p("nil")
		default:
			p(fmt.Sprintf("%T", y))
		}
	}
}

func Labels(p printer) {
	c := &cell{}
outer:
	for i := 0; i < 5; i++ {
		for j := range 5 {
			c.n++
			switch {
			case j == i:
				continue outer
			case c.n > 11:
				break outer
			}
		}
	}
	p(c.n)
again:
	if c.n++; c.n < 20 {
		goto again
	}
	for c.n = 0; c.n < 9; c.n += 2 {
		if c.n == 4 {
			continue
		}
		p(c.n)
	}
	if c.n > 100 {
		p("big")
	} else if c.ok = c.n > 3; !c.ok {
		p("not")
	} else if c.n++; c.n > 10 {
		p("else", c.n)
	} else {
		p("never")
	}
}

func ShortCircuit(p printer) {
	c := &cell{}
	t := func(s string, b bool) bool { c.s += s; return b }
	if t("a", false) && t("b", true) || t("c", true) && !t("d", false) {
		p(c.s)
	}
	c.ok = t("e", true) || c.ok
	c.ok = c.ok && t("f", false)
	for i := 0; t("g", i < 2) && c.n < 5; i++ {
		c.n += 3
	}
	p(c.s, c.ok, c.n)
}

func Slices(p printer) {
	xs := make([]int, 0, 2)
	ys := append(xs, 1)
	zs := append(xs, 2)
	p(ys, zs)
	for i, v := range zs {
		zs[i] = v + 1
		zs = append(zs, v)
	}
	p(ys, zs, len(zs), copy(zs, []int{7}), zs)
	a := [4]int{4, 3, 2, 1}
	for i, v := range a {
		a[3-i] = v
	}
	for i, v := range &a {
		a[3-i] += v
	}
	s := a[1:3]
	s[0], s[1] = s[1], s[0]
	clear(s[:1])
	p(a, s, cap(s))
	sort.Slice(s, func(i, j int) bool { return s[i] > s[j] })
	p(s, min(s[0], 9), max(s[1], 3))
}

func Maps(p printer) {
	m := map[string][]int{}
	for i, w := range strings.Fields("a b a c b a") {
		m[w] = append(m[w], i)
	}
	keys := []string{}
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		p(k, m[k])
	}
	if v, ok := m["z"]; !ok {
		p(len(v), len(m))
	}
	delete(m, "a")
	_, ok := m["a"]
	p(ok, len(m))
	type key struct{ a, b int }
	n := map[key]*cell{{1, 2}: {n: 3}}
	n[key{1, 2}].n++
	n[key{a: 2}] = n[key{1, 2}]
	p(n[key{2, 0}].n, n[key{}] == nil)
}

func Strings(p printer) {
	s := "héllo"
	var sb strings.Builder
	for i, r := range s {
		fmt.Fprintf(&sb, "%d%c ", i, r)
	}
	global.s = sb.String()
	for i := range global.s {
		if global.s[i] == ' ' {
			global.b++
		}
	}
	p(global.s, global.b, s[1:3], len(s))
	global.b = 0
}
