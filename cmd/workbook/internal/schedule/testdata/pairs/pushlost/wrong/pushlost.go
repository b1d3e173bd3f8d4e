package pushlost

import "sync/atomic"

type link struct {
	v    int
	tail *link
}

type List struct{ first atomic.Pointer[link] }

func (l *List) Push(v int) {
	l.first.Store(&link{v, l.first.Load()})
}

func (l *List) Len() (n int) {
	for x := l.first.Load(); x != nil; x = x.tail {
		n++
	}
	return n
}
