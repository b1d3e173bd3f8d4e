package tokens

import "sync/atomic"

type Bucket struct{ n atomic.Int32 }

func NewBucket(n int32) *Bucket {
	b := &Bucket{}
	b.n.Store(n)
	return b
}

func (b *Bucket) Take() bool {
	for {
		n := b.n.Load()
		if n == 0 {
			return false
		}
		if b.n.CompareAndSwap(n, n-1) {
			return true
		}
	}
}
