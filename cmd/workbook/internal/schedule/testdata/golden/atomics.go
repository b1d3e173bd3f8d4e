package atomics

import (
	"fmt"
	"sync/atomic"
)

type s struct {
	n    atomic.Int64
	p    atomic.Pointer[s]
	v    atomic.Value
	old  int32
	flag atomic.Bool
}

func (x *s) inc()       { x.n.Store(x.n.Load() + 1) }
func (x *s) add()       { x.n.Add(1) }
func (x *s) get() int64 { return x.n.Load() }
func (x *s) max(v int64) {
	for old := x.n.Load(); v > old && !x.n.CompareAndSwap(old, v); old = x.n.Load() {
	}
}

func (x *s) functions() bool {
	atomic.AddInt32(&x.old, 1)
	if atomic.LoadInt32(&x.old) == 3 && atomic.CompareAndSwapInt32(&x.old, 3, 4) {
		return true
	}
	atomic.StoreInt32(&x.old, atomic.LoadInt32(&x.old)*2)
	return x.flag.Swap(true)
}

func (x *s) values() {
	x.p.Store(x.p.Load().p.Load())
	x.v.Store(fmt.Sprint(x.v.Load()))
	if y, ok := x.v.Load().(int); ok {
		x.n.Store(int64(y))
	}
	f := x.n.Load
	x.n.Store(f() + x.get())
	go x.n.Add(1)
	defer x.n.Add(-1)
	for !x.flag.Load() {
	}
	switch {
	case x.n.Load() > 3:
	case x.n.Load() < 1:
	}
}

var hits uint32

func direct() uint32 { return atomic.AddUint32(&hits, ^uint32(0)) }
