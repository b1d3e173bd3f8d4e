package idle

import "sync/atomic"

type mode int

const wide mode = 8

type node struct {
	v, n int
	next *node
}

type stack struct {
	modes [2]mode
	top   atomic.Pointer[node]
	calls atomic.Int64
	last  int // written after the stack was made
}

// one, on, size and both are idle: nobody else can tell that they were called.
func (m mode) one() int64 { return 1 << (8 * m) }

func (n *node) on(v int) *node {
	if n == nil {
		return &node{v, 1, nil}
	}
	return &node{v, size(n) + 1, n}
}

func size(n *node) int { return n.n }

func (s *stack) both() int64 { return s.modes[0].one() + s.modes[1].one() }

// latest reads what others write, loud counts what others count, and through calls what it does not know.
func (s *stack) latest() int { return s.last }

func (s *stack) loud() int64 { return s.calls.Add(1) }

func through(f func() int64) int64 { return f() }

func element(l []int64) int64 { return l[0] }

func (s *stack) use(m mode, l []int64) {
	s.calls.Add(m.one())
	s.calls.Add(s.both())
	s.top.Store(s.top.Load().on(int(m.one())))
	s.calls.Add(int64(s.latest()))
	s.calls.Add(s.loud())
	s.calls.Add(through(m.one))
	s.calls.Add(element(l))
	s.last = int(m.one())
}
