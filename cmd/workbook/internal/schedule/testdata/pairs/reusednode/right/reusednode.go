package reusednode

import "sync/atomic"

type Block struct{ id int }

// Free is a list of free blocks. A link is never used twice.
type Free struct{ first atomic.Pointer[link] }

type link struct {
	b    *Block
	next *link
}

func NewFree(n int) *Free {
	f := &Free{}
	for i := range n {
		f.Give(&Block{id: i})
	}
	return f
}

func (f *Free) Give(b *Block) {
	for {
		old := f.first.Load()
		if f.first.CompareAndSwap(old, &link{b, old}) {
			return
		}
	}
}

func (f *Free) Take() *Block {
	for {
		l := f.first.Load()
		if l == nil {
			return nil
		}
		if f.first.CompareAndSwap(l, l.next) {
			return l.b
		}
	}
}
