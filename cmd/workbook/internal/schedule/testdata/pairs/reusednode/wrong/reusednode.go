package reusednode

import "sync/atomic"

type Block struct {
	id   int
	next atomic.Pointer[Block]
}

// Free is a list of free blocks.
type Free struct{ first atomic.Pointer[Block] }

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
		b.next.Store(old)
		if f.first.CompareAndSwap(old, b) {
			return
		}
	}
}

func (f *Free) Take() *Block {
	for {
		b := f.first.Load()
		if b == nil {
			return nil
		}
		next := b.next.Load()
		if f.first.CompareAndSwap(b, next) {
			return b
		}
	}
}
