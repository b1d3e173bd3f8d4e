// Package snapshot shares a configuration that changes while it is read.
package snapshot

import "sync/atomic"

// Config is where a service is found.
type Config struct {
	Host string
	Port int
}

// Store holds the Config in force. Any number of goroutines may use it at the same time.
// The zero Store is ready to use and holds the zero Config.
type Store struct {
	// One word says which Config is in force, so one atomic step replaces all of its fields. What
	// the pointer points to is never written again once it is here.
	config atomic.Pointer[Config]
}

// Load returns the Config in force, never nil. It never waits, not even for an Update at work.
// Whoever gets the Config does not change it, and no Update changes it either.
func (s *Store) Load() *Config {
	if c := s.config.Load(); c != nil {
		return c
	}
	return new(Config)
}

// Update puts f(c) in force, where c is the Config in force until then. No other Update comes
// between. f may be called more than once, if others were faster; it does not call Update.
func (s *Store) Update(f func(Config) Config) {
	for {
		old := s.config.Load()
		var c Config
		if old != nil {
			c = *old // a copy: readers may hold old
		}
		next := f(c)
		// next was made from old, so it may replace old and nothing else. If another Update came
		// first, f has to see what that one did: start again, and call f again.
		if s.config.CompareAndSwap(old, &next) {
			return
		}
		// The garbage collector makes comparing pointers safe: as long as we hold old, its address
		// cannot be given to another Config.
	}
}
