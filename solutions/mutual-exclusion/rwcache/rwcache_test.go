package rwcache_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/mutual-exclusion/rwcache"
)

var errDown = errors.New("server down")

// cache is the Cache of the tests.
type cache = rwcache.Cache[string, int]

// source is where the value of one key comes from.
type source struct {
	t     *testing.T
	calls atomic.Int64
	under kit.Gauge
	err   error // what the first load returns
}

// load returns 7, or the error the first time.
func (s *source) load() (int, error) {
	s.under.Enter()
	defer s.under.Leave()
	if s.calls.Add(1) == 1 && s.err != nil {
		return 9, s.err
	}
	return 7, nil
}

// check wants so many loads, one after another.
func (s *source) check(want int64) {
	s.t.Helper()
	if most := s.under.Most(); most > 1 {
		s.t.Errorf("%d loads of one key were under way at the same time: who comes during a load waits for it", most)
	}
	if n := s.calls.Load(); n != want {
		s.t.Errorf("load was called %d times for one key, want %d: again after an error, and never when there is a value", n, want)
	}
}

// wantGet wants Get to return a value, or none.
func wantGet(t *testing.T, c *cache, when, k string, want int, ok bool) {
	t.Helper()
	if got, has := c.Get(k); got != want || has != ok {
		t.Errorf("%s Get(%q) returned (%d, %t), want (%d, %t)", when, k, got, has, want, ok)
	}
}

// wantLoad wants GetOrLoad to return a value.
func wantLoad(t *testing.T, what string, want, got int, err error) {
	t.Helper()
	if got != want || err != nil {
		t.Errorf("%s returned (%d, %v), want (%d, <nil>)", what, got, err, want)
	}
}

func TestOneGoroutine(t *testing.T) {
	var c, other cache
	wantGet(t, &c, "of an empty Cache", "a", 0, false)
	c.Put("a", 1)
	wantGet(t, &c, `after Put("a", 1)`, "a", 1, true)
	wantGet(t, &c, `after Put("a", 1)`, "b", 0, false)
	c.Put("a", 0)
	wantGet(t, &c, `after Put("a", 0)`, "a", 0, true)
	wantGet(t, &other, "another Cache was filled, and of an empty one", "a", 0, false)
	none := source{t: t}
	got, err := c.GetOrLoad("a", none.load)
	wantLoad(t, `after Put("a", 0) GetOrLoad("a", …)`, 0, got, err)
	none.check(0)
}

func TestLoad(t *testing.T) {
	var c cache
	s := source{t: t}
	for range 2 {
		got, err := c.GetOrLoad("a", s.load)
		wantLoad(t, "load returned (7, <nil>), and GetOrLoad", 7, got, err)
		wantGet(t, &c, "after a GetOrLoad", "a", 7, true)
	}
	s.check(1)
	zero := 0
	for range 2 {
		got, err := c.GetOrLoad("b", func() (int, error) { zero++; return 0, nil })
		wantLoad(t, "load returned (0, <nil>), and GetOrLoad", 0, got, err)
	}
	if zero != 1 {
		t.Errorf("load returned 0 and no error, and the next GetOrLoad called load again: 0 is a value like any other")
	}
}

func TestError(t *testing.T) {
	var c cache
	s := source{t: t, err: errDown}
	if _, err := c.GetOrLoad("a", s.load); err != errDown {
		t.Errorf("load returned the error %q, and GetOrLoad the error %v", errDown, err)
	}
	wantGet(t, &c, "load returned an error, and after that", "a", 0, false)
	got, err := c.GetOrLoad("a", s.load)
	if err == errDown {
		t.Fatalf("load returned an error once, and the next GetOrLoad returned it again without a new load: an error is not to be kept")
	}
	wantLoad(t, "load returned an error, then (7, <nil>), and the second GetOrLoad", 7, got, err)
	s.check(2)
}

func TestPutTogether(t *testing.T) {
	var c cache
	var seen int
	kit.Together(
		func() { c.Put("a", 1) },
		func() { c.Put("b", 2) },
		func() { seen, _ = c.Get("a") },
	)
	if seen != 0 && seen != 1 {
		t.Errorf(`during Put("a", 1) Get("a") returned %d`, seen)
	}
	wantGet(t, &c, `after Put("a", 1) and Put("b", 2) at once`, "a", 1, true)
	wantGet(t, &c, `after Put("a", 1) and Put("b", 2) at once`, "b", 2, true)
}

func TestSharedLoad(t *testing.T) {
	var c cache
	s := source{t: t}
	kit.Each(2, func(int) {
		got, err := c.GetOrLoad("a", s.load)
		wantLoad(t, "load returned (7, <nil>), and one of two GetOrLoad at once", 7, got, err)
		wantGet(t, &c, "one of two GetOrLoad at once returned 7, and right after it", "a", 7, true)
	})
	s.check(1)
}

// TestErrorTogether has a load fail while two others may wait for it, and may get its error.
func TestErrorTogether(t *testing.T) {
	var c cache
	s := source{t: t, err: errDown}
	kit.Each(3, func(int) {
		if got, err := c.GetOrLoad("a", s.load); err != errDown {
			wantLoad(t, "load returned an error once, then (7, <nil>), and one of three GetOrLoad at once", 7, got, err)
		}
	})
	got, err := c.GetOrLoad("a", s.load)
	wantLoad(t, "load returned an error once, then (7, <nil>), and a later GetOrLoad", 7, got, err)
	s.check(2)
}

// TestErrorIsOver has two goroutines call again after an error: the load that returned it is over.
func TestErrorIsOver(t *testing.T) {
	var c cache
	s := source{t: t, err: errDown}
	kit.Each(2, func(int) {
		if _, err := c.GetOrLoad("a", s.load); err == nil {
			return
		}
		got, err := c.GetOrLoad("a", s.load)
		wantLoad(t, "load returned an error once, then (7, <nil>), and a GetOrLoad that began after another had returned the error", 7, got, err)
	})
	s.check(2)
}

func TestTwoKeys(t *testing.T) {
	var c cache
	both := kit.NewOverlap(2, "loads of the keys a and b")
	kit.Each(2, func(i int) {
		got, err := c.GetOrLoad([]string{"a", "b"}[i], func() (int, error) {
			both.Inside()
			return i, nil
		})
		wantLoad(t, fmt.Sprintf("load returned (%d, <nil>), and GetOrLoad", i), i, got, err)
	})
}

// TestOtherKeyEnds has the load of one key end while a GetOrLoad waits for the load of another.
func TestOtherKeyEnds(t *testing.T) {
	var c cache
	s := source{t: t}
	meet := kit.NewOverlap(2, "calls (a load of key a, and a GetOrLoad of key b meanwhile)")
	load := func() (int, error) { meet.Inside(); return s.load() }
	kit.Together(
		func() { c.GetOrLoad("a", load) },
		func() {
			got, err := c.GetOrLoad("a", load)
			wantLoad(t, "load returned (7, <nil>), and one of two GetOrLoad at once", 7, got, err)
		},
		func() {
			c.GetOrLoad("b", func() (int, error) { return 1, nil })
			meet.Inside()
		},
	)
	s.check(1)
}

// TestMeanwhile uses the cache while a load is under way that ends later.
func TestMeanwhile(t *testing.T) {
	var c cache
	c.Put("b", 2)
	meet := kit.NewOverlap(2, "calls (a load of key a, and a Get or Put meanwhile)")
	kit.Together(
		func() { c.GetOrLoad("a", func() (int, error) { meet.Inside(); return 1, nil }) },
		func() {
			wantGet(t, &c, `Put("b", 2), and during a load of "a"`, "b", 2, true)
			wantGet(t, &c, `during a load of "a"`, "a", 0, false)
			c.Put("c", 3)
			meet.Inside()
		},
	)
	wantGet(t, &c, `Put("c", 3) during a load of "a", and afterwards`, "c", 3, true)
}

// TestPutDuringLoad puts in a value of the key that is being loaded.
func TestPutDuringLoad(t *testing.T) {
	var c cache
	began := make(chan bool)
	meet := kit.NewOverlap(2, "calls (a load of key a, and a Put of it meanwhile)")
	kit.Together(
		func() {
			got, err := c.GetOrLoad("a", func() (int, error) {
				close(began)
				meet.Inside()
				return 1, nil
			})
			if err != nil || got < 1 || got > 3 {
				t.Errorf(`during a load of "a", which returned (1, <nil>), there were a Put("a", 3) and a Put("a", 2), and GetOrLoad returned (%d, %v): want 1, 3 or 2`, got, err)
			}
		},
		func() {
			<-began
			c.Put("a", 3)
			c.Put("a", 2)
			wantGet(t, &c, `after Put("a", 2), during a load that had begun before,`, "a", 2, true)
			meet.Inside()
		},
	)
	if got, _ := c.Get("a"); got != 2 {
		t.Errorf(`during a load of "a", which returned 1, there was a Put("a", 2) in the end, and afterwards Get("a") returns %d: what was put in is newer than what was loaded, and must stay`, got)
	}
}

// TestLookAfterPut wants a key that is being loaded, and was put in meanwhile.
func TestLookAfterPut(t *testing.T) {
	var c cache
	began, put := make(chan bool), make(chan bool)
	meet := kit.NewOverlap(2, "calls (a load of key a, and a Put of it meanwhile)")
	late := source{t: t}
	kit.Together(
		func() { c.GetOrLoad("a", func() (int, error) { close(began); meet.Inside(); return 1, nil }) },
		func() {
			<-began
			c.Put("a", 2)
			close(put)
			meet.Inside()
		},
		func() {
			<-put
			got, err := c.GetOrLoad("a", late.load)
			wantLoad(t, `during a load of "a" there was a Put("a", 2), and a GetOrLoad after it`, 2, got, err)
		},
	)
	late.check(0)
}

// TestAnyOrder looks for an order of the calls, as if they had come one after another, that explains every result.
func TestAnyOrder(t *testing.T) {
	var c cache
	var h kit.History[call, any]
	get := func() {
		h.Do(call{"Get", 0}, func() any {
			if v, ok := c.Get("a"); ok {
				return v
			}
			return "nothing"
		})
	}
	load := func(n int) {
		h.Do(call{"GetOrLoad", n}, func() any {
			v, _ := c.GetOrLoad("a", func() (int, error) { return n, nil })
			return v
		})
	}
	kit.Together(
		func() { load(7); get() },
		func() { h.Do(call{"Put", 1}, func() any { c.Put("a", 1); return nil }); get() },
		func() { load(8) },
	)
	if !kit.Linearizable(h.Ops(), 0, step) {
		t.Errorf("a Cache was empty, and no order of these calls for one key explains their results, in brackets when each began and returned: %s", &h)
	}
}

// call is what a history holds of a call: a number is what is put in, or what load returns.
type call struct {
	name string
	n    int
}

func (c call) String() string {
	if c.n == 0 {
		return c.name
	}
	return fmt.Sprintf("%s(%d)", c.name, c.n)
}

// step is what a Cache does to one key when its calls come one after another; 0 is no value.
func step(has int, c call, result any) (int, bool) {
	switch {
	case c.name == "Put":
		return c.n, true
	case c.name == "Get" && has == 0:
		return has, result == "nothing"
	case c.name == "Get" || has != 0:
		return has, result == has
	default:
		return c.n, result == c.n
	}
}

// TestStressKeys has many goroutines want the same keys.
func TestStressKeys(t *testing.T) {
	const keys = 1000
	var c rwcache.Cache[int, int]
	var calls [keys]atomic.Int64
	var odd atomic.Int64
	kit.Lockstep(4, keys, func(g, k int) {
		v, err := c.GetOrLoad(k, func() (int, error) {
			calls[k].Add(1)
			return 2 * k, nil
		})
		if w, ok := c.Get(k); err != nil || !ok || v != 2*k || w != 2*k {
			odd.Add(1)
		}
		if g == 0 {
			c.Put(-1-k, k)
		}
	})
	if n := odd.Load(); n > 0 {
		t.Errorf("%d of %d calls of GetOrLoad, or of the Get that followed, returned something else than what load had returned", n, 4*keys)
	}
	for k := range calls {
		if n := calls[k].Load(); n != 1 {
			t.Fatalf("4 goroutines wanted the same key at once, and load was called %d times for one key, want 1", n)
		}
	}
}
