package closeselect

import "sync"

type Server struct {
	once sync.Once
	quit chan struct{}
}

func (s *Server) Stop() {
	s.once.Do(func() { close(s.quit) })
}
