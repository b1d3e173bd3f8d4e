package pushlost

import "sync/atomic"

type link struct {
	v    int
	tail *link
}

type List struct{ first atomic.Pointer[link] }

func (l *List) Push(v int) {
	for {
		old := l.first.Load()
		if l.first.CompareAndSwap(old, &link{v, old}) {
			return
		}
	}
}

func (l *List) Len() (n int) {
	for x := l.first.Load(); x != nil; x = x.tail {
		n++
	}
	return n
}
