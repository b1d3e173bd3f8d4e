package names

import (
	std "runtime"
	. "sync"
	lk "sync"
	"testing"
	"testing/synctest"
)

type M = lk.Mutex

type L lk.Mutex

type rw struct{ *lk.RWMutex }

type embedded struct {
	lk.Mutex
	rw
	Once
	w WaitGroup
	m M
	l L
	k lk.Locker
	p lk.Pool
}

type shared interface {
	Lock()
	Unlock()
}

func (e *embedded) use() {
	e.Mutex.Lock()
	e.Mutex.Unlock()
	e.RLock()
	e.RUnlock()
	e.Do(func() {})
	(*lk.Mutex)(&e.l).Lock()
	(*Mutex).Unlock((*Mutex)(&e.l))
	e.k = e.RLocker()
	e.k.Lock()
	var i shared = &e.m
	i.Lock()
	lock := e.m.Unlock
	lock()
	e.p.New = func() any { return &lk.Mutex{} }
	e.p.Put(e.p.Get().(*Mutex))
	_ = embedded{Mutex: lk.Mutex{}, Once: Once{}, w: WaitGroup{}}
	_ = []lk.Mutex{{}, {}}
	_ = map[string]*lk.Once{"a": {}}
	_ = new(lk.Map)
	_ = lk.NewCond(&e.m)
	std.Gosched()
}

type fake struct{ Mutex func() int }

func shadowed() int {
	sync := fake{func() int { return 1 }}
	wbsched := 2
	true := false
	_ = true
	return sync.Mutex() + wbsched
}

type stack[T any] struct {
	mu lk.Mutex
	xs []T
}

func (x *stack[T]) push(v T) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.xs = append(x.xs, v)
}

func guard[X lk.Locker](l X, f func()) { l.Lock(); defer l.Unlock(); f() }

func values() {
	f := lk.OnceFunc(func() {})
	g := lk.OnceValue(func() int { return 1 })
	h := OnceValues(func() (int, error) { return 1, nil })
	f()
	g()
	h()
	guard(&Mutex{}, f)
	guard[Locker](new(lk.RWMutex), f)
}

func TestX(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { synctest.Wait() })
}
