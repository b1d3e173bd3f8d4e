package afterfuncrace

import "context"

type Session struct {
	stop func() bool
	why  string
}

func Watch(ctx context.Context) *Session {
	s := new(Session)
	s.stop = context.AfterFunc(ctx, func() { s.why = "cancelled" })
	return s
}

func (s *Session) Close() {
	s.stop()
	if s.why == "" {
		s.why = "closed"
	}
}

func (s *Session) Why() string { return s.why }
