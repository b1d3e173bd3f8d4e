package sched

import "sync/atomic"

// Once is sync.Once, over this package's Mutex.
type Once struct {
	done atomic.Bool
	m    Mutex
}

// Do calls f if it is the first call of Do for this Once. It returns when f has.
func (o *Once) Do(f func()) {
	if !o.done.Load() {
		o.doSlow(f)
	}
}

func (o *Once) doSlow(f func()) {
	o.m.Lock()
	defer o.m.Unlock()
	if !o.done.Load() {
		defer o.done.Store(true)
		f()
	}
}

// once is what OnceFunc, OnceValue and OnceValues share: a call of f that panics panics again, with
// the same value, each time it is asked for.
type once struct {
	once  Once
	f     func()
	valid bool
	p     any
}

func (o *once) do() {
	o.once.Do(func() {
		defer func() {
			o.f = nil // do not keep f alive
			o.p = recover()
			if !o.valid {
				panic(o.p) // the first panic goes on with the stack of f
			}
		}()
		o.f()
		o.valid = true
	})
	if !o.valid {
		panic(o.p)
	}
}

// OnceFunc returns a function that invokes f only once.
func OnceFunc(f func()) func() {
	o := &once{f: f}
	return o.do
}

// OnceValue returns a function that invokes f only once and returns the value returned by f.
func OnceValue[T any](f func() T) func() T {
	var v T
	o := &once{f: func() { v = f() }}
	return func() T {
		o.do()
		return v
	}
}

// OnceValues returns a function that invokes f only once and returns the values returned by f.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	var v1 T1
	var v2 T2
	o := &once{f: func() { v1, v2 = f() }}
	return func() (T1, T2) {
		o.do()
		return v1, v2
	}
}
