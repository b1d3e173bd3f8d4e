package snapshot_test

import (
	"strconv"
	"testing"

	"workbook/solutions/atomicity/snapshot"
	"workbook/solutions/kit"
)

// numbered returns the Config whose host and port both say n.
func numbered(n int) snapshot.Config { return snapshot.Config{Host: "h" + strconv.Itoa(n), Port: n} }

// set returns a function for Update that puts numbered(n) in force.
func set(n int) func(snapshot.Config) snapshot.Config {
	return func(snapshot.Config) snapshot.Config { return numbered(n) }
}

// next is a function for Update that goes from numbered(n) to numbered(n+1).
func next(c snapshot.Config) snapshot.Config { return numbered(c.Port + 1) }

func TestNew(t *testing.T) {
	var s snapshot.Store
	c := s.Load()
	if c == nil {
		t.Fatalf("Load of a new Store returned nil, want a pointer to the zero Config")
	}
	if *c != (snapshot.Config{}) {
		t.Errorf("Load of a new Store returned %+v, want the zero Config", *c)
	}
	var seen snapshot.Config
	s.Update(func(c snapshot.Config) snapshot.Config {
		seen = c
		return numbered(1)
	})
	if seen != (snapshot.Config{}) {
		t.Errorf("the first Update called its function with %+v, want the zero Config", seen)
	}
}

func TestOneGoroutine(t *testing.T) {
	var s snapshot.Store
	s.Update(set(1))
	before := s.Load()
	if *before != numbered(1) {
		t.Fatalf("after an Update to %+v Load returned %+v", numbered(1), *before)
	}
	s.Update(next)
	if got := *s.Load(); got != numbered(2) {
		t.Errorf("an Update from %+v to %+v, but Load returned %+v", numbered(1), numbered(2), got)
	}
	if *before != numbered(1) {
		t.Errorf("Load returned a Config, and a later Update changed that same Config to %+v", *before)
	}
}

func TestLoadDuringUpdate(t *testing.T) {
	var s snapshot.Store
	s.Update(set(1))
	var got snapshot.Config
	kit.Together(
		func() { s.Update(set(2)) },
		func() { got = *s.Load() },
	)
	checkPair(t, got)
	if got != numbered(1) && got != numbered(2) {
		t.Errorf("during an Update from %+v to %+v Load returned %+v", numbered(1), numbered(2), got)
	}
}

// TestNewTogether has goroutines meet at a Store that nobody has used before.
func TestNewTogether(t *testing.T) {
	var s snapshot.Store
	var got *snapshot.Config
	kit.Together(
		func() { s.Update(set(1)) },
		func() { got = s.Load() },
	)
	after := s.Load()
	if got == nil || after == nil {
		t.Errorf("Load of a new Store returned nil, want a pointer to the zero Config")
		return
	}
	if *got != (snapshot.Config{}) && *got != numbered(1) {
		t.Errorf("during the first Update, to %+v, Load returned %+v", numbered(1), *got)
	}
	if *after != numbered(1) {
		t.Errorf("the first Update put %+v in force and returned, but after the Load beside it had returned too, %+v was in force: only Update may put something in force", numbered(1), *after)
	}
}

// TestFirstUpdates has two goroutines make the first Update.
func TestFirstUpdates(t *testing.T) {
	var s snapshot.Store
	once := func() { s.Update(next) }
	kit.Together(once, once)
	checkUpdates(t, 2, *s.Load())
}

// checkPair wants a host and a port that one Update made together.
func checkPair(t *testing.T, c snapshot.Config) {
	if c != numbered(c.Port) {
		t.Errorf("Load returned host %q with port %d: no Update made that pair", c.Host, c.Port)
	}
}

func TestUpdatesTogether(t *testing.T) {
	var s snapshot.Store
	s.Update(set(0))
	twice := func() {
		s.Update(next)
		s.Update(next)
	}
	kit.Together(twice, twice)
	checkUpdates(t, 4, *s.Load())
}

// checkUpdates wants n times next to have happened since numbered(0).
func checkUpdates(t *testing.T, n int, got snapshot.Config) {
	checkPair(t, got)
	switch {
	case got.Port < n:
		t.Errorf("%d Updates, %d visible: one put its Config over what another had just done", n, got.Port)
	case got.Port > n:
		t.Errorf("%d Updates, %d visible: one was done twice", n, got.Port)
	}
}

func TestReaderSeesOrder(t *testing.T) {
	var s snapshot.Store
	s.Update(set(0))
	var first, second snapshot.Config
	kit.Together(
		func() { s.Update(next) },
		func() { s.Update(next) },
		func() {
			first = *s.Load()
			second = *s.Load()
		},
	)
	checkPair(t, first)
	checkPair(t, second)
	if second.Port < first.Port {
		t.Errorf("Load returned port %d and then port %d though every Update raises it", first.Port, second.Port)
	}
	checkUpdates(t, 2, *s.Load())
}

// TestLoadWhileUpdating has an Update that can go on only when Load, in another goroutine, has returned.
func TestLoadWhileUpdating(t *testing.T) {
	var s snapshot.Store
	s.Update(set(1))
	updating, loaded := make(chan bool), make(chan snapshot.Config, 1)
	var got snapshot.Config
	kit.Together(
		func() {
			calls := 0
			s.Update(func(c snapshot.Config) snapshot.Config {
				if calls++; calls == 1 {
					close(updating)
					got = <-loaded
				}
				return next(c)
			})
		},
		func() {
			<-updating
			loaded <- *s.Load()
		},
	)
	if got != numbered(1) {
		t.Errorf("while an Update from %+v was at work Load returned %+v", numbered(1), got)
	}
	if got := *s.Load(); got != numbered(2) {
		t.Errorf("an Update from %+v to %+v, but Load returned %+v", numbered(1), numbered(2), got)
	}
}

func TestStressPair(t *testing.T) {
	var s snapshot.Store
	s.Update(set(0))
	configs := []snapshot.Config{numbered(0), numbered(1)}
	var torn [2]snapshot.Config
	kit.Each(4, func(i int) {
		for n := range 20000 {
			if i%2 == 0 {
				s.Update(func(snapshot.Config) snapshot.Config { return configs[n%2] })
			} else if c := *s.Load(); c != configs[0] && c != configs[1] {
				torn[i/2] = c
			}
		}
	})
	for _, c := range torn {
		if c != (snapshot.Config{}) {
			checkPair(t, c)
			return
		}
	}
}

func TestStressPairInStep(t *testing.T) {
	var s snapshot.Store
	s.Update(set(0))
	configs := []snapshot.Config{numbered(0), numbered(1)}
	var torn snapshot.Config
	kit.Lockstep(2, 10000, func(i, round int) {
		if i == 0 {
			s.Update(func(snapshot.Config) snapshot.Config { return configs[round%2] })
		} else if c := *s.Load(); c != configs[0] && c != configs[1] {
			torn = c
		}
	})
	if torn != (snapshot.Config{}) {
		checkPair(t, torn)
	}
}

func TestStressUpdates(t *testing.T) {
	var s snapshot.Store
	s.Update(set(0))
	kit.Each(8, func(int) {
		for range 1000 {
			s.Update(next)
		}
	})
	checkUpdates(t, 8000, *s.Load())
}

func TestStressUpdatesInStep(t *testing.T) {
	var s snapshot.Store
	s.Update(set(0))
	kit.Lockstep(2, 5000, func(int, int) { s.Update(next) })
	checkUpdates(t, 10000, *s.Load())
}
