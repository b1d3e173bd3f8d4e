package tokens

import "sync/atomic"

type Bucket struct{ n atomic.Int32 }

func NewBucket(n int32) *Bucket {
	b := &Bucket{}
	b.n.Store(n)
	return b
}

func (b *Bucket) Take() bool {
	if b.n.Load() == 0 {
		return false
	}
	b.n.Add(-1)
	return true
}
