package afterfuncrace

import (
	"context"
	"sync"
)

type Session struct {
	stop func() bool
	mu   sync.Mutex
	why  string
}

func Watch(ctx context.Context) *Session {
	s := new(Session)
	s.stop = context.AfterFunc(ctx, func() { s.end("cancelled") })
	return s
}

func (s *Session) end(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why == "" {
		s.why = why
	}
}

func (s *Session) Close() {
	s.stop()
	s.end("closed")
}

func (s *Session) Why() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.why
}
