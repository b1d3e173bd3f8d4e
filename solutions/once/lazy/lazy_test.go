package lazy_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/once/lazy"
)

var errDown = errors.New("server down")

// source is where a value is loaded from.
type source struct {
	t     *testing.T
	calls atomic.Int64
	under kit.Gauge // how many loads are under way
	boom  bool      // the first load panics
	err   error     // what the first load returns
}

func (s *source) load() (int, error) {
	s.under.Enter()
	defer s.under.Leave()
	if s.calls.Add(1) > 1 {
		return 42, nil
	}
	if s.boom {
		panic("boom")
	}
	if s.err != nil {
		return 0, s.err
	}
	return 42, nil
}

// lazy returns a new Lazy, and wants it to have loaded nothing.
func (s *source) lazy() *lazy.Lazy[int] {
	s.t.Helper()
	l := lazy.NewLazy(s.load)
	if s.calls.Load() > 0 {
		s.t.Fatalf("NewLazy called load: nobody has needed the value yet")
	}
	return l
}

// success wants a Get to return the value.
func (s *source) success(what string, n int, err error) {
	s.t.Helper()
	if n != 42 || err != nil {
		s.t.Errorf("load returned (42, nil), and %s (%d, %v)", what, n, err)
	}
}

// check wants loads to have happened one after another, and as many as want.
func (s *source) check(want int64) {
	s.t.Helper()
	if most := s.under.Most(); most > 1 {
		s.t.Errorf("%d loads were under way at the same time: who comes during a load must wait for it", most)
	}
	if n := s.calls.Load(); n != want {
		s.t.Errorf("load was called %d times, want %d: again after an error or a panic, and never after a success", n, want)
	}
}

func TestOneGoroutine(t *testing.T) {
	s := source{t: t}
	l := s.lazy()
	n, err := l.Get()
	s.success("the first Get", n, err)
	n, err = l.Get()
	s.success("the second Get", n, err)
	s.check(1)
}

func TestError(t *testing.T) {
	s := source{t: t, err: errDown}
	l := s.lazy()
	if _, err := l.Get(); err != errDown {
		t.Errorf("load returned the error %q, and Get %v", errDown, err)
	}
	n, err := l.Get()
	if err == errDown {
		t.Fatalf("Get failed again, although load would have succeeded the second time: the first error is returned for ever")
	}
	s.success("the second Get", n, err)
	n, err = l.Get()
	s.success("the third Get", n, err)
	s.check(2)
}

func TestPanic(t *testing.T) {
	s := source{t: t}
	l := s.lazy()
	s.boom = true
	if r := panicOf(l); r == nil {
		t.Errorf("load panicked, and Get did not")
	}
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("load panicked the first time, and a later Get panicked again instead of loading: the panic poisoned the Lazy")
		}
	}()
	n, err := l.Get()
	s.success("a Get after a load that panicked", n, err)
	s.check(2)
}

// panicOf returns what Get panics with.
func panicOf(l *lazy.Lazy[int]) (r any) {
	defer func() { r = recover() }()
	l.Get()
	return nil
}

func TestSharedLoad(t *testing.T) {
	s := source{t: t}
	l := s.lazy()
	get := func() {
		n, err := l.Get()
		s.success("one of two Get at once", n, err)
	}
	kit.Together(get, get)
	s.check(1)
}

// TestErrorTogether has a load fail while another Get may wait for it, and may get its error.
func TestErrorTogether(t *testing.T) {
	s := source{t: t, err: errDown}
	l := s.lazy()
	get := func() {
		if n, err := l.Get(); err != errDown {
			s.success("one of two Get at once", n, err)
		}
	}
	kit.Together(get, get)
	n, err := l.Get()
	s.success("a Get after a load that failed", n, err)
	s.check(2)
}

// TestPanicTogether has a load panic while another Get may wait for it.
func TestPanicTogether(t *testing.T) {
	s := source{t: t}
	l := s.lazy()
	s.boom = true
	var panics atomic.Int64
	get := func() {
		defer func() {
			if recover() != nil {
				panics.Add(1)
			}
		}()
		n, err := l.Get()
		s.success("a Get that had to wait for a load that panicked", n, err)
	}
	kit.Together(get, get)
	if n := panics.Load(); n != 1 {
		t.Errorf("load panicked once, and %d of two Get panicked: the panic belongs to the Get that called load", n)
	}
	s.check(2)
}

// TestStressSharedLoad has many goroutines meet at many values.
func TestStressSharedLoad(t *testing.T) {
	const rounds = 1000
	var calls atomic.Int64
	lazies := make([]*lazy.Lazy[string], rounds)
	for i := range lazies {
		lazies[i] = lazy.NewLazy(func() (string, error) {
			calls.Add(1)
			return "loaded", nil
		})
	}
	var other atomic.Int64
	kit.Lockstep(4, rounds, func(_, round int) {
		if v, err := lazies[round].Get(); v != "loaded" || err != nil {
			other.Add(1)
		}
	})
	if n := other.Load(); n > 0 {
		t.Errorf("%d of %d Get returned something else than what load did", n, 4*rounds)
	}
	if n := calls.Load(); n != rounds {
		t.Errorf("%d values were loaded %d times, want once each", rounds, n)
	}
}
