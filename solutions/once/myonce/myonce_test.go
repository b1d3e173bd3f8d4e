package myonce_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/once/myonce"
)

// job is a function that is to be called once.
type job struct {
	t            *testing.T
	calls, ended atomic.Int64
}

func (j *job) run() {
	j.calls.Add(1)
	j.ended.Add(1)
}

// do calls Do with the job's function, and wants it to have ended when Do returns.
func (j *job) do(o *myonce.Once) {
	o.Do(j.run)
	j.returned()
}

// returned says that a Do has returned.
func (j *job) returned() {
	if j.ended.Load() == 0 {
		j.t.Errorf("Do returned before the call of f had ended: its caller goes on with what f has not done yet")
	}
}

// once wants the function to have been called once.
func (j *job) once(after string) {
	if n := j.calls.Load(); n != 1 {
		j.t.Errorf("after %s f had been called %d times, want once", after, n)
	}
}

func TestOneGoroutine(t *testing.T) {
	var o myonce.Once
	j := job{t: t}
	j.do(&o)
	j.do(&o)
	o.Do(func() {
		t.Errorf("the first Do had called its f, and a second Do with another f called that too: it is once for a Once, not once for each f")
	})
	j.once("three Do")
	var other myonce.Once
	j.do(&other)
	if n := j.calls.Load(); n != 2 {
		t.Errorf("another Once was used for the first time, and f was not called: each Once counts for itself")
	}
}

func TestTwoCallers(t *testing.T) {
	var o myonce.Once
	j := job{t: t}
	kit.Together(
		func() { j.do(&o) },
		func() { j.do(&o) },
	)
	j.once("two Do at once")
}

// TestLateCaller has a third goroutine, and calls that come when f has ended.
func TestLateCaller(t *testing.T) {
	var o myonce.Once
	j := job{t: t}
	kit.Together(
		func() { j.do(&o) },
		func() { j.do(&o); j.do(&o) },
		func() { j.do(&o) },
	)
	j.once("four Do in three goroutines")
}

// TestInsideAnother has the f of one Once use another one.
func TestInsideAnother(t *testing.T) {
	var a, b myonce.Once
	j := job{t: t}
	outer := func() { j.do(&b) }
	kit.Together(
		func() { a.Do(outer); j.returned() },
		func() { j.do(&b) },
	)
	j.once("a Do of a second Once inside the f of the first")
}

// TestPanic has f panic while another goroutine may wait for it.
func TestPanic(t *testing.T) {
	var o myonce.Once
	var calls, panics atomic.Int64
	boom := func() {
		calls.Add(1)
		panic("boom")
	}
	do := func() {
		defer func() {
			if recover() != nil {
				panics.Add(1)
			}
		}()
		o.Do(boom)
		if calls.Load() == 0 {
			t.Errorf("Do returned, and f had not been called")
		}
	}
	kit.Together(do, do)
	if n := calls.Load(); n != 1 {
		t.Errorf("f panicked, and was called %d times by two Do: a call that panics is the one call", n)
	}
	if n := panics.Load(); n != 1 {
		t.Errorf("f panicked once, and %d of two Do panicked: the panic belongs to the caller that ran f, and to nobody else", n)
	}
}

// TestGoexit has f end its goroutine.
func TestGoexit(t *testing.T) {
	var o myonce.Once
	var calls atomic.Int64
	do := func() {
		o.Do(func() {
			calls.Add(1)
			runtime.Goexit()
		})
	}
	kit.Together(do, do)
	if n := calls.Load(); n != 1 {
		t.Errorf("f ended its goroutine with runtime.Goexit, and was called %d times by two Do, want once", n)
	}
}

// TestStressCallers has goroutines meet at many Onces.
func TestStressCallers(t *testing.T) {
	onces := make([]myonce.Once, 4000)
	calls := make([]atomic.Int64, len(onces))
	var early atomic.Int64
	kit.Lockstep(4, len(onces), func(_, round int) {
		onces[round].Do(func() { calls[round].Add(1) })
		if calls[round].Load() == 0 {
			early.Add(1)
		}
	})
	if n := early.Load(); n > 0 {
		t.Errorf("%d of %d Do returned before the call of f had ended", n, 4*len(onces))
	}
	for i := range calls {
		if n := calls[i].Load(); n != 1 {
			t.Fatalf("after four Do in step f had been called %d times, want once", n)
		}
	}
}
