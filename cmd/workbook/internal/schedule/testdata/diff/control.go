package diff

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
)

func Defers(p printer) {
	f := func() (n int, err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("caught %v", r)
				n *= 2
			}
		}()
		for i := range 3 {
			defer p("deferred", i, mark("d", i))
			n += i
		}
		var c *cell
		n++
		c.n++
		return 100, nil
	}
	p(f())
	p(flush())
	func() {
		defer func() { p("outer", recover()) }()
		defer func() { panic("second") }()
		panic("first")
	}()
	func() {
		defer p("no recover", recover())
		defer func() { p(func() any { return recover() }()) }()
		defer func() { recover() }()
		panic(1)
	}()
}

func NilMap(p printer) {
	defer func() { p(recover()) }()
	var c cell
	c.m["a"]++
}

func Range(p printer) {
	defer func() { p(recover()) }()
	c := &cell{xs: []int{1}}
	c.xs[c.xs[0]+2]--
}

func DivideByZero(p printer) {
	defer func() { p(recover(), global.n) }()
	global.n = 0
	global.n += 5 / global.n
}

func Closures(p printer) {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i++; return i })
	}
	for _, f := range fs {
		p(f(), f())
	}
	n := 0
	add := func(d int) func() int { return func() int { n += d; return n } }
	a, b := add(1), add(10)
	p(a(), b(), a(), n)
	var fib func(int) int
	memo := map[int]int{}
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		if v, ok := memo[n]; ok {
			return v
		}
		memo[n] = fib(n-1) + fib(n-2)
		return memo[n]
	}
	p(fib(50), len(memo))
	p(func(xs ...int) int {
		n := 0
		for _, x := range xs {
			n += x
		}
		return n
	}(1, 2, 3))
}

type shape interface{ area() float64 }

type square struct{ side float64 }

type scaled struct {
	shape
	by float64
}

func (s square) area() float64  { return s.side * s.side }
func (s *square) grow()         { s.side++ }
func (s scaled) area() float64  { return s.by * s.shape.area() }
func (c *cell) add(n int) *cell { c.n += n; return c }
func (c cell) twice() int       { return c.n * 2 }

func Methods(p printer) {
	s := square{2}
	grow, area := s.grow, s.area
	grow()
	s.grow()
	p(s.side, area(), s.area(), (*square).area(&s), square.area(s))
	(*square).grow(&s)
	var x shape = &s
	x = scaled{scaled{x, 2}, 3}
	p(x.area())
	c := cell{}
	p(c.add(1).add(2).twice(), c.n)
	f := c.twice
	c.n = 10
	g := (&c).add
	p(f(), g(5).n)
	xs := []square{{1}, {2}}
	for i := range xs {
		xs[i].grow()
	}
	for _, y := range xs {
		y.grow()
	}
	p(xs)
	m := map[string]*square{"a": {1}}
	m["a"].grow()
	p(m["a"].side)
}

type stack[T any] struct{ xs []T }

func (s *stack[T]) Push(x T) { s.xs = append(s.xs, x) }

func (s *stack[T]) Pop() (x T, ok bool) {
	if len(s.xs) == 0 {
		return x, false
	}
	x = s.xs[len(s.xs)-1]
	s.xs = s.xs[:len(s.xs)-1]
	return x, true
}

func (s *stack[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, x := range s.xs {
			if !yield(i, x) {
				return
			}
		}
	}
}

type number interface{ ~int | ~float64 }

type meters float64

func sum[T number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

func fold[T, A any](seq iter.Seq[T], a A, f func(A, T) A) A {
	for x := range seq {
		a = f(a, x)
	}
	return a
}

type pair[K comparable, V number] struct {
	k K
	v V
}

func (q *pair[K, V]) bump(by V) V { q.v += by; q.v++; return q.v }

func Generics(p printer) {
	s := &stack[string]{}
	for _, x := range []string{"a", "b", "c"} {
		s.Push(x)
	}
	for i, x := range s.All() {
		if i == 2 {
			break
		}
		p(i, x)
	}
	x, ok := s.Pop()
	p(x, ok, len(s.xs), sum(1, 2, 3), sum[meters](1.5, 2))
	q := pair[string, meters]{"k", 1}
	f := q.bump
	p(f(2), q.v, (*pair[string, meters]).bump(&q, 1))
	p(fold(slices.Values([]int{1, 2, 3}), "", func(a string, n int) string { return a + fmt.Sprint(n) }))
	p(fold(maps.Values(map[int]int{1: 2, 3: 4}), 0, func(a, n int) int { return a + n }))
}

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer func() { trace = append(trace, "done") }()
		for i := 0; i < n && yield(i); i++ {
		}
	}
}

func Iterators(p printer) {
	find := func(want int) (int, bool) {
		for i := range count(10) {
			defer func() { trace = append(trace, fmt.Sprint("defer", i)) }()
			if i == want {
				return i * i, true
			}
		}
		return 0, false
	}
	p(find(3))
	p(flush())
outer:
	for i := range count(4) {
		for j := range count(4) {
			global.n = i * j
			if j == 2 {
				continue outer
			}
			if i == 2 {
				break outer
			}
		}
	}
	p(global.n, flush())
	next, stop := iter.Pull(count(3))
	a, _ := next()
	b, _ := next()
	stop()
	_, ok := next()
	p(a, b, ok, flush())
}

type notFound struct{ name string }

func (e *notFound) Error() string { return e.name + " not found" }

func Errors(p printer) {
	find := func(s string) error {
		if s == "" {
			return nil
		}
		return fmt.Errorf("looking: %w", &notFound{s})
	}
	var nf *notFound
	err := find("x")
	p(err, errors.As(err, &nf), nf.name, find("") == nil)
}

func Goto(p printer) {
	i := 0
	c := &cell{}
loop:
	if i < 3 {
		c.n += i
		i++
		goto loop
	}
	{
		goto end
	}
end:
	p(c.n)
}

func Constants(p printer) {
	const big = 1 << 40
	var arr [5]int
	q := &arr
	for i := range q {
		q[i] = len(q) * i
	}
	var x int64 = big
	y := &x
	*y += big
	*y = *y>>2 + 1
	type weekday int
	const (
		mon weekday = iota
		tue
	)
	d := new(weekday)
	*d = tue
	*d += tue
	p(arr, x, *d, cap(q), big>>38 == 4)
}

func Shadow(p printer) {
	sync, wbsched, true, len := 1, 2, 3, 4
	c := &cell{n: len}
	for c.n < 6 {
		c.n++
	}
	p(sync+wbsched+true+len, c.n)
}
